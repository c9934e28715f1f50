// A changed fold is released on real processes, under load, with one of them killed in the middle.
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import type { RecordedEvent } from '@core/contracts/event';
import { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { fold } from '@core/kernel/projection';
import { AppProcess, bundleOf } from '@core/machine/app-process';
import { newId } from '@core/service/clock';
import { packColumn } from '@core/service/packed-column';
import { freePort } from '@core/testing/free-port';
import { until } from '@core/testing/until';
import { Client } from 'pg';
import { bundle } from '../build/bundle.ts';
import { newProgram, run } from './cli.ts';
import { OpsHarness } from './ops-harness.fixture.ts';
import { addProjections } from './projections.ts';
import { changedTrail, trail, type Trail } from './trail.fixture.ts';

const BEFORE = 6_000;
const BATCH = 1_000;
const LOAD_PAUSE_MS = 20;
const OTHERS = [exampleId(0xa1), exampleId(0xa2), exampleId(0xa3)];

interface Answer {
  readonly position: number;
  readonly state: Trail;
}

class TrailProcess {
  readonly answers: Answer[] = [];
  private constructor(
    private readonly app: AppProcess,
    private readonly url: string,
  ) {}

  static async start(): Promise<TrailProcess> {
    const [opsPort, port] = [await freePort(), await freePort()];
    const env = { HTTP_PORT: String(port), RELEASE_POLL_MS: '100', SNAPSHOT_MS: '1000' };
    const app = new AppProcess({ name: 'trail-edge', opsPort, env });
    await app.start();
    return new TrailProcess(app, `http://127.0.0.1:${port}/trail/`);
  }

  /** Null while it is not there. */
  async ask(account: string): Promise<Answer | null> {
    try {
      const answer = (await (await fetch(`${this.url}${account}`)).json()) as Answer;
      if (account === harness.account) this.answers.push(answer);
      return answer;
    } catch {
      return null;
    }
  }

  async killed(): Promise<void> {
    await this.app.crash();
  }

  again(): Promise<void> {
    return this.app.start();
  }

  stop(): Promise<void> {
    return this.app.stop();
  }
}

let harness: OpsHarness;
let processes: readonly TrailProcess[] = [];
let log: PostgresEventLog;
let load: { end(): Promise<void> } | undefined;

async function projections(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const said = jest.spyOn(console, 'log').mockImplementation((text: string) => void out.push(text));
  const complained = jest.spyOn(console, 'error').mockImplementation((text: string) => void err.push(text));
  const program = newProgram();
  addProjections(program, { folds: [trail, changedTrail], tables: [] });
  try {
    return { code: await run(program, ['projections', ...args]), out: out.join('\n'), err: err.join('\n') };
  } finally {
    said.mockRestore();
    complained.mockRestore();
  }
}
const phases = async (build: string): Promise<string> => (await projections('list')).out.split('\n').filter((line) => line.includes(` ${build} `)).join('\n'); // prettier-ignore

/** Events go on coming, and everyone goes on being asked. */
function underLoad(account: string): { end(): Promise<void> } {
  let isOver = false;
  const until = async (work: () => Promise<unknown>): Promise<void> => {
    while (!isOver) {
      await work();
      await new Promise((resolve) => setTimeout(resolve, LOAD_PAUSE_MS));
    }
  };
  const writing = until(() =>
    harness.append([
      anEvent('BalanceChanged', {}, { id: newId(), subject: account }),
      anEvent('EquityMarked', {}, { id: newId(), subject: account }),
    ]),
  );
  const asking = processes.map((process) => until(() => process.ask(account)));
  return {
    async end() {
      isOver = true;
      await Promise.all([writing, ...asking]);
    },
  };
}

async function eventsOf(account: string): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of log.readAccount(account)) events.push(...page);
  return events;
}

const served = async (): Promise<(number | undefined)[]> =>
  Promise.all(processes.map(async (process) => (await process.ask(harness.account))?.state.by));

beforeAll(async () => {
  [harness] = await Promise.all([
    OpsHarness.open(),
    bundle({ entry: 'tools/ops/trail-edge.fixture.ts', outfile: bundleOf('trail-edge') }),
  ]);
  log = new PostgresEventLog({ url: harness.database.url });
  for (let done = 0; done < BEFORE; done += BATCH)
    await harness.append(
      Array.from({ length: BATCH }, (_, n) =>
        anEvent(
          n % 2 === 0 ? 'BalanceChanged' : 'EquityMarked',
          {},
          {
            id: newId(),
            subject: n % 5 === 0 ? harness.account : (OTHERS[n % 3] ?? ''),
          },
        ),
      ),
    );
  processes = await Promise.all([TrailProcess.start(), TrailProcess.start()]);
  load = underLoad(harness.account);
});

afterAll(async () => {
  await load?.end();
  await Promise.all(processes.map((process) => process.stop()));
  await log.close();
  await harness.close();
});

it('is filled beside what is served, goes on after a kill in the middle, and nobody sees anything of it', async () => {
  const client = new Client({ connectionString: harness.database.url });
  await client.connect();
  try {
    // Nobody can save what is filled, so that it is not done when the process is killed.
    await client.query('begin; lock table ws_session.checkpoint in share mode');
    const started = await projections('build', 'ws-session', 'trail', '--note', 'fewer events', '--no-wait');
    expect(started).toMatchObject({ code: 0, out: 'ws-session’s trail 2 is being filled' });
    await until(async () => (await phases('2')).includes('filling'));
    await processes[0]?.killed();
  } finally {
    // Whatever failed: what comes after it can be saved.
    await client.end();
  }
  await processes[0]?.again();
  await until(async () => /standing-by +\d+ +-?\d+ +2 of 2/.test(await phases('2')));
  expect(await served()).toEqual([1, 1]);
});

it('differs in what was changed, and the event is named since which it does', async () => {
  const first = (await eventsOf(harness.account)).find(({ type }) => type === 'EquityMarked');
  await until(async () => !(await projections('diff', 'ws-session', 'trail')).err.includes('not been saved yet'));
  const { code, out, err } = await projections('diff', 'ws-session', 'trail', '--account', '10001');
  expect([code, err]).toEqual([1, '']);
  expect(out).toMatch(/differ in 1 of 1 accounts/);
  expect(out).toMatch(new RegExp(`events: \\d+ → \\d+, since ${first?.position} EquityMarked`));
  // The system account too: it has the decision to build.
  const all = await projections('diff', 'ws-session', 'trail', '--json');
  expect(all.err).toBe('');
  expect(JSON.parse(all.out)).toMatchObject({ accounts: 5, different: 5 });
});

it('is served by everyone once that is decided, and taken back at once', async () => {
  expect(await projections('promote', 'ws-session', 'trail', '--note', 'as compared', '--yes')).toMatchObject({
    code: 0,
    err: '',
  });
  expect(await served()).toEqual([2, 2]);
  expect(await projections('rollback', 'ws-session', 'trail', '--note', 'on second thoughts', '--yes')).toMatchObject({
    code: 0,
  });
  expect(await served()).toEqual([1, 1]);
  const { out } = await projections('history');
  expect(
    out
      .split('\n')
      .slice(1)
      .map((line) => line.replace(/^\S+ \S+ +/, '')),
  ).toEqual([
    expect.stringMatching(/^ws-session +trail +build +2 +\S+ +fewer events$/),
    expect.stringMatching(/^ws-session +trail +serve +2 +\S+ +as compared$/),
    expect.stringMatching(/^ws-session +trail +serve +1 +\S+ +on second thoughts$/),
  ]);
});

it('is rebuilt in place where what was saved is corrupt', async () => {
  // Each of them saves: one that runs would put right what is written here.
  for (const process of processes) await process.killed();
  const client = new Client({ connectionString: harness.database.url });
  await client.connect();
  const corrupt = `update ws_session.snapshot set state = $2 where name = 'trail' and account_id = $1`;
  await client.query(corrupt, [OTHERS[0], await packColumn('{"by":1,"events":7,"digest":"wrong"}')]);
  await client.end();
  for (const process of processes) {
    await process.again();
    expect((await process.ask(OTHERS[0] ?? ''))?.state.digest).toBe('wrong');
  }

  const built = await projections('build', 'ws-session', 'trail', '1', '--note', 'corrupt');
  expect(built).toMatchObject({ code: 0, out: 'ws-session’s trail 1#1 is filled and stands by' });
  await until(async () => !(await projections('diff', 'ws-session', 'trail')).err.includes('not been saved yet'));
  const { out } = await projections('diff', 'ws-session', 'trail');
  const corrupted = out.slice(out.indexOf(OTHERS[0] ?? ''));
  expect(corrupted).toContain('what is saved of 1 is not what its fold makes of the log');
  expect(corrupted).not.toContain('saved of 1#1');
  expect((await projections('promote', 'ws-session', 'trail', '--note', 'mended', '--yes')).code).toBe(0);
  const right = fold(trail, await eventsOf(OTHERS[0] ?? ''));
  for (const process of processes) expect((await process.ask(OTHERS[0] ?? ''))?.state).toEqual(right);
});

it('was never shown in halves: every answer is one version of the log up to the position that it names', async () => {
  await load?.end();
  load = undefined;
  const events = await eventsOf(harness.account);
  const versions = [trail, changedTrail].map((each) => ({ each, state: each.initial(), next: 0 }));
  const answers = processes.flatMap((process) => process.answers);
  const mine = answers.toSorted((left, right) => left.position - right.position);
  const wrong = mine.filter(({ position, state }) => {
    for (const version of versions)
      for (let event = events[version.next]; event && event.position <= position; event = events[version.next]) {
        version.each.evolve(version.state, event);
        version.next += 1;
      }
    return !versions.some((version) => JSON.stringify(version.state) === JSON.stringify(state));
  });
  expect(wrong).toEqual([]);
  expect(new Set(mine.map(({ state }) => state.by))).toEqual(new Set([1, 2]));
});

it('is not decided where nothing runs, nor of what is not filled', async () => {
  for (const [args, line] of [
    [['promote', 'ws-session', 'trail'], /nothing of ws-session’s trail is filled beside what is served/],
    [['discard', 'ws-session', 'trail'], /nothing of ws-session’s trail is filled beside what is served/],
    [['promote', 'tv-gateway', 'account'], /no process of tv-gateway is running/],
    [['build', 'ws-session', 'nonsense'], /folds no nonsense: say one of trail/],
    [['build', 'ws-session', 'trail', '9'], /carry trail in version 1, 2, not in 9/],
  ] as const) {
    const { code, err } = await projections(...args, '--note', 'x');
    expect([code, err]).toEqual([2, expect.stringMatching(line)]);
  }
});
