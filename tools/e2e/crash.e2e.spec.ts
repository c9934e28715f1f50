import type { RecordedEvent } from '@core/contracts/event';
import { requestOfToken } from '@core/contracts/order-token';
import { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { accountPositions } from '@core/projections/positions';
import { stateAt } from '@core/projection-runner/state-at';
import { until } from '@core/testing/until';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { Infrastructure } from '../infra/infrastructure.ts';
import { BrokerControlClient } from './broker-control-client.ts';
import { SystemHarness } from './system-harness.ts';
import { TradingView } from './trading-view.ts';

const OUTCOME_WAIT_MS = 120_000;
/** A brisk trader's pace: brokers take a request of an account every 200 ms, and what waits too long is not sent. */
const ORDER_EVERY_MS = 300;
const LOGIN = '10001';
/** What settles a request. */
const OUTCOMES = ['RequestAccepted', 'RequestRejected', 'RequestExpired', 'RequestResolved'];

describe('when processes die', () => {
  let system: SystemHarness;
  let tradingView: TradingView;
  let broker: BrokerControlClient;
  let log: PostgresEventLog;
  let account: string;

  beforeAll(async () => {
    system = await SystemHarness.start();
    const { tvGateway, simulator, postgres } = system.endpoints;
    tradingView = await TradingView.login(tvGateway);
    broker = new BrokerControlClient(simulator.control);
    log = new PostgresEventLog({ url: postgres });
    account = tradingView.accountIds[0] ?? '';
  });

  afterAll(async () => {
    await log?.close();
    await system?.stop();
  });

  /** Sends orders one after the other until told to stop; the ids of those that were acknowledged. */
  const orderFlow = (): { stop(): Promise<string[]> } => {
    let flowing = true;
    const acknowledged: string[] = [];
    const flow = (async () => {
      for (let n = 1; flowing; n += 1) {
        const order = { instrument: 'EURUSD', side: n % 2 ? 'buy' : 'sell', type: 'market', qty: '1000' };
        const { d } = await tradingView.place(account, { ...order, currentAsk: '1.1', currentBid: '1.05' });
        if (d) acknowledged.push(d.orderId);
        await pause(ORDER_EVERY_MS);
      }
    })();
    return {
      async stop() {
        flowing = false;
        await flow;
        return acknowledged;
      },
    };
  };

  const read = async (): Promise<RecordedEvent[]> => {
    const events: RecordedEvent[] = [];
    for await (const page of log.read(0)) events.push(...page);
    return events;
  };

  /** Orders of the log without an outcome. */
  const undecided = (events: readonly RecordedEvent[]): Set<string> => {
    const open = new Set<string>();
    for (const { type, data } of events) {
      if (type === 'OrderRequested') open.add(data.orderId);
      if (OUTCOMES.includes(type) && 'requestId' in data && data.requestId !== null) open.delete(data.requestId);
    }
    return open;
  };

  it.each(['ledger', 'xapi-connector'])(
    'kill -9 of the %s loses no order and sends none twice',
    async (service) => {
      const flow = orderFlow();
      await until(async () => (await broker.journal(LOGIN)).length > 2);
      await system.crash(service);
      const seen = (await broker.journal(LOGIN)).length;
      await until(async () => (await broker.journal(LOGIN)).length > seen + 2);
      const acknowledged = await flow.stop();
      await until(async () => undecided(await read()).size === 0, OUTCOME_WAIT_MS);

      const events = await read();
      const requested = events.flatMap((event) => (event.type === 'OrderRequested' ? [event.data.orderId] : []));
      expect(requested).toEqual(expect.arrayContaining(acknowledged));

      const sent = (await broker.journal(LOGIN)).map(({ request }) => requestOfToken(request?.customComment ?? null));
      expect(sent).not.toContain(null);
      expect(new Set(sent).size).toBe(sent.length);
      expect(events.map(({ position }) => position)).toEqual(events.map((_, index) => index + 1));

      const held = (await broker.positions(LOGIN)).map(({ position }) => String(position)).sort();
      const { positions } = await stateAt(log, accountPositions, account, {});
      const open = Object.values(positions).filter(({ status }) => status === 'open');
      expect(open.map(({ brokerPosition }) => brokerPosition).sort()).toEqual(held);
      expect((await tradingView.openPositions(account)).map(({ id }) => id).sort()).toEqual(
        open.map(({ id }) => id).sort(),
      );
    },
    240_000,
  );

  it('reading the whole intake again adds nothing', async () => {
    const before = await read();
    const database = new Client({ connectionString: system.endpoints.postgres });
    await database.connect();
    await database.query('set session_replication_role = replica');
    await database.query('update core.log_head set intake_incarnation = null');
    await database.end();
    await system.crash('ledger');

    const { orderId } = (await placeOne()).d ?? { orderId: '' };
    await until(async () => !undecided(await read()).has(orderId), OUTCOME_WAIT_MS);
    const after = await read();
    const known = new Set(before.map((event) => JSON.stringify([event.type, event.data])));
    const repeated = after
      .slice(before.length)
      .filter((event) => event.type.startsWith('Order') || event.type.startsWith('Position'))
      .filter((event) => known.has(JSON.stringify([event.type, event.data])));
    expect(repeated).toEqual([]);
  });

  it('losing the intake with all it held loses nothing and stops nothing for long', async () => {
    const before = await read();
    const servers = await Infrastructure.open({
      ...{ folder: system.folder, ports: 'known', livesWith: 'itself', given: {} },
      say: () => undefined,
    });
    rmSync(join(system.folder, 'nats'), { recursive: true, force: true });
    await servers.nats?.kill();
    for (const service of ['ledger', 'xapi-connector', 'tv-gateway']) await system.ready(service);

    const answer = await placeOne();
    const orderId = answer.d?.orderId ?? '';
    expect(answer).toMatchObject({ s: 'ok' });
    await until(async () => !undecided(await read()).has(orderId), OUTCOME_WAIT_MS);
    expect((await read()).slice(0, before.length)).toEqual(before);
    expect(system.ops('log', 'verify').code).toBe(0);
  });

  it('stops on Ctrl-C, and goes on with the same log', async () => {
    const head = await log.head();
    expect(await system.interrupt()).toBe(0);
    system = await SystemHarness.start(system.folder);
    expect(await log.head()).toBeGreaterThanOrEqual(head);
  });

  const placeOne = () =>
    tradingView.place(account, {
      ...{ instrument: 'EURUSD', side: 'buy', type: 'market', qty: '1000', currentAsk: '1.1', currentBid: '1.05' },
    });
});
