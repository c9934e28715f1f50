import type { RecordedEvent } from '@core/contracts/event';
import { requestOfToken } from '@core/contracts/order-token';
import type { AccountId } from '@core/contracts/primitives';
import type { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { present } from '@core/kernel/present';
import { unpackColumn } from '@core/service/packed-column';
import type { NatsConnection } from 'nats';
import type { Pool } from 'pg';
import type { BrokerControlClient } from '../../e2e/broker-control-client.ts';
import type { TradingView } from '../../e2e/trading-view.ts';
import { DEMO_VENUE } from '../../start/seed.ts';
import type { BrokerSeen, InstanceAnswer, KeptState, RunRecord } from '../checker/run-record.ts';
import type { CheckpointWatch } from './checkpoint-watch.ts';
import type { FrameReader } from './frame-reader.ts';
import type { HealingWatch } from './healing-watch.ts';
import { lookAtIntake } from './intake-look.ts';
import { lookAtHistory } from './rebuilt-history.ts';
import type { ToldDone } from './told-done.ts';

/** Where everything is that the checker asks for. */
export interface Sights {
  readonly log: PostgresEventLog;
  readonly pool: Pool;
  readonly nats: NatsConnection;
  readonly broker: BrokerControlClient;
  readonly readers: readonly FrameReader[];
  readonly gateways: readonly (readonly [instance: string, client: TradingView])[];
  readonly told: ToldDone;
  readonly checkpoints: CheckpointWatch;
  readonly healing: HealingWatch;
}

/** All that is to be seen of a run at one position of the log; null where the log went on meanwhile. */
export async function lookAtRun(sights: Sights): Promise<RunRecord | null> {
  const { log, told, readers, checkpoints, healing } = sights;
  const head = await log.head();
  const acknowledged = [...told.all];
  const heard = readers.map(({ reader, from, frames }) => ({ reader, from, frames: [...frames] }));
  const intake = await lookAtIntake(sights.nats, sights.pool);
  const answers = await lookAtGateways(sights, head);
  const events = await everything(log);
  const record = {
    ...{ log: events, chain: await log.verify(), acknowledged, heard, intake, answers },
    tables: [await lookAtHistory(log, sights.pool)],
    ...{ states: await lookAtStates(sights.pool), checkpoints: [...checkpoints.seen], healings: healing.healings },
    broker: await lookAtBroker(sights, events),
  };
  return (await log.head()) === head ? record : null;
}

async function everything(log: PostgresEventLog): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of log.read(0)) for (const event of page) events.push(event);
  return events;
}

const OWNERS = `select table_schema as owner from information_schema.tables where table_name = 'snapshot'`;

type SnapshotRow = Pick<KeptState, 'name' | 'version' | 'account'> & {
  readonly position: string;
  readonly state: Uint8Array;
};

async function lookAtStates(pool: Pool): Promise<KeptState[]> {
  const owners = await pool.query<{ owner: string }>(OWNERS);
  const states: KeptState[] = [];
  for (const { owner } of owners.rows) {
    const { rows } = await pool.query<SnapshotRow>(
      `select name, version, account_id as account, position, state from ${owner}.snapshot`,
    );
    states.push(
      ...rows.map((row) => ({
        ...{ ...row, owner, position: Number(row.position) },
        state: JSON.parse(unpackColumn(row.state)) as unknown,
      })),
    );
  }
  return states;
}

const LOGINS = 'select id, broker_login as login from registry.account';

async function lookAtBroker({ broker, pool }: Sights, log: readonly RecordedEvent[]): Promise<BrokerSeen> {
  const { rows } = await pool.query<{ readonly id: AccountId; readonly login: string }>(LOGINS);
  const logins = new Map(rows.map(({ id, login }) => [id, login]));
  const registered = log.flatMap((event) => (event.type === 'AccountRegistered' ? [event] : []));
  const ours = registered.filter(({ data }) => data.venue === DEMO_VENUE);
  const each = ours.map(async ({ subject: account }) => {
    const brokerLogin = present(logins.get(account), `account ${account} is not registered`);
    const [journal, positions] = await Promise.all([broker.journal(brokerLogin), broker.positions(brokerLogin)]);
    const sent = journal.map(({ time, request }, index) => ({
      requestId: requestOfToken(request?.customComment ?? null),
      place: `journal entry ${index + 1} of ${brokerLogin}, ${new Date(time).toISOString()}`,
    }));
    return { sent, open: { account, brokerPositions: positions.map(({ position }) => String(position)) } };
  });
  const seen = await Promise.all(each);
  return { sent: seen.flatMap(({ sent }) => sent), open: seen.map(({ open }) => open) };
}

/** Prices move, and what follows from them is each instance's own; what the log says is not. */
async function lookAtGateways({ gateways }: Sights, position: number): Promise<InstanceAnswer[]> {
  const answers: InstanceAnswer[] = [];
  for (const [instance, client] of gateways) {
    for (const account of client.accountIds) {
      const [orders, positions] = [await client.orders(account), await client.positions(account)];
      const answer = {
        orders: orders.map(({ id, instrument, status, type }) => ({ id, instrument, status, type })),
        positions: positions.map(({ id, instrument, qty, side, avgPrice }) => ({
          id,
          instrument,
          qty,
          side,
          avgPrice,
        })),
      };
      answers.push({ edge: 'tv-gateway', instance, account, position, answer });
    }
  }
  return answers;
}
