import type { Answer, Command, CommandBody } from '@core/contracts/command';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import { BUILD } from '@core/service/build';
import { newId, now } from '@core/service/clock';

/**
 * Nobody answered in time: whether the command was carried out is unknown.
 * Sending the same `commandid` again is safe and gets the first answer.
 */
export class LedgerUnavailable extends Error {
  readonly code = 'ledger-unavailable';

  constructor(command: Command) {
    super(`no answer from the ledger to ${command.type} ${command.commandid}`);
  }
}

/** Takes a command to the ledger, whatever lies between. */
export interface CommandTransport {
  /** The ledger's answer, or `LedgerUnavailable` after `timeoutMs`. */
  send(command: Command, timeoutMs: number): Promise<Answer>;
}

export interface Asking {
  /** The same id again is the same command and gets its first answer; without one it is a new command. */
  readonly id?: Uuid;
  /** What the command goes back to, so that the whole story can be found again; without one it begins a story. */
  readonly correlation?: Uuid;
  readonly timeoutMs: number;
}

/** How edges, connectors and operators ask the ledger: who asks and when is said here. */
export class CommandClient {
  private readonly source: string;

  /** `service` is the name of the process that asks. */
  constructor(
    private readonly transport: CommandTransport,
    service: string,
  ) {
    this.source = `${service}@${BUILD}`;
  }

  /** The ledger's answer, which may be a refusal; `LedgerUnavailable` when none came in time. */
  ask(account: AccountId, body: CommandBody, { id, correlation, timeoutMs }: Asking): Promise<Answer> {
    const command: Command = {
      commandid: id ?? newId(),
      source: this.source,
      subject: account,
      time: now(),
      correlationid: correlation ?? newId(),
      ...body,
    };
    return this.transport.send(command, timeoutMs);
  }
}
