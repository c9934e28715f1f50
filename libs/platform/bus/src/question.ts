import { ErrorCode, NatsError, type NatsConnection } from 'nats';
import { parseJson } from './plain-json.ts';

export interface BusQuestion {
  readonly subject: string;
  /** A subject of its own for the one answer. */
  readonly reply: string;
  readonly body: object;
  readonly timeoutMs: number;
}

/** What somebody answered; or that nobody listens there, or that nobody answered in time. */
export type BusReply = { readonly answer: unknown } | 'nobody' | 'late';

export async function askedOnBus(
  connection: NatsConnection,
  { subject, reply, body, timeoutMs: timeout }: BusQuestion,
): Promise<BusReply> {
  try {
    const { data } = await connection.request(subject, JSON.stringify(body), { timeout, noMux: true, reply });
    return { answer: parseJson(data) };
  } catch (error) {
    if (!(error instanceof NatsError)) throw error;
    return error.code === (ErrorCode.NoResponders as string) ? 'nobody' : 'late';
  }
}
