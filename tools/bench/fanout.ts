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
/** Of a round. */
const FRAMES = 50_000;
/** What of a round comes at once: everything, as after a burst, or one event after the other. */
const TOLD = {
  together: { id: 'ws.fanout', what: 'events that come together' },
  one: { id: 'ws.fanout.one', what: 'one event after the other' },
} as const;
type Told = keyof typeof TOLD;
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
 * Events told to so many sessions, together and one after the other, in turns with a loop of the same library that sends
 * the same bytes: frames a second from the first to the last, and CPU of a frame. Then from the commit of an event to each
 * of its frames.
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
        ...(await inTurns(us, them, count, 'together')),
        ...(await inTurns(us, them, count, 'one')),
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

async function inTurns(us: Side, them: Side, count: number, told: Told): Promise<Row[]> {
  const events = FRAMES / count;
  const parts = told === 'one' ? Array.from({ length: events }, () => 1) : [events];
  const id = `${TOLD[told].id}.${count}`;
  await round(us, parts);
  await round(them, parts);
  const progress = progressOf(`rounds of ${id}`);
  const measured: [ours: Round[], bare: Round[]] = [[], []];
  for (let n = 0; n < ROUNDS; n += 1)
    for (const [index, side] of [us, them].entries()) {
      measured[index]?.push(await round(side, parts));
      progress.at(n * 2 + index + 1, ROUNDS * 2);
    }
  progress.end();
  const [ours, bare] = measured;
  const middle = (of: (round: Round) => number) => ({ value: median(ours.map(of)), limit: median(bare.map(of)) });
  const what = `${TOLD[told].what}, to ${count.toLocaleString('en-US')} sessions, beside a bare loop of the same bytes`;
  return [
    throughput({
      ...{ id, what, unit: 'frames/s', floor: FLOOR },
      ...middle(({ framesPerSecond }) => framesPerSecond),
    }),
    latency({
      ...{ id: `${id}.cpu`, what: `${what}, CPU of a frame`, unit: 'µs', floor: null },
      ...middle(({ cpuPerFrame }) => cpuPerFrame),
    }),
  ];
}

/** `parts` are the events that come together, and the next once all have heard these. */
async function round({ sessions, tell, cpuMs: cpu }: Side, parts: readonly number[]): Promise<Round> {
  const before = await cpu();
  let [frames, ms] = [0, 0];
  for (const events of parts) {
    const told = sessions.told(events);
    await tell(events);
    const heard = await told;
    frames += heard.arrivals.length;
    ms += heard.ms;
  }
  const cpuMs = (await cpu()) - before;
  return { framesPerSecond: (frames / ms) * 1_000, cpuPerFrame: (cpuMs / frames) * 1_000 };
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
