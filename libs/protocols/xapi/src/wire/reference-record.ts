import { z } from 'zod';
import { Float, Integer, Text, Time } from './wire-types.ts';

/** CALENDAR_RECORD, seed §5.2. */
export const CalendarRecord = z.object({
  country: Text,
  current: Text,
  forecast: Text,
  impact: Text,
  period: Text,
  previous: Text,
  time: Time,
  title: Text,
});
export type CalendarRecord = z.output<typeof CalendarRecord>;

/** NEWS_TOPIC_RECORD, seed §5.10. */
export const NewsTopicRecord = z.object({
  body: Text,
  bodylen: Integer,
  key: Text,
  time: Time,
  timeString: Text,
  title: Text,
});
export type NewsTopicRecord = z.output<typeof NewsTopicRecord>;

/** STREAMING_NEWS_RECORD, seed §6.4: data of `news` frames. */
export const StreamingNewsRecord = z.object({ body: Text, key: Text, time: Time, title: Text });
export type StreamingNewsRecord = z.output<typeof StreamingNewsRecord>;

/** QUOTES_RECORD and TRADING_RECORD, seed §5.19: milliseconds since server-local midnight, summer time included. */
export const HoursRecord = z.object({ day: Integer, fromT: Time, toT: Time });
export type HoursRecord = z.output<typeof HoursRecord>;

/** TRADING_HOURS_RECORD, seed §5.19. */
export const TradingHoursRecord = z.object({
  quotes: z.array(HoursRecord),
  symbol: Text,
  trading: z.array(HoursRecord),
});
export type TradingHoursRecord = z.output<typeof TradingHoursRecord>;

/** STEP_RECORD, seed §5.13: from this volume on, volumes grow by `step`. */
const StepRecord = z.object({ fromValue: Float, step: Float });

/** STEP_RULE_RECORD, seed §5.13. */
export const StepRuleRecord = z.object({ id: Integer, name: Text, steps: z.array(StepRecord) });
export type StepRuleRecord = z.output<typeof StepRuleRecord>;
