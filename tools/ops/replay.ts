import type { Venue } from '@core/contracts/primitives';
import { toMs } from '@core/kernel/instant';
import type { ReplayPhase, ReplayState } from '@core/operations/replay-state';
import { Option, type Command } from 'commander';
import { SANDBOX_EDGES, type SandboxEdge } from '../infra/sandbox-folder.ts';
import { archiveLines, readArchived, type ArchivedEvent } from './archive.ts';
import { BadInput } from './bad-input.ts';
import { withSystem } from './cli.ts';
import { eventAt } from '@core/operations/event-at';
import { rangeIn, type PositionRange } from './moment-in-log.ts';
import { facts } from './output.ts';
import { progressOf } from './progress.ts';
import type { ReplayedMarket } from './replayed-market.ts';
import { ReplayTeller } from './replay-teller.ts';
import { ReplayControl } from './replay-control.ts';
import type { Sandbox } from './sandbox.ts';
import type { OperatedSystem } from './system.ts';

const SPEED = /^(\d{1,4}(?:\.\d{1,3})?)x$/;
const AS_FAST_AS_POSSIBLE = 'max';

interface ReplayOptions {
  readonly from: string;
  readonly to?: string;
  readonly speed: string;
  readonly into: string;
  readonly edges?: readonly SandboxEdge[];
  readonly paused?: true;
  readonly follow?: true;
}

/** `ops replay …`: the log once more, in a system that only looks. */
export function addReplay(program: Command): void {
  program
    .command('replay')
    .description('play a piece of the log in a sandbox, which no broker can be reached from; p pauses, s steps, q ends')
    .requiredOption('--into <folder>', 'the sandbox: a data folder of its own, made where there is none')
    .option('--from <position|time>', 'what came before is there at once; what comes after it is played', '0')
    .option('--to <position|time>', 'up to it; otherwise as far as the log has come')
    .option('--speed <1x|10x|max>', 'how fast, against the ledger’s clock', AS_FAST_AS_POSSIBLE)
    .addOption(new Option('--edges <name...>', 'the real edges on it, until q').choices([...SANDBOX_EDGES]))
    .option('--paused', 'wait at the beginning')
    .option('--follow', 'for programs: a line of JSON each time it has come further; it ends with what is piped in')
    .action(
      withSystem<ReplayOptions>(async (system, output, { speed, into, from, to, edges = [], paused, follow }) => {
        const factor = factorOf(speed);
        const range = await rangeIn(system.log, to === undefined ? { from } : { from, to });
        const control = new ReplayControl();
        const teller = new ReplayTeller(range, follow ? console.log : () => undefined);
        if (paused) control.press('p');
        const release = takeKeys(control, follow === true, () => teller.now({ phase: phaseOf(control) }));
        // Servers and bundlers come with it: no other verb waits for them.
        const { Sandbox } = await import('./sandbox.ts');
        const sandbox = await Sandbox.open(into, system, console.error);
        try {
          const began = await sandbox.end();
          if (began.position > range.to)
            throw new BadInput(`${into} has come to position ${began.position} already: name another folder`);
          teller.now({ position: began.position });
          const filling = { system, sandbox, market: null, factor: Infinity, control: new ReplayControl() };
          await play(filling, { from: 0, to: range.from }, ({ position }) => teller.soon({ position }));
          const market = edges.length > 0 ? await sandbox.market(system) : null;
          const filled = await sandbox.end();
          if (filled.position > 0)
            await market?.comeTo(toMs((await eventAt(system.log, filled.position)).recordedtime));
          const urls = await sandbox.attach(edges);
          const { databaseUrl, natsUrl } = sandbox.servers;
          if (market) console.error(facts([...Object.entries(urls), ['prices', pricesInWords(market.venues)]]));
          const startedMs = performance.now();
          teller.now({ urls, venues: [...(market?.venues ?? [])], phase: phaseOf(control), position: filled.position });
          const playing = { system, sandbox, market, factor, control };
          const events = await play(playing, range, (come) => {
            const state = { ...come, phase: phaseOf(control) };
            if (control.isPaused) teller.now(state);
            else teller.soon(state);
          });
          const tookMs = Math.round(performance.now() - startedMs);
          const { position, digest } = await sandbox.end();
          if (follow) teller.now({ position, events, phase: 'played' });
          else
            output.say({ ...range, events, position, digest, tookMs, urls, databaseUrl, natsUrl }, () =>
              facts([
                ['played', `${events} events, to position ${position}, in ${(tookMs / 1_000).toFixed(1)} s`],
                ['digest', digest],
              ]),
            );
          if (edges.length > 0) await control.ended();
        } finally {
          release();
          await sandbox.close();
        }
      }),
    );
}

/** How many seconds of the log pass in one. */
function factorOf(speed: string): number {
  if (speed === AS_FAST_AS_POSSIBLE) return Infinity;
  const factor = Number(SPEED.exec(speed)?.[1]);
  if (!(factor > 0)) throw new BadInput(`--speed is like 1x, 10x or max, not ${speed}`);
  return factor;
}

/** What is played, where, with whose prices, how fast, and who may hold it. */
interface Playing {
  readonly system: OperatedSystem;
  readonly sandbox: Sandbox;
  readonly market: ReplayedMarket | null;
  readonly factor: number;
  readonly control: ReplayControl;
}

/** Every batch up to the end of the range that the sandbox does not have, in its own time; how many events that were. */
async function play(
  { system, sandbox, market, factor, control }: Playing,
  { from, to }: PositionRange,
  come: (far: Pick<ReplayState, 'position' | 'recorded' | 'events'>) => void,
): Promise<number> {
  const { position, digest } = await sandbox.end();
  const progress = progressOf('events');
  let [events, lastMs]: [number, number | null] = [0, null];
  try {
    if (position >= to) return 0;
    for await (const { last, lines } of archiveLines(system, { after: position, digest }, await system.log.head())) {
      const batch = lines.map(readArchived).filter((each) => each !== null);
      const atMs = committedMs(batch);
      const afterMs = lastMs === null || factor === Infinity ? 0 : Math.max(0, atMs - lastMs) / factor;
      if (!(await control.turn(afterMs))) break;
      await market?.comeTo(atMs);
      await sandbox.commit(batch);
      lastMs = atMs;
      events += batch.length;
      come({ position: last, recorded: batch[0]?.event.recordedtime ?? null, events });
      progress.at(last - Math.max(from, position), to - Math.max(from, position));
      if (last >= to) break;
    }
  } finally {
    progress.end();
  }
  return events;
}

const pricesInWords = (venues: readonly Venue[]): string =>
  venues.length === 0
    ? 'none: no venue answers now, or no bars are kept'
    : `of ${venues.join(', ')}: the bid with which each minute ended, as the bars have it; the ask is told as the bid`;

const committedMs = ([first]: readonly ArchivedEvent[]): number => toMs(first?.event.recordedtime ?? '');

const phaseOf = ({ isPaused }: ReplayControl): ReplayPhase => (isPaused ? 'paused' : 'playing');

/**
 * Keys of the terminal, or letters of whatever is piped in, whose end is the end where `isFollowed`; the answer gives the
 * terminal back.
 */
function takeKeys(control: ReplayControl, isFollowed: boolean, pressed: () => void): () => void {
  const { stdin } = process;
  const press = (data: Buffer): void => {
    for (const key of data.toString('utf8')) {
      const done = control.press(key);
      if (done === null) continue;
      if (isFollowed) pressed();
      else console.error(done);
    }
  };
  const end = (): void => control.end();
  if (stdin.isTTY) stdin.setRawMode(true);
  stdin.on('data', press);
  if (isFollowed) stdin.on('end', end);
  process.on('SIGINT', end);
  return () => {
    stdin.off('data', press).off('end', end);
    if (stdin.isTTY) stdin.setRawMode(false);
    stdin.pause();
    process.off('SIGINT', end);
  };
}
