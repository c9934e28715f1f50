import { HoursRequest, type HoursAnswer, type TradingHours } from '@core/contracts/market/hours';
import type { Instrument } from '@core/contracts/primitives';
import type { Clock } from '../pacing/clock.ts';
import { failed, failureOf, type BrokerQuestions } from './broker-questions.ts';

export interface TradingHoursServiceParts {
  readonly questions: Pick<BrokerQuestions, 'ask'>;
  readonly clock: Pick<Clock, 'now'>;
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
export class TradingHoursService {
  private readonly known = new Map<Instrument, Known>();
  private readonly reading = new Map<Instrument, Promise<void>>();

  constructor(private readonly parts: TradingHoursServiceParts) {}

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

  /** As far as they were read and told. */
  hours(instrument: Instrument): TradingHours | null {
    return this.known.get(instrument)?.hours ?? null;
  }

  /** Reads what is not known or too old; rejects like the broker's questions do. */
  async refresh(instruments: readonly Instrument[]): Promise<void> {
    const stale = [...new Set(instruments)].filter((instrument) => !this.isFresh(instrument));
    const unasked = stale.filter((instrument) => !this.reading.has(instrument));
    if (unasked.length > 0) {
      const reading = this.read(unasked).finally(() => unasked.forEach((each) => this.reading.delete(each)));
      for (const instrument of unasked) this.reading.set(instrument, reading);
    }
    await Promise.all(stale.flatMap((instrument) => this.reading.get(instrument) ?? []));
  }

  private isFresh(instrument: Instrument): boolean {
    const known = this.known.get(instrument);
    return known !== undefined && this.parts.clock.now() - known.readMs < this.parts.maxAgeMs;
  }

  private async read(instruments: readonly Instrument[]): Promise<void> {
    const { questions, clock, onUnreadable } = this.parts;
    for (let left = instruments; left.length > 0;) {
      const { values, asked, unreadable } = await questions.ask((session) => session.hours(left));
      if (unreadable > 0) onUnreadable();
      const told = new Map(values.map((hours) => [hours.instrument, hours]));
      const readMs = clock.now();
      for (const instrument of left.slice(0, asked))
        this.known.set(instrument, { hours: told.get(instrument) ?? null, readMs });
      left = left.slice(Math.max(1, asked));
    }
  }
}
