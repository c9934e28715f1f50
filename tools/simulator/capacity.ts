import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { JsonSplitter, type JsonObject } from '@core/xapi/wire/json-splitter';
import { buildApps, bundleOf } from '../build/build-apps.ts';

// How much of a core the simulator needs for many logged-in accounts with ticks. Its clients run in this process, on
// another core. Run with: node tools/bootstrap.mjs tools/simulator/capacity.ts [accounts] [ticks/s] [symbols] [levels]

const [accounts = 1_000, ticksPerSecond = 20, symbolCount = 2, levels = 1] = process.argv.slice(2).map(Number);
const SYMBOLS = ['EURUSD', 'GBPUSD', 'USDJPY', 'GOLD', 'US500', 'BITCOIN'];
const MEASURED_MS = 15_000;
const CONTROL_PORT = 47_999;
const LOGIN_BATCH = 50;
const control = `http://127.0.0.1:${CONTROL_PORT}/control`;

async function measure(): Promise<void> {
  await buildApps(['xapi-simulator']);
  const users = Array.from({ length: accounts }, (_, index) => ({
    userId: String(20_000 + index),
    password: 'capacity',
  }));
  const simulator = spawn(process.execPath, [bundleOf('xapi-simulator')], {
    env: {
      ...process.env,
      LOG_LEVEL: 'warn',
      SIMULATOR_TCP_PORT: '0',
      SIMULATOR_CONTROL_PORT: String(CONTROL_PORT),
      SIMULATOR_ACCOUNTS: JSON.stringify(users),
      SIMULATOR_KNOBS: JSON.stringify({
        maxConnectionsPerAddress: 10_000,
        firstDataMs: { main: 0 },
        market: { ticksPerSecond },
      }),
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const { tcp } = (await ask('/addresses')) as { tcp: { main: string; stream: string } };
  const clients: Client[] = [];
  for (let at = 0; at < users.length; at += LOGIN_BATCH) {
    const batch = users.slice(at, at + LOGIN_BATCH).map((user) => Client.open(tcp, user.userId, user.password));
    clients.push(...(await Promise.all(batch)));
  }
  await pause(2_000);
  const [before, framesBefore] = [cpuMs(simulator.pid ?? 0), Client.frames];
  await pause(MEASURED_MS);
  const cpu = (cpuMs(simulator.pid ?? 0) - before) / MEASURED_MS;
  const frames = Math.round(((Client.frames - framesBefore) / MEASURED_MS) * 1_000);
  console.log(
    `${accounts} accounts, ${ticksPerSecond} ticks/s of ${symbolCount} symbols, ${levels} levels: ` +
      `${Math.round(cpu * 100)} % of a core, ${frames} frames/s (${accounts * ticksPerSecond * symbolCount * levels} asked for)`,
  );
  clients.forEach((client) => client.close());
  simulator.kill('SIGTERM');
  await once(simulator, 'exit');
}

class Client {
  static frames = 0;

  private constructor(
    private readonly main: Socket,
    private readonly stream: Socket,
  ) {}

  static async open({ main, stream }: { main: string; stream: string }, userId: string, password: string) {
    const client = new Client(await dial(main), await dial(stream));
    client.main.write(JSON.stringify({ command: 'login', arguments: { userId, password } }));
    const token = await new Promise<unknown>((resolve) => {
      read(client.main, ({ streamSessionId }) => resolve(streamSessionId));
    });
    client.stream.on('data', (bytes) => (Client.frames += newlines(bytes) / 2));
    for (const symbol of SYMBOLS.slice(0, symbolCount)) {
      const wish = { symbol, minArrivalTime: 1, maxLevel: levels - 1 };
      client.stream.write(JSON.stringify({ command: 'getTickPrices', streamSessionId: token, ...wish }));
    }
    return client;
  }

  close(): void {
    this.main.destroy();
    this.stream.destroy();
  }
}

async function dial(address: string): Promise<Socket> {
  const { hostname, port } = new URL(`tcp://${address}`);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  return socket;
}

function read(socket: Socket, each: (message: JsonObject) => void): void {
  const splitter = new JsonSplitter(1 << 20);
  socket.on('data', (bytes) => splitter.push(bytes).messages.forEach(each));
}

/** Two for each message: counting them costs the measuring side less than reading would. */
function newlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}

/** Of the process, user and system, as the kernel counts it in hundredths of a second. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function ask(path: string): Promise<unknown> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const answer = await fetch(`${control}${path}`).catch(() => null);
    if (answer) return answer.json();
    await pause(100);
  }
  throw new Error('the simulator did not start');
}

measure().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
