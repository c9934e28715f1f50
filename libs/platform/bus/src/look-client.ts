import { BrokerLook } from '@core/contracts/broker-look';
import type { AccountId } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { newId } from '@core/service/clock';
import type { NatsConnection } from 'nats';
import { askedOnBus } from './question.ts';

/** How operators have a connector look at the broker. Nobody there is an answer too: `not-connected`. */
export async function askForLook(
  connection: NatsConnection,
  account: AccountId,
  timeoutMs: number,
): Promise<BrokerLook> {
  const [subject, reply] = [subjects.brokerLook(account), subjects.brokerAnswer(newId())];
  const told = await askedOnBus(connection, { subject, reply, body: {}, timeoutMs });
  if (told === 'nobody') return { ok: false, reason: 'not-connected', text: 'no connector has a session of it' };
  if (told === 'late') return { ok: false, reason: 'broker-unavailable', text: 'no answer in time' };
  const look = BrokerLook.safeParse(told.answer);
  return look.success ? look.data : { ok: false, reason: 'broker-error', text: 'the answer cannot be read' };
}
