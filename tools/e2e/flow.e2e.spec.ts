import { tradingDayOf } from '@core/bars/trading-day';
import type { RecordedEvent } from '@core/contracts/event';
import { tokenOf } from '@core/contracts/order-token';
import { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { seenBy } from '@core/operations/seen-by';
import { until } from '@core/testing/until';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { ROOT } from '../check/command.ts';
import { figuresAskedFor } from '../observability/deployed-queries.fixture.ts';
import { BrokerControlClient } from './broker-control-client.ts';
import { DataFeedReader } from './data-feed-reader.ts';
import { OrderLoad } from './order-load.ts';
import { StandInProcess } from './stand-in-process.ts';
import { SystemHarness } from './system-harness.ts';
import { TraceCollector } from './trace-collector.ts';
import { TradingView, type TradingViewPosition } from './trading-view.ts';
import { WsClient } from './ws-client.ts';

const LOGIN = '10001';
/** Far from what a command needs: a busy machine is slow. */
const HANGS_AFTER_MS = 500_000;

describe('the whole flow', () => {
  let collector: TraceCollector;
  let system: SystemHarness;
  let tradingView: TradingView;
  let socket: WsClient;
  let broker: BrokerControlClient;
  let log: PostgresEventLog;
  let account: string;
  let prices: DataFeedReader;

  beforeAll(async () => {
    collector = await TraceCollector.start();
    system = await SystemHarness.start(undefined, collector.environment);
    const { tvGateway, tvData, wsSession, simulator, postgres } = system.endpoints;
    prices = await DataFeedReader.open(tvData);
    tradingView = await TradingView.login(tvGateway);
    socket = await WsClient.connect(wsSession);
    broker = new BrokerControlClient(simulator.control);
    log = new PostgresEventLog({ url: postgres });
    account = tradingView.accountIds[0] ?? '';
  });

  afterAll(async () => {
    prices?.close();
    await socket?.close();
    await log?.close();
    await system?.stop();
    await collector?.stop();
  });

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

  it('everyone who is described shows the description to anybody, and nothing else', async () => {
    const { tvGateway, proquant, wsSession, console: pages, simulator } = system.endpoints;
    const origins = [tvGateway.url, proquant.url, wsSession.url.replace(/^ws/, 'http'), pages.url, simulator.control];
    for (const origin of origins.map((url) => new URL(url).origin)) {
      const shown = await fetch(`${origin}/docs`);
      expect([origin, shown.status, shown.headers.get('content-type')]).toEqual([
        origin,
        200,
        'text/html; charset=utf-8',
      ]);
    }
    expect((await fetch(new URL('/accounts', tvGateway.url))).status).toBe(401);
    expect((await fetch(new URL('/api/overview', pages.url))).status).toBe(401);
  });

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
  });

  it('an order is one trace, from the request to what shows its position, under the id that the log knows it by', async () => {
    const streaming = new AbortController();
    await tradingView.read(`/accounts/${account}/stream/positions?locale=en`, streaming.signal);
    const form = { instrument: 'EURUSD', side: 'buy', type: 'market', qty: '10000' };
    const { d: placed } = await tradingView.place(account, { ...form, currentAsk: '1.1', currentBid: '1.1' });
    const orderId = placed?.orderId ?? '';
    const position = await openPosition('EURUSD');
    const steps = (): readonly string[] => collector.story(orderId).map(({ service, name }) => `${service}: ${name}`);
    const ends = ['tv-gateway: show PositionOpened', 'ws-session: show PositionOpened', 'tv-gateway: place'];
    await until(() => ends.every((end) => steps().includes(end)));
    streaming.abort();

    const told = (await eventsOf(account)).filter(({ correlationid }) => correlationid === orderId);
    expect(told.map(({ type }) => type)).toContain('PositionOpened');
    const story = [
      ...['tv-gateway: ask PlaceOrder', 'ledger: decide PlaceOrder', 'xapi-connector: apply OrderRequested'],
      ...['xapi-connector: ask DispatchRequest', 'ledger: decide DispatchRequest', 'xapi-connector: send order'],
      ...told.map(({ type }) => `ledger: commit ${type}`),
    ];
    // Each process tells of its own steps when it comes to it.
    await until(() => story.every((step) => steps().includes(step)));
    const spans = collector.story(orderId);
    const ids = new Set(spans.map(({ spanId }) => spanId));
    const begins = spans.filter(({ parentSpanId }) => !ids.has(parentSpanId ?? ''));
    expect(begins.map(({ service, name, parentSpanId = '' }) => [service, name, parentSpanId])).toEqual([
      ['tv-gateway', 'place', ''],
    ]);
    const services = Object.entries(system.endpoints.services).map(([name, { health }]) => ({
      ...{ name, url: new URL(health).origin },
    }));
    const seen = await seenBy(
      services,
      told.map(({ position: at }) => at),
    );
    expect(new Set(seen.map(({ by }) => by))).toEqual(new Set(['tv-gateway', 'ws-session']));
    await tradingView.call('DELETE', `/accounts/${account}/positions/${position.id}?locale=en`, {});
    await gone(position.id);
  });

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
  });

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
  });

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
      ...['--note', 'rehearsal', '--json'],
    );
    const { path, header, token } = JSON.parse(added.stdout) as Record<'path' | 'header' | 'token', string>;
    const opened = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: { [header]: token, 'content-type': 'application/json' },
      body: JSON.stringify({ v1: { deprecation: null, event: signal('SIGNAL_OPEN', 10, 'rehearsed') } }),
    });
    expect([opened.status, await opened.text()]).toEqual([200, '']);
    expect(await openPosition('GOLD', paper)).toMatchObject({ qty: 10, side: 'buy' });
  });

  it('a key made for one trader, or for one account, shows exactly that', async () => {
    const { url } = system.endpoints.wsSession;
    const seenWith = async (...scope: readonly string[]): Promise<unknown[]> => {
      const made = system.ops('keys', 'add', 'scoped', ...scope, '--note', 'as agreed', '--yes', '--json');
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
  });

  it('a broker is compared with the log when an operator asks, and every session says when it was heard', async () => {
    const looked = system.ops('reconcile', '--account', account);
    expect([looked.code, looked.stdout]).toEqual([0, expect.stringContaining('clean')]);
    const sessions = JSON.parse(system.ops('sessions', '--json').stdout) as { account: string; lastHeard: string }[];
    expect(sessions.find((each) => each.account === account)).toMatchObject({
      session: { status: 'open', connector: expect.stringContaining('xapi-connector') },
      lastHeard: expect.stringMatching(/^\d{4}-/),
    });
  });

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
    const { stdout } = system.ops('log', 'verify', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, signedTo: expect.any(Number) as number });
  });

  it('an account’s events prove themselves to whoever has the ledger’s key', async () => {
    const file = join(system.folder, 'bundle.json');
    await until(() => system.ops('log', 'bundle', account, '--out', file).code === 0);
    const key = system.ops('log', 'key').stdout.trim();
    expect(system.ops('verify', file, '--key', key).stdout).toContain('none between them is missing');
    expect(system.ops('verify', file, '--key', 'A'.repeat(43) + '=').code).toBe(1);
  });

  it('docs/clients.md leads to a position in TypeScript and in Python, as it stands', () => {
    const document = readFileSync(join(ROOT, 'docs/clients.md'), 'utf8');
    for (const [language, file] of [
      ['ts', 'examples/first-trade.ts'],
      ['python', 'examples/first_trade.py'],
    ] as const)
      expect(blocksOf(document, language)).toEqual([readFileSync(join(ROOT, file), 'utf8')]);

    const [start, ...commands] = blocksOf(document, 'sh');
    expect(start).toBe('npm start\n');
    const { postgres, nats, wsSession } = system.endpoints;
    const { stdout, stderr } = spawnSync('bash', ['-ec', commands.join('')], {
      ...{ cwd: ROOT, encoding: 'utf8', timeout: HANGS_AFTER_MS },
      env: { ...process.env, DATABASE_URL: postgres, NATS_URL: nats, WS_URL: wsSession.url },
    });
    expect(stderr).toBe('');
    expect(stdout.match(/^position\.created \S+ at [\d.]+$/gm)).toHaveLength(2);
  });

  it('shows every figure that alerts and the dashboard ask for', async () => {
    const { services } = system.endpoints;
    const pages = await Promise.all(Object.values(services).map(async ({ metrics }) => (await fetch(metrics)).text()));
    const shown = new Set(pages.flatMap((page) => [...page.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)));
    expect(figuresAskedFor().filter((name) => !shown.has(name))).toEqual([]);
  });

  it('docs/proquant.md leads from a request to a notification, as it stands', async () => {
    const [start, standIn, ...commands] = blocksOf(readFileSync(join(ROOT, 'docs/proquant.md'), 'utf8'), 'sh');
    expect([start, standIn]).toEqual(['npm start\n', 'npm run proquant\n']);
    const proquant = await StandInProcess.start();
    const { postgres, nats, proquant: hook } = system.endpoints;
    const { stdout, stderr } = spawnSync(
      'bash',
      [
        '-ec',
        commands
          .join('')
          .replaceAll('http://127.0.0.1:8090', proquant.url)
          .replaceAll('http://127.0.0.1:8081', new URL(hook.url).origin),
      ],
      {
        ...{ cwd: ROOT, encoding: 'utf8', timeout: HANGS_AFTER_MS },
        env: { ...process.env, DATABASE_URL: postgres, NATS_URL: nats, PROQUANT_AT: proquant.url },
      },
    );
    await proquant.stop();
    expect(stderr).toBe('');
    const well = 'the user is told nothing: all is well';
    const read = 'the user reads: ';
    const told = stdout.split('\n').filter((line) => line.includes(well) || line.includes(read));
    expect(told.map((line) => line.trim().replace(well, 'well').replace(read, ''))).toEqual([
      ...['well', 'well', 'well', 'well', 'well'],
      ...['This instrument is not supported.', 'This instrument is not supported.'],
      'There was no open position of your strategy to close.',
      ...['well', 'well', 'well', 'well', 'well', 'well', 'well', 'well', 'well'],
    ]);
    expect(stdout).toContain('gold@example.com is asked in ProQuant’s app');
    expect(stdout).toMatch(/SIGNAL_REOPEN .*handled/);
    const opened = (await eventsOf(tradingView.accountIds[1] ?? '')).filter(
      ({ type, data }) => type === 'PositionOpened' && data.signal !== null,
    );
    expect(opened).toHaveLength(4);
  });

  it('the README’s commands work when they are pasted', () => {
    const [, byHand = ''] = blocksOf(readFileSync(join(ROOT, 'README.md'), 'utf8'), 'sh');
    const here = `--data ${system.folder}`;
    const pasted = byHand
      .replace('--env)', `--env ${here})`)
      .replace(/^npm run --silent watch\b.*/m, `timeout 10 npm run --silent watch -- ${here} || true`)
      .replace('ops -- log tail', `ops -- log tail ${here}`)
      .replaceAll('\n', '\nsleep 1\n');
    const { stdout, stderr } = spawnSync('bash', ['-c', pasted], {
      cwd: ROOT,
      encoding: 'utf8',
      timeout: HANGS_AFTER_MS,
    });
    expect(stderr).not.toMatch(/error/i);
    expect(stdout).toMatch(/"orderId":"[0-9a-f-]{36}"/);
    expect(stdout).toMatch(/"instrument":"EURUSD"/);
    expect(stdout).toMatch(/^ {2}open +0\.1 lots of EURUSD bought at [\d.]+/m);
    expect(stdout).toMatch(/HTTP\/1.1 200 OK/);
    expect(stdout).toMatch(/SignalReceived/);
    expect(stdout).toMatch(/"s":"ok","t":\[\d/);
  });

  it('whoever is shown it step by step reads what happened', () => {
    const tried = spawnSync(process.execPath, ['tools/bootstrap.mjs', 'tools/try/main.ts', '--data', system.folder], {
      ...{ cwd: ROOT, encoding: 'utf8', timeout: HANGS_AFTER_MS },
    });
    expect(tried.stderr).toBe('');
    expect(tried.stdout.match(/^\d\. /gm)).toHaveLength(7);
    expect(tried.stdout).toMatch(/^ {3}filled at [\d.]+, \d+ ms after/m);
    expect(tried.stdout).toMatch(/broker position \d+$/m);
  });

  it('bars made of its price stream are those of its history, to the last digit', async () => {
    await until(async () => (await prices.agreed()).length > 0, 180_000);
  });

  it('its gateway passes the conformance suite, trading and not', async () => {
    const { code, stdout } = await system.conformance('--quick', '--live');
    expect(stdout).toMatch(/ok +access\.any-method/);
    // Its bar bears 00:00 UTC of the trading day, which has begun before that; until then it would be of the future.
    const isDayAhead = tradingDayOf(Date.now(), 'Europe/Warsaw') > Date.now();
    const faults = stdout.split('\n').filter((line) => /^  (FAIL|warn)/.test(line));
    expect(faults.filter((line) => !(isDayAhead && line.includes('streaming.daily')))).toEqual([]);
    expect(stdout).toMatch(/ok +live\.clear/);
    expect(code).toBe(0);
  });

  it('and passes it with an account that shows net positions', async () => {
    const netting = (shown: 'on' | 'off') => system.ops('accounts', 'netting', LOGIN, shown, '--note', 'spec');
    const isNetting = async (): Promise<boolean> =>
      (await tradingView.accounts()).some(({ id, config }) => id === account && config['supportPositionNetting']);
    expect(netting('on')).toMatchObject({ code: 0 });
    await until(isNetting);
    const parts = 'access,answers,configuration,orders,live,stability,agreement,schema,transport';
    const { code, stdout } = await system.conformance('--quick', '--live', '--accounts', account, '--only', parts);
    expect(stdout.split('\n').filter((line) => /^  (FAIL|warn)/.test(line))).toEqual([]);
    expect(stdout).toMatch(/ok +live\.close-net/);
    expect(stdout).toMatch(/ok +live\.clear/);
    expect(code).toBe(0);
    expect(netting('off')).toMatchObject({ code: 0 });
    await until(async () => !(await isNetting()));
  });

  it('an account’s new password is taken up by its connector as it runs', async () => {
    const login = '10003';
    const right = system.endpoints.simulator.accounts.find(({ userId }) => userId === login)?.password ?? '';
    const give = (password: string): string => {
      const agreed = ['--note', 'the broker changed it', '--yes', '--json'];
      const given = system.opsWith(password, 'accounts', 'password', login, ...agreed);
      return (JSON.parse(given.stdout) as { readonly account: string }).account;
    };
    const { metrics } = system.endpoints.services['xapi-connector'] ?? { metrics: '' };
    const isRefused = async (): Promise<boolean> =>
      /logins_refused_total\{[^}]*credentials[^}]*\} [1-9]/.test(await (await fetch(metrics)).text());
    await broker.turn({ login: { lockoutMs: 0 } });
    const id = give('not this one');
    const session = async (): Promise<string | undefined> =>
      (await eventsOf(id)).findLast(({ type }) => type.startsWith('AccountSession'))?.type;
    await broker.disconnect(login);
    await until(isRefused);
    await until(async () => (await session()) === 'AccountSessionLost');
    give(right);
    await until(async () => (await session()) === 'AccountSessionOpened');
  });

  it('after a halt nobody sends anything, whichever edge it came by and whichever connector it would go by', async () => {
    const load = await OrderLoad.on(system);
    const decision = { operator: 'spec', note: 'enough' };
    await until(() => load.edges.every(({ taken }) => taken >= 2));
    const halted = await load.decide({ type: 'HaltTrading', data: decision });
    await until(() => load.edges.every(({ refused }) => refused >= 2));
    await load.stop();
    const dispatched: { readonly id: string; readonly position: number }[] = [];
    for await (const page of log.read(0))
      for (const { type, position, data } of page)
        if (type === 'RequestDispatched') dispatched.push({ id: data.requestId, position });
    expect(dispatched.filter(({ position }) => position > halted)).toEqual([]);
    const sent = new Set(dispatched.map(({ id }) => tokenOf(id)));
    const reached = (await Promise.all([broker.journal(LOGIN), broker.journal('10002')])).flat();
    expect(reached.filter(({ request }) => !sent.has(request?.customComment ?? ''))).toEqual([]);
    expect(system.ops('trading', 'resume', '--note', 'it was a spec', '--yes').code).toBe(0);
  });

  it('kill -9 of who keeps the bars changes none that was told, and ends readers: they ask for what lies between', async () => {
    const settled = (await prices.told('EURUSD')).slice(0, -1);
    expect(settled.length).toBeGreaterThan(0);
    await system.crash('market-data');
    await until(() => prices.hasEnded);
    expect((await prices.told('EURUSD')).slice(0, settled.length)).toEqual(settled);
  });
});

/** What stands in a document's code blocks of one language. */
const blocksOf = (document: string, language: string): readonly string[] =>
  [...document.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, of, text = '']) =>
    of === language ? [text] : [],
  );

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
