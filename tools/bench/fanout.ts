import { anEvent } from '@core/contracts/examples.fixture';
import { toMs } from '@core/kernel/instant';
import { present } from '@core/kernel/present';
import { newId } from '@core/service/clock';
import { progressOf } from '../ops/progress.ts';
import { BareSockets } from './bare-sockets.ts';
import { OpenSessions } from './open-sessions.ts';
import { latency, median, percentile, throughput, type Row } from './row.ts';
import type { Servers } from './servers.ts';
import { SessionBench } from './session-harness.ts';

const FLOOR = 0.8;
const ROUNDS = 5;
/** Of a round, whose events come together. */
const FRAMES = 50_000;
const SINGLE = 50;

interface Side {
  readonly sessions: OpenSessions;
  tell(events: number): Promise<unknown>;
  cpuMs(): Promise<number>;
}

interface Round {
  readonly framesPerSecond: number;
  /** Microseconds of CPU. */
  readonly cpuPerFrame: number;
}

/**
 * Events told to so many sessions, in turns with a loop of the same library that sends the same bytes: frames a second
 * from the first to the last, and CPU of a frame. Then one event after the other, from its commit to each of its frames.
 */
export async function fanout(servers: Servers, counts: readonly number[]): Promise<Row[]> {
  const bench = await SessionBench.open(servers, 1);
  const bare = await BareSockets.start();
  const ours = new OpenSessions(bench.port);
  const theirs = new OpenSessions(bare.port);
  try {
    const account = present(bench.accounts[0], 'there is an account');
    const state = (count: number): void =>
      bench.state(
        account,
        Array.from({ length: count }, () =>
          anEvent('BalanceChanged', {}, { id: newId(), subject: account, correlationid: newId() }),
        ),
      );
    const us: Side = { sessions: ours, tell: async (count) => state(count), cpuMs: () => bench.cpuMs() };
    const them: Side = {
      ...{ sessions: theirs, cpuMs: () => bare.cpuMs() },
      tell: async (count) => bare.tell(ours.last, count),
    };
    const rows: Row[] = [];
    for (const count of counts) {
      const [before, bareBefore] = [await bench.heldBytes(), await bare.heldBytes()];
      const added = count - ours.count;
      await ours.open(added, bench.auth());
      await theirs.open(added, null);
      const held = ((await bench.heldBytes()) - before) / added;
      const bareHeld = ((await bare.heldBytes()) - bareBefore) / added;
      rows.push(
        latency({
          ...{ id: `ws.session.memory.${count}`, what: `memory of an idle session, of ${count}, garbage collected` },
          ...{ value: held / 1_024, unit: 'kB', limit: bareHeld / 1_024, floor: null },
        }),
        ...(await inTurns(us, them, count)),
        ...(await commitToFrame(bench, ours, () => state(1))),
      );
    }
    return rows;
  } finally {
    ours.close();
    theirs.close();
    await bare.stop();
    await bench.close();
  }
}

async function inTurns(us: Side, them: Side, count: number): Promise<Row[]> {
  const events = FRAMES / count;
  await round(us, events);
  await round(them, events);
  const progress = progressOf(`rounds of ws.fanout.${count}`);
  const measured: [ours: Round[], bare: Round[]] = [[], []];
  for (let n = 0; n < ROUNDS; n += 1)
    for (const [index, side] of [us, them].entries()) {
      measured[index]?.push(await round(side, events));
      progress.at(n * 2 + index + 1, ROUNDS * 2);
    }
  progress.end();
  const [ours, bare] = measured;
  const middle = (of: (round: Round) => number) => ({ value: median(ours.map(of)), limit: median(bare.map(of)) });
  const what = `an event to ${count.toLocaleString('en-US')} sessions, beside a bare loop of the same bytes`;
  return [
    throughput({
      ...{ id: `ws.fanout.${count}`, what, unit: 'frames/s', floor: FLOOR },
      ...middle(({ framesPerSecond }) => framesPerSecond),
    }),
    latency({
      ...{ id: `ws.fanout.${count}.cpu`, what: `${what}, CPU of a frame`, unit: 'µs', floor: null },
      ...middle(({ cpuPerFrame }) => cpuPerFrame),
    }),
  ];
}

async function round({ sessions, tell, cpuMs: cpu }: Side, events: number): Promise<Round> {
  const before = await cpu();
  const told = sessions.told(events);
  await tell(events);
  const { ms, arrivals } = await told;
  const cpuMs = (await cpu()) - before;
  return { framesPerSecond: (arrivals.length / ms) * 1_000, cpuPerFrame: (cpuMs / arrivals.length) * 1_000 };
}

async function commitToFrame(bench: SessionBench, sessions: OpenSessions, state: () => void): Promise<Row[]> {
  const measured: number[] = [];
  for (let n = 0; n < SINGLE; n += 1) {
    const head = await bench.log.head();
    const told = sessions.told(1);
    state();
    const { arrivals } = await told;
    for await (const [event] of bench.log.read(head)) {
      const committed = toMs(present(event, 'it was told').recordedtime) - performance.timeOrigin;
      for (const arrival of arrivals) measured.push(arrival - committed);
    }
  }
  const { count } = sessions;
  const row = (id: string, percent: number): Row =>
    latency({
      ...{ id, unit: 'ms', limit: null, floor: null, value: percentile(measured, percent) },
      what: `from the commit of an event to its frame, each of ${count.toLocaleString('en-US')} sessions, p${percent}`,
    });
  return [row(`ws.told.${count}`, 50), row(`ws.told.${count}.p99`, 99)];
}
