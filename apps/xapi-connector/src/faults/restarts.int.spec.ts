// Processes that die, instances that join, passwords that change: never twice, never lost, never told.
import type { Uuid } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import type { AppProcess } from '@core/machine/app-process';
import { until } from '@core/testing/until';
import { ConnectorHarness } from './connector-harness.fixture.ts';
import type { TradingAccount } from './trading-account.fixture.ts';

describe('restarts and instances', () => {
  let harness: ConnectorHarness;

  beforeAll(async () => {
    harness = await ConnectorHarness.open({ connector: { CONNECTOR_ID: 'one' } });
  });
  afterAll(() => harness?.close());

  const undecided = async (trading: TradingAccount): Promise<Set<Uuid>> => {
    const open = new Set<Uuid>();
    for (const { type, data } of await trading.events()) {
      if (type === 'OrderRequested') open.add(data.orderId);
      if (type === 'CloseRequested') open.add(data.requestId);
      if (type === 'RequestAccepted' || type === 'RequestRejected' || type === 'RequestExpired')
        open.delete(data.requestId);
    }
    return open;
  };

  const standing = (trading: TradingAccount) => harness.broker<object[]>('GET', `positions?userId=${trading.userId}`);

  it('kill -9 while orders flow: each has an outcome, none reaches the broker twice, all that stands is told', async () => {
    const trading = await harness.account();
    const orders: Uuid[] = [];
    for (let round = 0; round < 3; round += 1) {
      orders.push(...(await Promise.all(Array.from({ length: 4 }, () => trading.buy()))));
      await trading.sees('RequestDispatched', ({ data }) => orders.slice(-4).includes(data.requestId));
      await harness.connector.crash();
      await harness.connector.start();
    }
    await until(async () => (await undecided(trading)).size === 0);
    for (const orderId of orders) expect(await trading.sent(orderId)).toBeLessThanOrEqual(1);

    const standing = await harness.broker<{ position: number }[]>('GET', `positions?userId=${trading.userId}`);
    await until(async () => (await trading.all('PositionOpened')).length === standing.length);
    const told = (await trading.all('PositionOpened')).map(({ data }) => data.brokerPosition).sort();
    expect(told).toEqual(standing.map(({ position }) => String(position)).sort());
    await trading.retire();
  });

  it('kill -9 between the legs of a reversal: neither goes twice, and nothing opens without having closed', async () => {
    const trading = await harness.account();
    for (const moment of [null, 'RequestDispatched', 'RequestAccepted'] as const) {
      const bought = await trading.buy();
      const { data } = await trading.sees('PositionOpened', ({ data: { orderId } }) => orderId === bought);
      const { closeId, orderId } = await trading.reverse(data.positionId);
      if (moment !== null) {
        await trading.sees(moment, ({ data: { requestId } }) => requestId === closeId);
        await harness.connector.crash();
        await harness.connector.start();
      }
      await until(async () => (await undecided(trading)).size === 0);
      const sent = [await trading.sent(closeId), await trading.sent(orderId)];
      expect(Math.max(...sent)).toBeLessThanOrEqual(1);
      if (moment === null) expect(sent).toEqual([1, 1]);
      const dispatched = await trading.all('RequestDispatched');
      if (dispatched.some(({ data: { requestId } }) => requestId === orderId))
        await trading.sees('RequestAccepted', ({ data: { requestId } }) => requestId === closeId);
      await until(async () => (await trading.openPositions()).length === (await standing(trading)).length);
      for (const positionId of await trading.openPositions()) await trading.closePosition(positionId);
      await until(async () => (await standing(trading)).length === 0);
      await until(async () => (await trading.openPositions()).length === 0);
    }
    await trading.retire();
  });

  it('a dispatch whose bytes never left is looked up, not sent', async () => {
    const trading = await harness.account();
    await harness.fault({ kind: 'lose-reply', command: 'tradeTransaction', executed: false, user: trading.userId });
    const orderId = await trading.buy();
    await trading.sees('RequestDispatched', ({ data }) => data.requestId === orderId);
    await harness.connector.crash();
    await harness.calm();
    await harness.connector.start();
    await trading.sees('RequestOutcomeUnknown', ({ data }) => data.cause === 'connector-restart');
    await trading.sees('RequestExpired', ({ data }) => data.requestId === orderId && data.reason === 'not-executed');
    expect(await trading.sent(orderId)).toBeLessThanOrEqual(1);
    await trading.retire();
  });

  it('shares accounts with an instance that joins, and takes them over when one dies', async () => {
    const accounts = [
      await harness.account(),
      await harness.account(),
      await harness.account(),
      await harness.account(),
    ];
    const two: AppProcess = await harness.anotherConnector({ CONNECTOR_ID: 'two' });
    await two.start();
    const holders = async (): Promise<string[]> =>
      Promise.all(
        accounts.map(async (trading) => {
          const opened = (await trading.all('AccountSessionOpened')).at(-1);
          return opened?.data.connector.split('#')[0] ?? '';
        }),
      );
    await until(async () => (await holders()).filter((name) => name === 'two').length === 2);

    await two.crash();
    // How soon is what failover.int.spec.ts holds, at the delivered settings.
    await until(async () => (await holders()).every((name) => name === 'one'));
    for (const trading of accounts) {
      const orderId = await trading.buy();
      await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId);
      const tokens = (await trading.all('AccountSessionOpened')).map(({ data }) =>
        Number(data.connector.split('#')[1]),
      );
      expect(tokens).toEqual([...tokens].sort((left, right) => left - right));
      await trading.retire();
    }
  });

  it('tells no password: not in its logs, not on NATS, not in the log of events', async () => {
    const canary = 'kanarienvogel-4711';
    const heard: string[] = [];
    const everything = harness.connection.subscribe('>', { callback: (_, message) => heard.push(message.string()) });
    const trading = await harness.account({ password: canary });
    await trading.interrupted();
    const wrong = await harness.register('777', `${canary}-wrong`);
    await until(() =>
      harness.connector.lines.some((line) => line.includes(wrong.id) && line.includes('login refused')),
    );
    harness.connection.publish(subjects.registryChanged, Buffer.from('{}'));
    everything.unsubscribe();
    const places = [
      ...heard,
      ...harness.connector.lines,
      JSON.stringify(await trading.events()),
      await harness.connector.metrics(),
    ];
    expect(heard.length).toBeGreaterThan(0);
    expect(places.filter((text) => text.includes(canary))).toEqual([]);
    await trading.retire();
    await wrong.retire();
  });
});
