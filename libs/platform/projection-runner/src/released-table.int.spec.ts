// Builds of a table in two processes on one database: whatever is decided and killed, readers see one of them whole.
import { present } from '@core/kernel/present';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { until } from '@core/testing/until';
import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { Pool } from 'pg';
import { createEventRow, eventRow, rowsOfBuild, saidBy } from './event-row.fixture.ts';
import { migrateProjections } from './migrations.ts';
import { ReleasedTable } from './released-table.ts';
import { releaseOf, spellBuild, type Build, type ReleaseDecision } from './releases.ts';
import type { TableProjection } from './table-projection.ts';
import { TalkingLog } from './toys.fixture.ts';
import { UnfoldableEvent } from './unfoldable-event.ts';

const limits = { pollMs: 20, retryPauseMs: 1 };
const carried: readonly [TableProjection, ...TableProjection[]] = [eventRow(1), eventRow(2)];

let database: FreshDatabase;
let admin: Pool;

beforeAll(async () => {
  // What the killed were at in the background fails.
  Logger.overrideLogger(false);
  database = await freshDatabase();
  await migrateProjections(database.url, 'projection');
  admin = new Pool({ connectionString: database.url, max: 2 });
  await admin.query(createEventRow);
});
beforeEach(emptied);
afterEach(async () => {
  for (const process of processes.splice(0)) await process.killed();
});
afterAll(async () => {
  await admin.end();
  await database.drop();
});

async function emptied(): Promise<void> {
  await admin.query('truncate projection.table_checkpoint, projection.event_row');
}

const processes: Process[] = [];
let started = 0;

/** A process as far as tables go: connections of its own, which a kill cuts. */
class Process {
  readonly failures: unknown[] = [];
  private constructor(
    private readonly name: string,
    private readonly pool: Pool,
    readonly log: TalkingLog,
    tables: typeof carried,
    decisions: readonly ReleaseDecision[],
  ) {
    this.table = new ReleasedTable({
      ...{ log, pool, limits },
      schema: 'projection',
      carried: tables,
      decisions: async () => decisions,
      onFailure: (error) => this.failures.push(error),
    });
  }
  readonly table: ReleasedTable;

  static async start(log: TalkingLog, decisions: readonly ReleaseDecision[], tables = carried): Promise<Process> {
    const name = `table-process-${(started += 1)}`;
    const pool = new Pool({ connectionString: database.url, max: 4, application_name: name });
    pool.on('error', () => undefined);
    const process = new Process(name, pool, log, tables, decisions);
    processes.push(process);
    await process.table.start();
    return process;
  }

  get builds(): readonly string[] {
    return this.table.releases().flatMap(({ builds }) => builds.map((each) => `${spellBuild(each)} ${each.phase}`));
  }

  /** In the middle of whatever it is at. */
  async killed(): Promise<void> {
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [
      this.name,
    ]);
    await this.table.stop().catch(() => undefined);
    if (!this.pool.ended) await this.pool.end();
  }

  /** How far the rows that a reader gets go; they must be all rows of one build up to there. */
  async read(): Promise<number> {
    const { served } = this.table;
    const rows = await rowsOfBuild(admin, served);
    const events = (await this.log.all()).slice(0, rows.length);
    expect(rows).toEqual(
      events.map(({ position, id, type }) => ({ position, eventId: id, says: saidBy(served.version, type) })),
    );
    return rows.length;
  }
}

const decision = (act: ReleaseDecision['act'], { version, build }: Build): ReleaseDecision => ({
  ...{ name: 'event-row', act, version, build },
});

/** What operators decide, of what there is to decide. */
function decide(decisions: ReleaseDecision[], act: 'build' | 'promote' | 'rollback' | 'discard', version: number) {
  const { candidate, previous } = releaseOf([1, 2], decisions);
  if (act === 'build') {
    const build = Math.max(0, ...decisions.filter((each) => each.version === version).map((each) => each.build)) + 1;
    decisions.push(decision('build', { version, build }));
  }
  if (act === 'promote' && candidate) decisions.push(decision('serve', candidate));
  if (act === 'rollback' && previous) decisions.push(decision('serve', previous));
  if (act === 'discard' && candidate) decisions.push(decision('discard', candidate));
}

it('shows readers one build whole and never less than before, whatever is decided, heard late and killed', async () => {
  const who = fc.nat({ max: 1 });
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('commit' as const), events: fc.integer({ min: 1, max: 4 }), who }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('decide' as const),
        act: fc.constantFrom('build', 'build', 'promote', 'promote', 'rollback', 'discard'),
        version: fc.integer({ min: 1, max: 2 }),
      }),
    },
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('hear' as const), who }) },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('read' as const), who }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), turns: fc.integer({ min: 1, max: 20 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('kill' as const), who }) },
  );
  let served = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 50, size: 'max' }), async (steps) => {
      await emptied();
      const log = new TalkingLog();
      const slow = slowly(log);
      await log.commitSome(5);
      const decisions: ReleaseDecision[] = [];
      const living = await Promise.all([Process.start(slow, decisions), Process.start(slow, decisions)]);
      const seen = [0, 0];
      const read = async (index: number): Promise<void> => {
        const position = await present(living[index], 'no process').read();
        expect(position).toBeGreaterThanOrEqual(seen[index] ?? 0);
        seen[index] = position;
      };
      for (const next of steps) {
        if (next.kind === 'commit') {
          const batch = await log.commitSome(next.events);
          living[next.who]?.table.offer(batch);
        } else if (next.kind === 'decide') {
          decide(decisions, next.act, next.version);
        } else if (next.kind === 'hear') {
          living[next.who]?.table.decide([...decisions]);
        } else if (next.kind === 'read') {
          await read(next.who);
        } else if (next.kind === 'wait') {
          for (let turn = 0; turn < next.turns; turn += 1) await new Promise(setImmediate);
        } else if (next.kind === 'kill') {
          await living[next.who]?.killed();
          living[next.who] = await Process.start(slow, decisions);
        }
      }
      const wanted = releaseOf([1, 2], decisions).served;
      for (const [index, { table }] of living.entries())
        await until(async () => {
          table.decide(decisions);
          await read(index);
          return spellBuild(table.served) === spellBuild(wanted) && seen[index] === (await log.head());
        });
      if (spellBuild(wanted) !== '1') served += 1;
      for (const process of living) expect(process.failures).toEqual([]);
      for (const process of processes.splice(0)) await process.killed();
    }),
    { numRuns: 10 },
  );
  expect(served).toBeGreaterThan(0);
});

it('goes on from its checkpoint where the filling of a build was killed', async () => {
  const log = new TalkingLog();
  for (let n = 0; n < 20; n += 1) await log.commitSome(5);
  let isOpen = false;
  const gated = Object.assign(Object.create(log) as TalkingLog, {
    async *read(after: number) {
      for (const event of await log.all()) {
        if (event.position <= after) continue;
        if (event.position > 40 && after < 100) await until(async () => isOpen);
        yield [event];
      }
    },
  });
  const decisions = [decision('build', { version: 1, build: 1 })];
  isOpen = true;
  const first = await Process.start(gated, []);
  isOpen = false;
  first.table.decide(decisions);
  const filledTo = async (): Promise<number> =>
    (await rowsOfBuild(admin, { version: 1, build: 1 })).at(-1)?.position ?? 0;
  await until(async () => (await filledTo()) === 40);
  isOpen = true;
  await first.killed();
  const kept = await filledTo();
  expect(kept).toBeLessThan(100);
  const from: number[] = [];
  const watched = Object.assign(Object.create(log) as TalkingLog, {
    read: (after: number) => (from.push(after), log.read(after)),
  });
  const again = await Process.start(watched, decisions);
  await until(async () => again.builds.includes('1#1 standing-by'));
  expect(Math.min(...from)).toBe(kept);
});

it('lets go of the rows of what is discarded, in every process, and keeps those that were served', async () => {
  const log = new TalkingLog();
  await log.commitSome(5);
  const decisions: ReleaseDecision[] = [];
  const two = [await Process.start(log, decisions), await Process.start(log, decisions)];
  const heard = async (builds: readonly string[]): Promise<void> => {
    for (const each of two)
      await until(async () => {
        each.table.decide(decisions);
        return each.builds.join() === builds.join();
      });
  };
  decide(decisions, 'build', 1);
  await heard(['1 served', '1#1 standing-by']);
  decide(decisions, 'promote', 1);
  await heard(['1#1 served', '1 standing-by']);
  decide(decisions, 'build', 1);
  await heard(['1#1 served', '1 standing-by', '1#2 standing-by']);
  decide(decisions, 'discard', 1);
  await heard(['1#1 served', '1 standing-by']);
  const left = async (): Promise<readonly string[]> =>
    (await admin.query<Build>('select distinct version, build from projection.event_row order by 1, 2')).rows.map(
      spellBuild,
    );
  await until(async () => (await left()).join() === '1,1#1');
});

it('drops what nobody has had at hand for as long as snapshots are kept, and nothing else', async () => {
  const log = new TalkingLog();
  await log.commitSome(3);
  for (const tables of [[eventRow(1)], [eventRow(2)], [eventRow(3)]] as const)
    await (await Process.start(log, [], tables)).killed();
  const age = (days: number, version: number) =>
    admin.query(`update projection.table_checkpoint set used_at = now() - $1 * interval '1 day' where version = $2`, [
      ...[days, version],
    ]);
  await age(8, 1);
  await age(6, 2);
  await age(8, 3);
  await Process.start(log, [], [eventRow(3)]);
  const left = async (table: string): Promise<readonly number[]> =>
    (await admin.query<Build>(`select distinct version from projection.${table} order by version`)).rows.map(
      ({ version }) => version,
    );
  await until(async () => (await left('table_checkpoint')).length === 2);
  expect([await left('table_checkpoint'), await left('event_row')]).toEqual([
    [2, 3],
    [2, 3],
  ]);
});

it('is not ended by a new version that cannot take what the log holds, now or later', async () => {
  const broken = (from: number): TableProjection => ({
    ...eventRow(2),
    writer: (build) => async (client, events) => {
      const bad = events.find(({ position }) => position >= from);
      if (bad) throw new UnfoldableEvent('event-row', bad, new Error('never seen that'));
      await eventRow(2).writer(build)(client, events);
    },
  });
  for (const from of [2, 5]) {
    await emptied();
    const log = new TalkingLog();
    await log.commitSome(3);
    const decisions = [decision('build', { version: 2, build: from })];
    const process = await Process.start(log, decisions, [eventRow(1), broken(from)]);
    if (from > 3) await until(async () => process.builds.includes(`2#${from} standing-by`));
    process.table.offer(await log.commitSome(from));
    await until(async () => process.builds.join() === `1 served,2#${from} failed`);
    expect(process.table.releases()[0]?.builds[1]?.reason).toBe(`event-row at position ${from}: never seen that`);
    await until(async () => (await process.read()) === (await log.head()));
    expect(process.failures).toEqual([]);
    await process.killed();
  }
});

/** The same log, whose reads let others run between events. */
function slowly(log: TalkingLog): TalkingLog {
  return Object.assign(Object.create(log) as TalkingLog, {
    async *read(after: number) {
      for await (const page of log.read(after))
        for (const event of page) {
          await new Promise(setImmediate);
          yield [event];
        }
    },
  });
}
