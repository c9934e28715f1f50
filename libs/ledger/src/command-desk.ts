import type { Answer, Command } from '@core/contracts/command';
import type { Event, RecordedEvent } from '@core/contracts/event';
import { SYSTEM_ACCOUNT, type Instant } from '@core/contracts/primitives';
import type { DecisionContext } from '@core/domain/decision';
import type { FirstAnswer } from '@core/event-log/event-log';
import type { Aggregates } from './aggregates.ts';
import { decide, type Stamp } from './decide.ts';
import type { FirstAnswers } from './command-deduplicator.ts';
import type { Instruments } from './instruments.ts';
import type { WaitingCommand, WaitingLine } from './write-queue.ts';

/** More commands are under way than may be: the sender gets no answer and asks again. */
export class LedgerBusy extends Error {
  readonly code = 'ledger-busy';

  constructor() {
    super('too many commands are under way');
  }
}

export interface DeskLimits {
  readonly waitingCommandsMax: number;
  readonly requestMaxAgeMs: number;
}

/** What commands led to, and the answers that go with it. */
export interface Decisions {
  readonly events: readonly Event[];
  /** The same events where they will stand in the log. */
  readonly placed: readonly RecordedEvent[];
  readonly answers: readonly FirstAnswer[];
}

/** Takes commands, makes ready what deciding on them needs, and decides. */
export class CommandDesk {
  private underway = 0;

  constructor(
    private readonly line: WaitingLine,
    private readonly aggregates: Aggregates,
    private readonly first: FirstAnswers,
    private readonly instruments: Instruments,
    private readonly stamp: Omit<Stamp, 'now'>,
    private readonly limits: DeskLimits,
  ) {}

  /** Resolves after the commit. The same command again gets its first answer, and nothing else happens. */
  submit(command: Command): Promise<Answer> {
    return this.first.once(command.commandid, () => this.process(command));
  }

  /**
   * Decides commands one after the other, each knowing what those before it led to.
   * They change what is in memory before they are committed; a commit that fails therefore ends the process.
   */
  decide(waiting: readonly WaitingCommand[], head: number, recordedtime: Instant): Decisions {
    const events: Event[] = [];
    const placed: RecordedEvent[] = [];
    const answers: FirstAnswer[] = [];
    const { risk } = this.aggregates.known(SYSTEM_ACCOUNT).state;
    const context: DecisionContext = {
      now: recordedtime,
      system: risk,
      limits: this.limits,
      instrument: (venue, instrument) => this.instruments.lookUp(venue, instrument),
    };
    for (const { command } of waiting) {
      const known = this.aggregates.known(command.subject);
      const decided = decide(known.state, known.asked, command, context, { ...this.stamp, now: recordedtime });
      for (const event of decided.events) {
        const position = head + placed.length + 1;
        const recorded = { ...event, position, version: known.version + 1, recordedtime };
        this.aggregates.apply(recorded);
        placed.push(recorded);
      }
      events.push(...decided.events);
      const eventIds = decided.events.map(({ id }) => id);
      answers.push({ commandid: command.commandid, eventIds, answer: decided.answer });
    }
    return { events, placed, answers };
  }

  private async process(command: Command): Promise<Answer> {
    if (this.underway >= this.limits.waitingCommandsMax) throw new LedgerBusy();
    this.underway += 1;
    try {
      const stored = await this.first.stored(command.commandid);
      if (stored) return stored;
      const { state } = await this.aggregates.hold(command.subject);
      try {
        const venue = state.account.registration?.venue;
        if (venue !== undefined) await this.instruments.prepare(venue);
        return await new Promise<Answer>((answered) => this.line.addCommand({ command, answered }));
      } finally {
        this.aggregates.release(command.subject);
      }
    } finally {
      this.underway -= 1;
    }
  }
}
