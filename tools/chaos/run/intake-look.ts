import { jetStreams } from '@core/contracts/subjects';
import { instantFromMs } from '@core/kernel/instant';
import { readIntakeMessage } from '@core/ledger/intake-message';
import { AckPolicy, DeliverPolicy, type NatsConnection } from 'nats';
import type { Pool } from 'pg';
import type { IntakeMessageSeen, IntakeSeen } from '../checker/run-record.ts';

const WAIT_MS = 10_000;

/** The whole intake as it stands, read as the ledger reads it, beside what the ledger says of it. */
export async function lookAtIntake(nats: NatsConnection, pool: Pool): Promise<IntakeSeen> {
  const { rows } = await pool.query<{ incarnation: string | null; sequence: string }>(
    'select intake_incarnation as incarnation, intake_sequence as sequence from core.log_head',
  );
  const cases = await pool.query<{ id: string }>('select message_id as id from core.quarantine');
  const manager = await nats.jetstreamManager();
  const { created, state } = await manager.streams.info(jetStreams.intake.name);
  const taken = rows[0]?.incarnation === created ? Number(rows[0].sequence) : 0;
  const quarantined = new Set(cases.rows.map(({ id }) => id));
  return { messages: await readAll(nats, state.messages), last: state.last_seq, taken, quarantined };
}

async function readAll(nats: NatsConnection, count: number): Promise<IntakeMessageSeen[]> {
  const seen: IntakeMessageSeen[] = [];
  if (count === 0) return seen;
  const { name: stream } = jetStreams.intake;
  const manager = await nats.jetstreamManager();
  const { name } = await manager.consumers.add(stream, {
    ...{ deliver_policy: DeliverPolicy.All, ack_policy: AckPolicy.None, mem_storage: true },
  });
  const consumer = await nats.jetstream().consumers.get(stream, name);
  const bounds = { now: instantFromMs(Date.now()), isRegistered: () => true, mayTellOfStranger: () => true };
  while (seen.length < count) {
    const before = seen.length;
    for await (const { seq, subject, data } of await consumer.fetch({
      max_messages: count - before,
      expires: WAIT_MS,
    })) {
      const { events, deadLetters } = readIntakeMessage(subject, '', data, bounds);
      const kept = deadLetters.map((each) => each.kept.messageId);
      seen.push({ sequence: seq, eventIds: events.map(({ id }) => id), cases: kept });
    }
    if (seen.length === before) break;
  }
  await manager.consumers.delete(stream, name);
  return seen;
}
