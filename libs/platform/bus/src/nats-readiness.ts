// Readiness checks by way of NATS. A check that gets no answer at all is given up by `Health`.
import { Readiness } from '@core/contracts/readiness';
import { subjects } from '@core/contracts/subjects';
import { ErrorCode, NatsError, type NatsConnection } from 'nats';
import { parseJson } from './plain-json.ts';

/** Longer than any readiness check may take by default: whoever checks gives up first. */
const ANSWER_MS = 10_000;

/** Throws at once while the connection is known to be lost; a server that is frozen never answers. */
export async function requireNats(connection: NatsConnection): Promise<void> {
  try {
    await connection.rtt();
  } catch (error) {
    throw isCode(error, ErrorCode.Disconnect) ? new Error('disconnected') : error;
  }
}

/** Throws unless a ledger says that it can answer commands; the message names what it lacks. */
export async function requireLedger(connection: NatsConnection): Promise<void> {
  await requireNats(connection);
  try {
    const reply = await connection.request(subjects.ledgerReady, undefined, { timeout: ANSWER_MS });
    const { status, checks } = Readiness.parse(parseJson(reply.data));
    if (status === 'ok') return;
    const missing = Object.entries(checks).filter(([, check]) => check.status === 'down');
    throw new Error(missing.map(([name, { reason }]) => `${name}: ${reason ?? 'down'}`).join('; '));
  } catch (error) {
    throw isCode(error, ErrorCode.NoResponders) ? new Error('no ledger answers') : error;
  }
}

const isCode = (error: unknown, code: ErrorCode): boolean => error instanceof NatsError && error.code === code;
