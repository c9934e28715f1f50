import { Answer, type Command } from '@core/contracts/command';
import { commandSubjects } from '@core/contracts/subjects';
import { ErrorCode, headers, NatsError, type MsgHdrs, type NatsConnection } from 'nats';
import { setTimeout as pause } from 'node:timers/promises';
import { TRACEPARENT } from '@core/service/trace-context';
import { LedgerUnavailable, type CommandTransport, type TraceContext } from './command-client.ts';
import { parseJson } from './plain-json.ts';

/** Longest wait for one attempt: a ledger that took a command and died gets it again from the next one. */
const ATTEMPT_MS = 2_000;
/** NATS calls a shorter wait a mistake of its caller's, which is no word on what became of the command. */
const ATTEMPT_LEAST_MS = 1;
/** Between attempts while no ledger listens. */
const PAUSE_MS = 100;

/** Commands by request and reply on NATS. */
export class NatsCommandTransport implements CommandTransport {
  constructor(private readonly connection: NatsConnection) {}

  /** Repeats the command until it is answered or its time is up, which is harmless. */
  async send(command: Command, timeoutMs: number, context?: TraceContext): Promise<Answer> {
    const body = Buffer.from(JSON.stringify(command));
    const sent = context && { headers: headersOf(context) };
    const subject = commandSubjects[command.type];
    const deadline = performance.now() + timeoutMs;
    for (let left = timeoutMs; left >= ATTEMPT_LEAST_MS; left = deadline - performance.now()) {
      try {
        const reply = await this.connection.request(subject, body, { ...sent, timeout: Math.min(left, ATTEMPT_MS) });
        const answer = Answer.safeParse(parseJson(reply.data));
        if (answer.success) return answer.data;
        await pause(PAUSE_MS);
      } catch (error) {
        if (!isUnanswered(error)) throw error;
        if (error.code === ErrorCode.NoResponders) await pause(PAUSE_MS);
      }
    }
    throw new LedgerUnavailable(command);
  }
}

function headersOf({ traceparent }: TraceContext): MsgHdrs {
  const context = headers();
  context.set(TRACEPARENT, traceparent);
  return context;
}

const UNANSWERED: readonly string[] = [ErrorCode.NoResponders, ErrorCode.Timeout, ErrorCode.Disconnect];

const isUnanswered = (error: unknown): error is NatsError =>
  error instanceof NatsError && UNANSWERED.includes(error.code);
