import type { Answer, Command, CommandBody } from '@core/contracts/command';
import type { AccountId, Instant, Uuid } from '@core/contracts/primitives';
import { BUILD } from '@core/service/build';
import { newId, now } from '@core/service/clock';
import { askSpan, askSpanId, type CommandCause } from '@core/service/story-spans';
import { traceparentOf } from '@core/service/trace-context';
import { noTracing, type Tracing } from '@core/service/tracing';

/**
 * Nobody answered in time: whether the command was carried out is unknown.
 * Sending the same `commandid` again is safe and gets the first answer.
 */
export class LedgerUnavailable extends Error {
  readonly code = 'ledger-unavailable';

  readonly commandId: Uuid;

  constructor({ type, commandid }: Command) {
    super(`no answer from the ledger to ${type} ${commandid}`);
    this.commandId = commandid;
  }
}

/** Takes a command to the ledger, whatever lies between. */
export interface CommandTransport {
  /** The ledger's answer, or `LedgerUnavailable` after `timeoutMs`. */
  send(command: Command, timeoutMs: number, context?: TraceContext): Promise<Answer>;
}

/** What goes with a command that is not its own. */
export interface TraceContext {
  readonly traceparent: string;
}

export interface Asking {
  /** The same id again is the same command and gets its first answer; without one it is a new command. */
  readonly id?: Uuid;
  /** What the command goes back to, so that the whole story can be found again; without one it begins a story. */
  readonly correlation?: Uuid;
  /** When it was wanted, where that is not now. */
  readonly at?: Instant;
  /** The event that led to it, for traces. */
  readonly cause?: Uuid;
  readonly timeoutMs: number;
}

/** How edges, connectors and operators ask the ledger: who asks and when is said here. */
export class CommandClient {
  private readonly source: string;

  /** `service` is the name of the process that asks. */
  constructor(
    private readonly transport: CommandTransport,
    service: string,
    private readonly tracing: Tracing = noTracing,
  ) {
    this.source = `${service}@${BUILD}`;
  }

  /** The ledger's answer, which may be a refusal; `LedgerUnavailable` when none came in time. */
  ask(account: AccountId, body: CommandBody, { id, correlation, at, cause, timeoutMs }: Asking): Promise<Answer> {
    const command: Command = {
      commandid: id ?? newId(),
      source: this.source,
      subject: account,
      time: at ?? now(),
      correlationid: correlation ?? newId(),
      ...body,
    };
    if (!this.tracing.isOn) return this.transport.send(command, timeoutMs);
    return this.traced(command, { event: cause, correlation }, timeoutMs);
  }

  private async traced(command: Command, cause: CommandCause, timeoutMs: number): Promise<Answer> {
    const beganMs = Date.now();
    const traceparent = traceparentOf(command.correlationid, askSpanId(command));
    let answer: Answer | null = null;
    try {
      return (answer = await this.transport.send(command, timeoutMs, { traceparent }));
    } finally {
      this.tracing.record(askSpan(command, cause, answer, { beganMs, endedMs: Date.now() }));
    }
  }
}
