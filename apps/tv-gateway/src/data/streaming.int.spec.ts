import { barOf, withTick, type Bar } from '@core/bars/bar';
import { minuteOf, MinuteSeries } from '@core/bars/minute-series';
import { exampleId } from '@core/contracts/examples.fixture';
import type { PriceChange, Ticks } from '@core/contracts/market/tick';
import { instantFromMs } from '@core/kernel/instant';
import { hashOf } from '@core/registry/tokens';
import { until } from '@core/testing/until';
import { StreamingLine } from '@core/tradingview/wire/feed';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { GatewayHarness } from '../gateway-harness.fixture.ts';

const START_MS = Date.UTC(2026, 0, 5, 10);
const OWNER = exampleId(0x0e1);

let gateway: GatewayHarness;
let number: number;

async function begin(settings: Record<string, string> = {}): Promise<void> {
  gateway = await GatewayHarness.start({ DATA_VENUE: 'demo', DATA_TOKEN: 'the-token', ...settings });
  await gateway.app.listen(0, '127.0.0.1');
  number = 0;
}
afterEach(() => gateway.stop());

const port = (): number => (gateway.app.getHttpServer().address() as AddressInfo).port;
const change = (atMs: number, parts: Partial<PriceChange> = {}): PriceChange => ({
  ...{ instrument: 'EURUSD', bid: '1.1', ask: '1.1002', at: instantFromMs(atMs), isTick: true },
  ...parts,
});
const tell = (changes: readonly PriceChange[], parts: Partial<Ticks> = {}): void =>
  gateway.ticks.take({ venue: 'demo', owner: OWNER, number: (number += 1), changes, ...parts });

interface Reader {
  readonly response: IncomingMessage;
  readonly lines: StreamingLine[];
  readonly ended: Promise<unknown>;
}

/** One that has heard its first line. */
async function read(token = 'the-token'): Promise<Reader> {
  const request = get({ port: port(), path: '/streaming', headers: { authorization: `Bearer ${token}` } });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const lines: StreamingLine[] = [];
  let rest = '';
  response.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.map((line) => StreamingLine.parse(JSON.parse(line))));
  });
  const ended = new Promise((resolve) => response.once('close', resolve));
  response.on('error', () => undefined);
  await until(() => lines.length > 0);
  return { response, lines, ended };
}
const news = ({ lines }: Reader) => lines.filter((line) => 'f' in line);

it('tells four readers the same: of each change the quote, of each change of the bid a trade of size 1', async () => {
  await begin();
  const readers = await Promise.all([read(), read(), read(), read()]);
  tell([change(START_MS + 1_999), change(START_MS + 2_000, { ask: '1.1003', isTick: false })]);
  tell([change(START_MS + 2_500, { instrument: 'NONE' }), change(START_MS, { instrument: 'USDJPY', bid: '150' })]);
  tell([change(START_MS)], { venue: 'elsewhere' });
  tell([change(START_MS + 3_000, { bid: '1.2' })], { number: 3 });
  for (const reader of readers) {
    await until(() => news(reader).length === 7);
    expect(reader.response.headers).toMatchObject({ 'transfer-encoding': 'chunked' });
    expect(reader.lines[0]).toEqual({ heartbeat: expect.any(Number) });
    const t = START_MS / 1000;
    expect(news(reader).slice(0, 5)).toEqual([
      { f: 'q', id: 'EURUSD', t: t + 1, ap: 1.1002, as: 1, bp: 1.1, bs: 1 },
      { f: 't', id: 'EURUSD', t: t + 1, p: 1.1, s: 1 },
      { f: 'q', id: 'EURUSD', t: t + 2, ap: 1.1003, as: 1, bp: 1.1, bs: 1 },
      { f: 'q', id: 'USDJPY', t, ap: 1.1002, as: 1, bp: 150, bs: 1 },
      { f: 't', id: 'USDJPY', t, p: 150, s: 1 },
    ]);
    reader.response.destroy();
  }
});

it('has trades whose bars are those that the owner counted, and no moment goes back', async () => {
  await begin();
  const reader = await read();
  const series = new MinuteSeries();
  const counted: Bar[] = [];
  for (let n = 0; n < 400; n += 1) {
    const told = series.told(`${1 + ((n * 7) % 9)}`, START_MS + n * 617 - (n % 5) * 900);
    if (told === null) continue;
    if (told.ended) counted.push(told.ended);
    tell([change(told.tick.atMs, { bid: told.tick.bid })]);
  }
  if (series.running) counted.push(series.running);
  await until(() => news(reader).length === number * 2);
  const built = new Map<number, Bar>();
  let lastT = 0;
  for (const line of reader.lines) {
    if (!('f' in line) || line.f !== 't') continue;
    expect(line.t).toBeGreaterThanOrEqual(lastT);
    lastT = line.t;
    const openedAt = minuteOf(line.t * 1000);
    const bar = built.get(openedAt);
    built.set(openedAt, bar ? withTick(bar, `${line.p}`) : barOf(openedAt, `${line.p}`));
  }
  expect([...built.values()]).toEqual(counted);
  reader.response.destroy();
});

it('ends where ticks were missed, or somebody else counts them: what lies between is to be asked for', async () => {
  await begin();
  for (const parts of [{ number: 4 }, { number: 1, owner: exampleId(0x0e2) }]) {
    const reader = await read();
    tell([change(START_MS)]);
    await until(() => news(reader).length === 2);
    tell([change(START_MS + 1)], parts);
    await reader.ended;
    expect(news(reader)).toHaveLength(2);
    number = 0;
    tell([]);
  }
});

it('ends whole for everybody when the process does', async () => {
  await begin();
  const readers = await Promise.all([read(), read()]);
  await gateway.stop();
  for (const { response, ended } of readers) {
    await ended;
    expect(response.complete).toBe(true);
  }
  await begin();
});

it('closes whoever does not read, and nobody else', async () => {
  await begin({ DATA_STREAM_BACKLOG_BYTES: '16384' });
  const socket = connect(port(), '127.0.0.1');
  socket.write('GET /streaming HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer the-token\r\n\r\n');
  await once(socket, 'readable');
  const reader = await read();
  const closed = once(socket, 'close');
  socket.on('error', () => undefined);
  let isOver = false;
  const over = closed.then(() => (isOver = true));
  const many = Array.from({ length: 3_000 }, (_, n) => change(START_MS, { bid: `${n + 1}` }));
  let told = 0;
  const open = gateway.app.getHttpServer();
  const connections = (): Promise<number> =>
    new Promise((resolve, reject) => open.getConnections((error, count) => (error ? reject(error) : resolve(count))));
  await until(async () => {
    tell(many);
    told += 1;
    await until(() => news(reader).length === told * many.length * 2);
    return isOver || (await connections()) === 1;
  });
  socket.resume();
  await over;
  tell([change(START_MS)]);
  await until(() => news(reader).length === told * many.length * 2 + 2);
  reader.response.destroy();
});

it('ends with its client, and takes no more readers than it may', async () => {
  await begin({ DATA_STREAMS_MAX: '1' });
  gateway.ports.data.clients.set('tv', { id: 'tv', secretHash: hashOf('s'), certificates: [], revoked: false });
  const { d } = await gateway.success('POST /authorize', { form: { login: 'tv', password: 's' } });
  const reader = await read(d.access_token);
  const response = await gateway.raw({ url: '/streaming', headers: { authorization: 'Bearer the-token' } });
  expect(response.json()).toEqual({ s: 'error', errmsg: 'Too many streams are open. Please try again later.' });
  gateway.registryChanged();
  tell([change(START_MS)]);
  await until(() => news(reader).length === 2);
  gateway.ports.data.clients.clear();
  gateway.registryChanged();
  await reader.ended;
});

/** Only what happens every few seconds waits to be told that they have passed. */
const byHand = (): void => {
  jest.useFakeTimers({
    doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'queueMicrotask', 'performance', 'Date'],
  });
};

it('tells the day that runs as the history has it, of what ticked and of nothing else', async () => {
  const now = jest.spyOn(Date, 'now').mockReturnValue(START_MS + 90_000);
  byHand();
  try {
    await begin();
    const { data } = gateway.ports;
    const dayMs = Date.UTC(2026, 0, 5);
    data.known = [{ fromMs: dayMs - 3_600_000, untilMs: START_MS + 60_000 }];
    data.bars.push(barOf(dayMs - 60_000, '1.5'), barOf(START_MS, '1.1'), barOf(START_MS + 60_000, '1.7'));
    const reader = await read();
    const days = () => news(reader).filter(({ f }) => f === 'd');
    const day = { f: 'd', id: 'EURUSD', t: dayMs / 1000, o: 1.5, h: 1.7, l: 1.1 };
    const pass = async (): Promise<void> => {
      jest.advanceTimersByTime(5_000);
      const heartbeats = (): number => reader.lines.length - news(reader).length;
      const before = heartbeats();
      await until(() => heartbeats() > before);
    };
    await pass();
    expect(days()).toEqual([]);
    tell([
      change(START_MS),
      change(START_MS, { instrument: 'NONE' }),
      change(START_MS, { instrument: 'USDJPY', isTick: false }),
    ]);
    await pass();
    await until(() => days().length === 1);
    // It was written a moment after the tick was told.
    data.bars.push(withTick(data.bars.pop() as Bar, '1.2'));
    await pass();
    await until(() => days().length === 2);
    await pass();
    now.mockReturnValue(dayMs + 86_400_000);
    data.known = [{ fromMs: dayMs - 3_600_000, untilMs: dayMs + 86_400_000 }];
    data.bars.push(barOf(dayMs + 82_800_000, '1.3'));
    tell([change(START_MS + 1)]);
    await pass();
    await until(() => days().length === 3);
    expect(days()).toEqual([
      { ...day, c: 1.7, v: 3 },
      { ...day, c: 1.2, v: 4 },
      { ...day, t: dayMs / 1000 + 86_400, o: 1.3, h: 1.3, l: 1.3, c: 1.3, v: 1 },
    ]);
    reader.response.destroy();
  } finally {
    jest.useRealTimers();
    jest.restoreAllMocks();
  }
});

it('shows every five seconds that it lives', async () => {
  byHand();
  try {
    await begin();
    const reader = await read();
    for (let beats = 2; beats < 5; beats += 1) {
      jest.advanceTimersByTime(4_999);
      tell([change(START_MS)]);
      await until(() => news(reader).length === (beats - 1) * 2);
      expect(reader.lines.length - news(reader).length).toBe(beats - 1);
      jest.advanceTimersByTime(1);
      await until(() => reader.lines.length - news(reader).length === beats);
    }
    reader.response.destroy();
  } finally {
    jest.useRealTimers();
  }
});
