import { z } from 'zod';
import { Float, Integer, WireText, Time } from './wire-types.ts';

/** CALENDAR_RECORD, seed §5.2. */
export const CalendarRecord = z.object({
  country: WireText,
  current: WireText,
  forecast: WireText,
  impact: WireText,
  period: WireText,
  previous: WireText,
  time: Time,
  title: WireText,
});
export type CalendarRecord = z.output<typeof CalendarRecord>;

/** NEWS_TOPIC_RECORD, seed §5.10. */
export const NewsTopicRecord = z.object({
  body: WireText,
  bodylen: Integer,
  key: WireText,
  time: Time,
  timeString: WireText,
  title: WireText,
});
export type NewsTopicRecord = z.output<typeof NewsTopicRecord>;

/** STREAMING_NEWS_RECORD, seed §6.4: data of `news` frames. */
export const StreamingNewsRecord = z.object({ body: WireText, key: WireText, time: Time, title: WireText });
export type StreamingNewsRecord = z.output<typeof StreamingNewsRecord>;

/** QUOTES_RECORD and TRADING_RECORD, seed §5.19: milliseconds since server-local midnight, summer time included. */
export const HoursRecord = z.object({ day: Integer, fromT: Time, toT: Time });
export type HoursRecord = z.output<typeof HoursRecord>;

/** TRADING_HOURS_RECORD, seed §5.19. */
export const TradingHoursRecord = z.object({
  quotes: z.array(HoursRecord),
  symbol: WireText,
  trading: z.array(HoursRecord),
});
export type TradingHoursRecord = z.output<typeof TradingHoursRecord>;

/** STEP_RECORD, seed §5.13: from this volume on, volumes grow by `step`. */
const StepRecord = z.object({ fromValue: Float, step: Float });

/** STEP_RULE_RECORD, seed §5.13. */
export const StepRuleRecord = z.object({ id: Integer, name: WireText, steps: z.array(StepRecord) });
export type StepRuleRecord = z.output<typeof StepRuleRecord>;
