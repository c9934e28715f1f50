import type { RecordedEvent } from '@core/contracts/event';
import { tokenOf } from '@core/contracts/order-token';
import { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { until } from '@core/testing/until';
import { spawnSync } from 'node:child_process';
import { Client } from 'pg';
import { BrokerControlClient } from './broker-control-client.ts';
import { SystemHarness } from './system-harness.ts';
import { TradingView, type TradingViewPosition } from './trading-view.ts';
import { WsClient } from './ws-client.ts';

const LOGIN = '10001';

describe('the whole flow', () => {
  let system: SystemHarness;
  let tradingView: TradingView;
  let socket: WsClient;
  let broker: BrokerControlClient;
  let log: PostgresEventLog;
  let account: string;

  beforeAll(async () => {
    system = await SystemHarness.start();
    const { tvGateway, wsSession, simulator, postgres } = system.endpoints;
    tradingView = await TradingView.login(tvGateway);
    socket = await WsClient.connect(wsSession);
    broker = new BrokerControlClient(simulator.control);
    log = new PostgresEventLog({ url: postgres });
    account = tradingView.accountIds[0] ?? '';
  }, 240_000);

  afterAll(async () => {
    await socket?.close();
    await log?.close();
    await system?.stop();
  }, 90_000);

  const openPosition = async (instrument: string, of = account): Promise<TradingViewPosition> => {
    const find = async (): Promise<TradingViewPosition | undefined> =>
      (await tradingView.openPositions(of)).find((position) => position.instrument === instrument);
    await until(async () => (await find()) !== undefined);
    return (await find()) as TradingViewPosition;
  };

  const gone = (id: string, of = account): Promise<void> =>
    until(async () => (await tradingView.openPositions(of)).every((position) => position.id !== id));

  const eventsOf = async (accountId: string): Promise<RecordedEvent[]> => {
    const events: RecordedEvent[] = [];
    for await (const page of log.readAccount(accountId)) events.push(...page);
    return events;
  };

  it('an order in TradingView is filled, seen everywhere, and closed by its stop loss everywhere', async () => {
    const answer = await tradingView.place(account, {
      ...{ instrument: 'EURUSD', side: 'buy', type: 'market', qty: '10000', currentAsk: '1.1', currentBid: '1.1' },
      stopLoss: '0.5',
    });
    const orderId = answer.d?.orderId ?? '';
    expect(answer).toMatchObject({ s: 'ok', d: { orderId: expect.any(String) } });
    expect((await tradingView.orders(account)).map(({ id }) => id)).toContain(orderId);

    const position = await openPosition('EURUSD');
    expect(position).toMatchObject({ qty: 10000, side: 'buy' });
    const created = await socket.next('position.created', ({ id }) => id === position.id);
    expect(created).toMatchObject({ asset_pair: 'EURUSD', side: 'Buy', lots_amount: 0.1, sl_in_instrument_price: 0.5 });
    const bracket = (await tradingView.orders(account)).find(({ parentId }) => parentId === position.id);
    expect(bracket).toMatchObject({ type: 'stop', status: 'working' });

    const reached = (await broker.journal(LOGIN)).filter(({ request }) => request?.customComment === tokenOf(orderId));
    expect(reached).toHaveLength(1);

    const chain = (await eventsOf(account)).filter(
      ({ data }) =>
        ('orderId' in data && data.orderId === orderId) ||
        ('requestId' in data && data.requestId === orderId) ||
        ('positionId' in data && data.positionId === position.id),
    );
    expect(chain.map(({ type }) => type)).toEqual([
      'OrderRequested',
      'RequestDispatched',
      'RequestAccepted',
      'OrderFilled',
      'PositionOpened',
    ]);
    expect(new Set(chain.map(({ correlationid }) => correlationid)).size).toBe(1);
    for (const [index, { causationid }] of chain.entries()) {
      if (index > 0) expect(chain.slice(0, index).map(({ id }) => id)).toContain(causationid);
    }
    const why = system.ops('why', orderId);
    expect(why.code).toBe(0);
    for (const { type } of chain) expect(why.stdout).toContain(type);

    const [held] = (await broker.positions(LOGIN)).filter(({ customComment }) => customComment === tokenOf(orderId));
    await broker.hit(held?.position ?? 0, 'sl');
    await gone(position.id);
    const closed = await socket.next('position.closed', ({ id }) => id === position.id);
    expect(closed).toMatchObject({ close_reason: 'StopLoss', asset_close_price: expect.any(Number) });
    const facts = await eventsOf(account);
    expect(facts.find(({ type }) => type === 'PositionClosed')?.data).toMatchObject({ reason: 'stop-loss' });
  }, 90_000);

  it('a ProQuant signal opens 0.1 lot of gold, and its close signal closes it', async () => {
    const { url, header, token } = system.endpoints.proquant;
    const send = (type: 'SIGNAL_OPEN' | 'SIGNAL_CLOSE', quantity = 10, strategyId = 'gold'): Promise<Response> =>
      fetch(url, {
        method: 'POST',
        headers: { [header]: token, 'content-type': 'application/json' },
        body: JSON.stringify({ v1: { deprecation: null, event: signal(type, quantity, strategyId) } }),
      });

    const opened = await send('SIGNAL_OPEN');
    expect([opened.status, await opened.text()]).toEqual([200, '']);
    const position = await openPosition('GOLD');
    expect(position).toMatchObject({ qty: 10, side: 'buy' });
    await socket.next('position.created', ({ id, lots_amount: lots }) => id === position.id && lots === 0.1);

    const tooFine = await send('SIGNAL_OPEN', 0.0001, 'too-fine');
    expect([tooFine.status, tooFine.headers.get('x-proquant-error')]).toEqual([422, '1']);
    expect(await tooFine.json()).toMatchObject({ type: 'InvalidQuantityPrecision' });

    expect((await send('SIGNAL_CLOSE')).status).toBe(200);
    await gone(position.id);
    await socket.next('position.closed', ({ id }) => id === position.id);
  }, 90_000);

  it('a position that a human opens at the broker appears everywhere', async () => {
    const { position: number } = await broker.open(LOGIN, { symbol: 'US500', side: 'sell', volume: '0.2' });
    const position = await openPosition('US500');
    expect(position.side).toBe('sell');
    await socket.next('position.created', ({ id }) => id === position.id);
    const opened = (await eventsOf(account)).find(
      ({ type, data }) =>
        type === 'PositionOpened' && 'brokerPosition' in data && data.brokerPosition === String(number),
    );
    expect(opened?.data).toMatchObject({ orderId: null });
  }, 60_000);

  it('its gateway passes the conformance suite, trading and not', async () => {
    const { code, stdout } = await system.conformance('--quick', '--live', '--no-data');
    expect(stdout.split('\n').filter((line) => /^  (FAIL|warn)/.test(line))).toEqual([]);
    expect(stdout).toMatch(/ok +live\.clear/);
    expect(code).toBe(0);
  }, 150_000);

  it('a paper account fills at the live price, outlives its connector, and is a strategy’s rehearsal', async () => {
    const paper = tradingView.accountIds.at(-1) ?? '';
    const ask = async (): Promise<number | undefined> => {
      const { d } = await tradingView.get<{ v: { ask: number } }[]>(`/quotes?symbols=GBPUSD&accountId=${paper}`);
      return d?.[0]?.v.ask;
    };
    await broker.price('GBPUSD', '1.2345', '1.2347');
    await until(async () => (await ask()) === 1.2347);
    const form = {
      instrument: 'GBPUSD',
      side: 'buy',
      type: 'market',
      qty: '10000',
      currentAsk: '1.2347',
      currentBid: '1.2345',
    };
    const { d: placed } = await tradingView.place(paper, { ...form, stopLoss: '1.2' });
    const position = await openPosition('GBPUSD', paper);
    expect(position).toMatchObject({ qty: 10000, side: 'buy', avgPrice: 1.2347 });
    await socket.next('position.created', ({ id, asset_pair }) => id === position.id && asset_pair === 'GBPUSD');
    expect((await broker.journal(LOGIN)).map(({ request }) => request?.customComment)).not.toContain(
      tokenOf(placed?.orderId ?? ''),
    );

    await system.crash('paper-connector');
    expect(await openPosition('GBPUSD', paper)).toMatchObject({ id: position.id, qty: 10000 });
    await broker.price('GBPUSD', '1.1999', '1.2001');
    await gone(position.id, paper);
    const closed = await socket.next('position.closed', ({ id }) => id === position.id);
    expect(closed).toMatchObject({ close_reason: 'StopLoss', asset_close_price: 1.1999 });
    await broker.walk('GBPUSD');

    const told = (await eventsOf(paper)).map(({ type }) => type);
    for (const type of ['PositionOpened', 'PositionClosed'])
      expect(told.filter((each) => each === type)).toHaveLength(1);
    const looks = (await eventsOf(paper)).flatMap(({ type, data }) => (type === 'AccountReconciled' ? [data] : []));
    expect(looks).toEqual(looks.map(() => expect.objectContaining({ outcome: 'clean' })));

    const { port } = new URL(system.endpoints.proquant.url);
    const added = system.ops(
      'integrations',
      'add',
      'rehearsal',
      '--account',
      paper,
      '--ticker',
      'XAUUSD=GOLD',
      '--json',
    );
    const { path, header, token } = JSON.parse(added.stdout) as Record<'path' | 'header' | 'token', string>;
    const opened = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: { [header]: token, 'content-type': 'application/json' },
      body: JSON.stringify({ v1: { deprecation: null, event: signal('SIGNAL_OPEN', 10, 'rehearsed') } }),
    });
    expect([opened.status, await opened.text()]).toEqual([200, '']);
    expect(await openPosition('GOLD', paper)).toMatchObject({ qty: 10, side: 'buy' });
  }, 120_000);

  it('a key made for one trader, or for one account, shows exactly that', async () => {
    const { url } = system.endpoints.wsSession;
    const seenWith = async (...scope: readonly string[]): Promise<unknown[]> => {
      const made = system.ops('keys', 'add', 'scoped', ...scope, '--json');
      const { secret } = JSON.parse(made.stdout) as { secret: string };
      const client = await WsClient.connect({ url, secretKey: secret, features: ['snapshot'] });
      await client.next('sync_completed');
      const seen = client.bodies('sync_completed').flatMap(({ sequences }) => Object.keys(sequences as object));
      await client.close();
      return seen.toSorted();
    };
    expect(await seenWith('--account', account)).toEqual([account]);
    expect(await seenWith('--trader', 'ada')).toEqual(tradingView.accountIds.toSorted());
    expect((await seenWith('--all')).length).toBeGreaterThan(tradingView.accountIds.length);
  }, 60_000);

  it('the log proves itself, and notices a row altered by database', async () => {
    expect(system.ops('log', 'verify').code).toBe(0);

    const database = new Client({ connectionString: system.endpoints.postgres });
    await database.connect();
    const alter = (from: string, to: string) =>
      database.query('update core.event set data = replace(data::text, $1, $2)::json where position = 1', [from, to]);
    await expect(alter('"demo"', '"live"')).rejects.toThrow();
    await database.query('set session_replication_role = replica');
    await alter('"demo"', '"live"');
    const verdict = system.ops('log', 'verify');
    await alter('"live"', '"demo"');
    await database.end();

    expect(verdict.code).toBe(1);
    expect(verdict.stdout + verdict.stderr).toMatch(/position 1\b/);
    expect(system.ops('log', 'verify').code).toBe(0);
  }, 60_000);

  it('what it printed works when it is pasted', () => {
    const printed = system.output.filter((line) => line.startsWith('     ')).map((line) => line.trim());
    expect(printed).toHaveLength(7);
    const pasted = printed.map((line) => (line.includes(' watch ') ? `timeout 10 ${line} || true` : line));
    const { stdout, stderr } = spawnSync('bash', ['-c', pasted.join('\necho; sleep 2\n')], {
      encoding: 'utf8',
      timeout: 80_000,
    });
    expect(stderr).not.toMatch(/error/i);
    expect(stdout).toMatch(/"orderId":"[0-9a-f-]{36}"/);
    expect(stdout).toMatch(/"instrument":"EURUSD"/);
    expect(stdout).toMatch(/"auth_result":\{"result":"success"/);
    expect(stdout).toMatch(/HTTP\/1.1 200 OK/);
    expect(stdout).toMatch(/SignalReceived/);
    expect(stdout).toMatch(/"s":"ok","t":\[\d/);
  }, 90_000);
});

const signal = (type: string, quantity: number, strategyId: string): object => ({
  timestamp: Date.now(),
  type,
  integration: {
    ...{ name: 'user@example.com', description: 'Foo Bar FX', imageUrl: 'https://foo.bar/logo.png' },
    webhook: { url: 'https://foo.bar/api/proquant', headers: { 'x-foo-bar-api-token': 'baz' } },
  },
  data: {
    ...{ direction: 'BUY', ticker: 'XAUUSD', quantity },
    strategy: { id: strategyId, name: 'Gold High-Risk' },
    proquantPositionId: `${strategyId}-1`,
  },
});
