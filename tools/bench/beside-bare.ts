import { progressOf } from '../ops/progress.ts';
import { load, OpenConnections, type Loaded } from './http-load.ts';
import { latency, middlePair, percentile, throughput, type Row } from './row.ts';

const RUNS = 9;
const SECONDS = 1;
const WARM_UP_SECONDS = 2;
const WARM_UP = 30_000;

/** A server, and what it has used. */
interface Server {
  readonly port: number;
  /** Milliseconds of CPU. */
  cpuMs(): Promise<number>;
}

interface Connected {
  readonly server: Server;
  readonly connections: OpenConnections;
}

interface Asked {
  readonly id: string;
  readonly what: string;
  /** One for each connection. */
  readonly requests: readonly Buffer[];
  readonly status: number;
  /** Of the answers a second. */
  readonly floor: number | null;
}

interface Costed extends Loaded {
  /** Microseconds of CPU that an answer took. */
  readonly cpuUs: number;
}

/** What was measured one after the other, whichever was the first. */
interface Pair {
  readonly ours: Costed;
  readonly bare: Costed;
}

/**
 * Our server and the bare one, asked the same in turns, so that what else the machine does meets both alike: answers a
 * second, CPU of an answer and how long one takes. Of each the pair is told whose ratio is the middle one: on a machine
 * that others use, two that were measured within a second or two can be compared, and two medians cannot. Pages keep
 * their connections, so those of both stay open, and what it costs to open one is not counted.
 */
export async function besideBare(ours: Server, bare: Server, asked: Asked): Promise<Row[]> {
  const [ourSide, bareSide] = await Promise.all([connected(ours, asked), connected(bare, asked)]);
  try {
    const pairs: Pair[] = [];
    const progress = progressOf(`pairs of ${asked.id}`);
    for (let run = 0; run < RUNS; run += 1) {
      const [first, second] = run % 2 === 0 ? [ourSide, bareSide] : [bareSide, ourSide];
      const measured = [await costed(first), await costed(second)] as const;
      pairs.push(
        first === ourSide ? { ours: measured[0], bare: measured[1] } : { ours: measured[1], bare: measured[0] },
      );
      progress.at(run + 1, RUNS);
    }
    progress.end();
    return rowsOf(asked, pairs);
  } finally {
    for (const { connections } of [ourSide, bareSide]) connections.close();
  }
}

/** Until its code has been compiled for what it does all the time. */
export async function warmUp({ port }: Server, requests: readonly Buffer[]): Promise<void> {
  const progress = progressOf(`answers of port ${port} to warm up`);
  for (let answered = 0; answered < WARM_UP;) {
    const { latencies } = await load({ port, requests, status: 200, seconds: WARM_UP_SECONDS });
    answered += latencies.length;
    progress.at(answered, WARM_UP);
  }
  progress.end();
}

/** Each connection has been answered once. */
async function connected(server: Server, { requests, status }: Asked): Promise<Connected> {
  const connections = await OpenConnections.open({ port: server.port, requests, status });
  await connections.ask(0);
  return { server, connections };
}

async function costed({ server, connections }: Connected): Promise<Costed> {
  const before = await server.cpuMs();
  const loaded = await connections.ask(SECONDS);
  return { ...loaded, cpuUs: (((await server.cpuMs()) - before) * 1_000) / loaded.latencies.length };
}

function rowsOf({ id, what: asked, floor }: Asked, pairs: readonly Pair[]): Row[] {
  const what = `${asked}, beside a bare server of the same bytes`;
  const middle = (of: (run: Costed) => number) =>
    middlePair(pairs.map(({ ours, bare }) => ({ value: of(ours), limit: of(bare) })));
  return [
    throughput({ id, what, ...middle(({ perSecond }) => perSecond), unit: 'answers/s', floor }),
    latency({
      ...{ id: `${id}.cpu`, what: `${what}, CPU of an answer`, unit: 'µs', floor: null },
      ...middle(({ cpuUs }) => cpuUs),
    }),
    latency({
      ...{ id: `${id}.p99`, what: `${what}, p99`, unit: 'ms', floor: null },
      ...middle(({ latencies }) => percentile(latencies, 99)),
    }),
  ];
}
