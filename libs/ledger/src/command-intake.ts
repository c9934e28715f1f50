import type { Answer, Command } from '@core/contracts/command';
import type { Aggregates } from './aggregates.ts';
import type { CommandDeduplicator } from './command-deduplicator.ts';
import type { HandedInMessages } from './handed-in.ts';
import type { ImportedPast } from './imported-past.ts';
import type { Instruments } from './instruments.ts';
import type { WriteQueue } from './write-queue.ts';

/** More commands are under way than may be: the sender gets no answer and asks again. */
export class LedgerBusy extends Error {
  readonly code = 'ledger-busy';

  constructor() {
    super('too many commands are under way');
  }
}

/** The door for commands: lets in as many as may be under way, makes ready what deciding on them needs, and queues them. */
export class CommandIntake {
  private underway = 0;

  constructor(
    private readonly queue: WriteQueue,
    private readonly aggregates: Aggregates,
    private readonly first: CommandDeduplicator,
    private readonly instruments: Instruments,
    private readonly handedIn: HandedInMessages,
    private readonly past: ImportedPast,
    private readonly waitingCommandsMax: number,
  ) {}

  /** Resolves after the commit. The same command again gets its first answer that is final, and nothing else happens. */
  submit(command: Command): Promise<Answer> {
    return this.first.once(command, () => this.admit(command));
  }

  private async admit(command: Command): Promise<Answer> {
    if (this.underway >= this.waitingCommandsMax) throw new LedgerBusy();
    this.underway += 1;
    try {
      return (await this.first.stored(command)) ?? (await this.prepare(command));
    } finally {
      this.underway -= 1;
    }
  }

  /** The account stays in memory until its command is decided and answered. */
  private async prepare(command: Command): Promise<Answer> {
    const { state } = await this.aggregates.hold(command.subject);
    try {
      const venue = state.account.registration?.venue;
      if (venue !== undefined) await this.instruments.prepare(venue);
      await this.handedIn.prepare(command);
      await this.past.prepare(command);
      if (command.type === 'ImportEvents') this.first.answeredElsewhere(command.data.answers);
      return await new Promise<Answer>((answered) => this.queue.addCommand({ command, answered }));
    } finally {
      this.handedIn.forget(command.commandid);
      this.past.forget(command.commandid);
      this.aggregates.release(command.subject);
    }
  }
}
