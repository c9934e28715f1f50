import { HoursRequest, type HoursAnswer, type TradingHours } from '@core/contracts/market/hours';
import type { Instrument } from '@core/contracts/primitives';
import { instantFromMs } from '@core/kernel/instant';
import { translateHours } from '@core/xapi/translate/hours';
import { MAX_COMMAND_BYTES } from '@core/xapi/wire/commands';
import { failed, failureOf, UnreadableMarket, type BrokerQuestions } from './broker-questions.ts';

/** What stands around the symbols in a command, and its tag. */
const ENVELOPE_BYTES = 200;

export interface HoursDeskParts {
  readonly questions: Pick<BrokerQuestions, 'ask' | 'nowMs'>;
  /** How long hours are believed. */
  readonly maxAgeMs: number;
  /** Null while nobody knows the venue's instruments. */
  isKnown(instrument: Instrument): boolean | null;
  /** An answer of the broker held records that are no trading hours. */
  onUnreadable(): void;
}

interface Known {
  /** Null: the broker tells none of it. */
  readonly hours: TradingHours | null;
  readonly readMs: number;
}

/** Answers requests for trading hours, which the broker is asked for once a day and only of what somebody wants to know. */
export class HoursDesk {
  private readonly known = new Map<Instrument, Known>();
  private readonly reading = new Map<Instrument, Promise<void>>();

  constructor(private readonly parts: HoursDeskParts) {}

  /** The answer to a body of `subjects.hours`. */
  async answer(body: unknown): Promise<HoursAnswer> {
    const asked = HoursRequest.safeParse(body);
    if (!asked.success) return failed('malformed');
    const { venue, instruments } = asked.data;
    const strange = instruments.find((instrument) => this.parts.isKnown(instrument) !== true);
    if (strange !== undefined) {
      const isUnread = this.parts.isKnown(strange) === null;
      return isUnread
        ? failed('broker-unavailable', 'the instruments are not known yet')
        : failed('unknown-instrument', strange);
    }
    try {
      await this.refresh(instruments);
    } catch (error) {
      return failureOf(error);
    }
    const hours = instruments.flatMap((instrument) => this.known.get(instrument)?.hours ?? []);
    return { ok: true, venue, hours };
  }

  private async refresh(instruments: readonly Instrument[]): Promise<void> {
    const stale = [...new Set(instruments)].filter((instrument) => !this.isFresh(instrument));
    const unasked = stale.filter((instrument) => !this.reading.has(instrument));
    for (const group of commandfuls(unasked)) {
      const reading = this.read(group).finally(() => group.forEach((each) => this.reading.delete(each)));
      for (const instrument of group) this.reading.set(instrument, reading);
    }
    await Promise.all(stale.flatMap((instrument) => this.reading.get(instrument) ?? []));
  }

  private isFresh(instrument: Instrument): boolean {
    const known = this.known.get(instrument);
    return known !== undefined && performance.now() - known.readMs < this.parts.maxAgeMs;
  }

  private async read(symbols: readonly Instrument[]): Promise<void> {
    const { questions, onUnreadable } = this.parts;
    const answer = await questions.ask('getTradingHours', { symbols: [...symbols] });
    if (!Array.isArray(answer)) throw new UnreadableMarket('trading hours are not a list');
    const readAt = instantFromMs(questions.nowMs);
    const records = answer.map((record) => translateHours(record, readAt));
    if (records.some(({ ok }) => !ok)) onUnreadable();
    const told = new Map(records.flatMap((hours) => (hours.ok ? [[hours.value.instrument, hours.value]] : [])));
    const readMs = performance.now();
    for (const symbol of symbols) this.known.set(symbol, { hours: told.get(symbol) ?? null, readMs });
  }
}

/** Groups of symbols, each of which fits into one command. */
function commandfuls(symbols: readonly Instrument[]): Instrument[][] {
  const groups: Instrument[][] = [];
  let left = 0;
  for (const symbol of symbols) {
    const bytes = Buffer.byteLength(JSON.stringify(symbol)) + 1;
    if (bytes > left) {
      groups.push([]);
      left = MAX_COMMAND_BYTES - ENVELOPE_BYTES;
    }
    left -= bytes;
    groups.at(-1)?.push(symbol);
  }
  return groups;
}
