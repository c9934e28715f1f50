import { succeeds } from '@core/kernel/succeeds';
import { AppProcess } from '@core/machine/app-process';
import { PortBook } from '@core/machine/ports';
import { within } from '@core/machine/within';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Metrics } from './metrics.ts';
import { latency, type Row } from './row.ts';
import { questionsOver, dial } from './xapi-socket.ts';

const SYMBOLS = ['EURUSD', 'GOLD', 'US500'];
const TICKS_PER_SECOND = 20;
const STREAMS = ['getBalance', 'getTrades', 'getTradeStatus', 'getProfits', 'getKeepAlive'];
const ORDER = { type: 0, cmd: 0, symbol: 'EURUSD', volume: 0.1, price: 1 };
const PASSWORD = 'capacity';
const LOGINS_AT_ONCE = 100;
const START_TIMEOUT_MS = 20_000;
const SETTLE_MS = 1_000;
const ONE_CORE = 100;
/** The lag is that of a timer of so many milliseconds, which are in it; it counts from one reading to the next. */
const LAG_SAMPLE_MS = 10;

interface Options {
  readonly accounts: number;
  readonly seconds: number;
}

/**
 * What the simulator needs of one core while every account is logged in on a socket of its own, holds a position, and
 * streams ticks of three instruments, trades, balance and profits over another. Its clients are in this process.
 * Throws when fewer ticks came than were asked for: a simulator that falls behind is not one that needs little.
 */
export async function simulator({ accounts, seconds }: Options): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'trading-core-bench-'));
  const ports = new PortBook(join(folder, 'ports.json'), 'auto');
  const [control, ops] = [await ports.claim('control', 0), await ports.claim('ops', 0)];
  const users = Array.from({ length: accounts }, (_, n) => ({ userId: String(20_000 + n), password: PASSWORD }));
  const running = simulatorOf(users, control, ops);
  const clients: Client[] = [];
  try {
    await running.start();
    const address = await addresses(control);
    for (let from = 0; from < users.length; from += LOGINS_AT_ONCE) {
      const batch = users.slice(from, from + LOGINS_AT_ONCE).map(({ userId }) => Client.open(address, userId));
      clients.push(...(await Promise.all(batch)));
    }
    await pause(SETTLE_MS);
    const [before, framesBefore, startedAt] = [await Metrics.read(ops), Client.frames, performance.now()];
    await pause(seconds * 1_000);
    const [after, tookMs] = [await Metrics.read(ops), performance.now() - startedAt];
    const framesPerSecond = (Client.frames - framesBefore) / (tookMs / 1_000);
    const asked = accounts * SYMBOLS.length * TICKS_PER_SECOND;
    if (framesPerSecond < asked) throw new Error(`${framesPerSecond} frames/s came, ${asked} ticks/s were asked for`);
    return rows(accounts, framesPerSecond, ((after.cpuMs - before.cpuMs) / tookMs) * ONE_CORE, after);
  } finally {
    for (const client of clients) client.close();
    await running.stop();
    rmSync(folder, { recursive: true });
  }
}

function rows(accounts: number, framesPerSecond: number, cpu: number, metrics: Metrics): Row[] {
  const what = `${accounts} accounts, ${TICKS_PER_SECOND} ticks/s of ${SYMBOLS.length} instruments`;
  return [
    latency({
      id: 'simulator.capacity',
      what: `${what}, ${Math.round(framesPerSecond)} frames/s: CPU, beside one whole core`,
      ...{ value: cpu, unit: '% of a core', limit: ONE_CORE, floor: 1 },
    }),
    latency({
      id: 'simulator.lag',
      what: 'how late its event loop is meanwhile, p99',
      ...{
        value: metrics.value('nodejs_eventloop_lag_p99_seconds') * 1_000 - LAG_SAMPLE_MS,
        unit: 'ms',
        limit: null,
        floor: null,
      },
    }),
  ];
}

function simulatorOf(
  users: readonly { userId: string; password: string }[],
  control: number,
  opsPort: number,
): AppProcess {
  return new AppProcess({
    name: 'xapi-simulator',
    opsPort,
    env: {
      LOG_LEVEL: 'warn',
      SIMULATOR_TCP_PORT: '0',
      SIMULATOR_CONTROL_PORT: String(control),
      SIMULATOR_ACCOUNTS: JSON.stringify(users),
      SIMULATOR_KNOBS: JSON.stringify({
        maxConnectionsPerAddress: 100_000,
        pacing: { enforce: false },
        market: { ticksPerSecond: TICKS_PER_SECOND },
      }),
    },
  });
}

interface Addresses {
  readonly main: string;
  readonly stream: string;
}

/** A logged-in account on its two sockets, subscribed to everything, with one open position. */
class Client {
  /** Received by all of them. */
  static frames = 0;

  private constructor(
    private readonly main: Socket,
    private readonly stream: Socket,
  ) {}

  static async open({ main, stream }: Addresses, userId: string): Promise<Client> {
    const client = new Client(await dial(main), await dial(stream));
    const ask = questionsOver(client.main);
    const { streamSessionId } = await ask({ command: 'login', arguments: { userId, password: PASSWORD } });
    client.stream.on('data', (bytes) => (Client.frames += messagesIn(bytes)));
    for (const symbol of SYMBOLS) client.write({ command: 'getTickPrices', streamSessionId, symbol, ...EVERY_TICK });
    for (const command of STREAMS) client.write({ command, streamSessionId });
    await ask({ command: 'tradeTransaction', arguments: { tradeTransInfo: ORDER } });
    return client;
  }

  close(): void {
    this.main.destroy();
    this.stream.destroy();
  }

  private write(command: object): void {
    this.stream.write(JSON.stringify(command));
  }
}

const EVERY_TICK = { minArrivalTime: 1, maxLevel: 0 };

/** Each is followed by two newlines: counting them costs this side less than reading would. */
function messagesIn(bytes: Buffer): number {
  let newlines = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) newlines++;
  return newlines / 2;
}

async function addresses(control: number): Promise<Addresses> {
  const url = `http://127.0.0.1:${control}/control/addresses`;
  const isThere = await within(START_TIMEOUT_MS, () => succeeds(fetch(url)));
  if (!isThere) throw new Error('the simulator did not start');
  return ((await (await fetch(url)).json()) as { tcp: Addresses }).tcp;
}
