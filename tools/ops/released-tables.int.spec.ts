// The gateway's history is filled anew after a corruption, on real processes, under load, with one killed in the middle.
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import type { Event, EventBody, EventType } from '@core/contracts/event';
import { AppProcess } from '@core/machine/app-process';
import { newId } from '@core/service/clock';
import { freePort } from '@core/testing/free-port';
import { until } from '@core/testing/until';
import { Client } from 'pg';
import { change, OpsHarness, ops } from './ops-harness.fixture.ts';

const TRADES = 20;
const OTHERS_EVENTS = 6_000;
const BATCH = 1_000;
const LOAD_PAUSE_MS = 20;
const GATE = 77;
const HISTORY = ['tv-gateway', 'tv-gateway-history'] as const;
const LISTS = ['ordersHistory', 'executions'] as const;

/** Rows as they came about. */
type Rows = readonly { readonly id: string; readonly status?: string }[];
type Answers = Record<(typeof LISTS)[number], Rows[]>;

class Gateway {
  readonly answers: Answers = { ordersHistory: [], executions: [] };
  private token = '';

  private constructor(
    private readonly app: AppProcess,
    private readonly url: string,
  ) {}

  static async start(): Promise<Gateway> {
    const [opsPort, port] = [await freePort(), await freePort()];
    const env = { PORT: String(port), RELEASE_POLL_MS: '100', HISTORY_MAX: '10000' };
    const gateway = new Gateway(new AppProcess({ name: 'tv-gateway', opsPort, env }), `http://127.0.0.1:${port}`);
    await gateway.again();
    return gateway;
  }

  async again(): Promise<void> {
    await this.app.start();
    const body = new URLSearchParams({ login: 'ada', password: 'correct horse', locale: 'en' });
    const answer = await fetch(`${this.url}/authorize`, { method: 'POST', body });
    this.token = ((await answer.json()) as { d: { access_token: string } }).d.access_token;
  }

  /** Null while it is not there. */
  async ask(list: (typeof LISTS)[number]): Promise<Rows | null> {
    const query = list === 'executions' ? '?locale=en&instrument=EURUSD' : '?locale=en';
    try {
      const headers = { authorization: `Bearer ${this.token}` };
      const answer = await fetch(`${this.url}/accounts/${harness.account}/${list}${query}`, { headers });
      const { s, d } = (await answer.json()) as { s: string; d: Rows };
      if (s !== 'ok') throw new Error('it cannot say');
      this.answers[list].push(d.toReversed());
      return d.toReversed();
    } catch {
      return null;
    }
  }

  killed(): Promise<void> {
    return this.app.crash();
  }

  stop(): Promise<void> {
    return this.app.stop();
  }
}

let harness: OpsHarness;
let client: Client;
let gateways: readonly Gateway[] = [];
let load: { end(): Promise<void> } | undefined;
/** What was shown before anything was corrupted. */
let first: Record<(typeof LISTS)[number], Rows>;
let corrupted: { readonly order: string; readonly execution: string };

const an = <Type extends EventType>(type: Type, data: Partial<EventBody<Type>['data']> = {}): Event =>
  anEvent(type, data, { id: newId(), subject: harness.account });

function trade(): readonly Event[] {
  const [orderId, positionId] = [newId(), newId()];
  return [
    an('OrderRequested', { orderId, stopLoss: null, takeProfit: null }),
    an('OrderFilled', { orderId, positionId }),
    an('PositionOpened', { orderId, positionId, stopLoss: null, takeProfit: null }),
    an('PositionClosed', { positionId }),
  ];
}

/** Trades go on, and everyone goes on being asked. */
function underLoad(): { end(): Promise<void> } {
  let isOver = false;
  const going = async (work: () => Promise<unknown>): Promise<void> => {
    while (!isOver) {
      await work();
      await new Promise((resolve) => setTimeout(resolve, LOAD_PAUSE_MS));
    }
  };
  const asking = gateways.flatMap((gateway) => LISTS.map((list) => going(() => gateway.ask(list))));
  const writing = going(() => harness.append(trade()));
  return {
    async end() {
      isOver = true;
      await Promise.all([writing, ...asking]);
    },
  };
}

/** What `list` says of a build of the history. */
const standing = async (build: string): Promise<string> =>
  (await ops('projections', 'list')).out
    .split('\n')
    .filter((line) => line.includes('tv-gateway-history') && line.includes(` ${build} `))
    .join('\n');

const statusShown = async (): Promise<readonly (string | undefined)[]> =>
  Promise.all(
    gateways.map(
      async (gateway) => (await gateway.ask('ordersHistory'))?.find(({ id }) => id === corrupted.order)?.status,
    ),
  );

beforeAll(async () => {
  harness = await OpsHarness.open();
  client = new Client({ connectionString: harness.database.url });
  await client.connect();
  await harness.append([an('AccountRegistered'), an('AccountUpdated'), an('BalanceChanged', { balance: '10000' })]);
  for (let n = 0; n < TRADES; n += 1) await harness.append(trade());
  for (let done = 0; done < OTHERS_EVENTS; done += BATCH)
    await harness.append(
      Array.from({ length: BATCH }, () => anEvent('EquityMarked', {}, { id: newId(), subject: exampleId(0xa1) })),
    );
  gateways = [await Gateway.start(), await Gateway.start()];
  const [orders, executions] = [await gateways[0]?.ask('ordersHistory'), await gateways[0]?.ask('executions')];
  first = { ordersHistory: orders ?? [], executions: executions ?? [] };
  corrupted = { order: first.ordersHistory[3]?.id ?? '', execution: first.executions[5]?.id ?? '' };
  await client.query(
    `update tv_gateway.order_history set json = replace(json, '"status":"filled"', '"status":"rejected"') where order_id = $1`,
    [corrupted.order],
  );
  await client.query('delete from tv_gateway.execution where execution_id = $1', [corrupted.execution]);
  for (const gateway of gateways) Object.assign(gateway.answers, { ordersHistory: [], executions: [] });
  load = underLoad();
});

afterAll(async () => {
  await load?.end();
  await Promise.all(gateways.map((gateway) => gateway.stop()));
  await client.end();
  await harness.close();
});

it('stands in the list as any other projection, and says that it has no fold', async () => {
  // Both have to have said that they serve it.
  await until(async () => (await standing('6')).includes('2 of 2'));
  expect(await standing('6')).toMatch(/^tv-gateway +tv-gateway-history +6 +served +\d+ +-?\d+ +2 of 2/);
  expect(await ops('projections', 'stepper', 'tv-gateway-history', '10001')).toEqual({
    code: 1,
    out: '',
    err: 'tv-gateway-history is kept in tables and has no fold to step through: a row says by which event it was made',
  });
});

it('is filled anew beside what is served, and goes on after a kill in the middle', async () => {
  // It gets no further than its first pages until the gate opens.
  await client.query(`
    create function tv_gateway.gate() returns trigger language plpgsql as $$ begin
      if new.build = 1 and old.position > 0 then perform pg_advisory_xact_lock(${GATE}); end if;
      return new;
    end $$;
    create trigger gate before update of position on tv_gateway.table_checkpoint
      for each row execute function tv_gateway.gate();
    select pg_advisory_lock(${GATE})`);
  try {
    const started = await change('projections', 'build', ...HISTORY, '--no-wait');
    expect(started).toMatchObject({ code: 0, out: 'tv-gateway’s tv-gateway-history 6#1 is being filled' });
    const filled = async (): Promise<number> => {
      const { rows } = await client.query<{ position: string }>(
        'select position from tv_gateway.table_checkpoint where build = 1',
      );
      return Number(rows[0]?.position ?? 0);
    };
    await until(async () => (await filled()) > 0);
    await gateways[0]?.killed();
    expect(await filled()).toBeLessThan(await harness.head());
    await until(async () => (await standing('6#1')).includes('filling'));
  } finally {
    // Whatever failed: what comes after it can be filled.
    await client.query(`select pg_advisory_unlock(${GATE}); drop trigger gate on tv_gateway.table_checkpoint`);
  }
  await gateways[0]?.again();
  await until(async () => /standing-by +\d+ +-?\d+ +2 of 2/.test(await standing('6#1')));
  expect(await statusShown()).toEqual(['rejected', 'rejected']);
});

it('differs in what was corrupted: the account, the row, the field, and the event that made it', async () => {
  const { code, out, err } = await ops('projections', 'diff', ...HISTORY);
  expect([code, err]).toEqual([1, '']);
  expect(out).toMatch(/6 and 6#1 differ in 1 of 1 accounts, at position \d+/);
  const [, account, ...fields] = out.split('\n');
  expect(account).toBe(harness.account);
  const { rows } = await client.query<{ position: string }>(
    'select position from tv_gateway.order_history where order_id = $1 and build = 1',
    [corrupted.order],
  );
  expect(fields).toEqual([
    expect.stringMatching(
      new RegExp(`order_history.${corrupted.order}.json.status: rejected → filled, since ${rows[0]?.position} \\w+ `),
    ),
    expect.stringMatching(new RegExp(`execution.${corrupted.execution}: none → \\{.*, since \\d+ \\w+ `)),
  ]);
});

it('is served by everyone once that is decided, taken back at once, and served again', async () => {
  for (const [verb, shown] of [
    ['promote', 'filled'],
    ['rollback', 'rejected'],
    ['rollback', 'filled'],
  ] as const) {
    expect(await change('projections', verb, ...HISTORY)).toMatchObject({ code: 0, err: '' });
    expect(await statusShown()).toEqual([shown, shown]);
  }
});

it('was never shown in halves: every answer is what one build makes of the log up to some event, and none goes back', async () => {
  await load?.end();
  load = undefined;
  const head = await harness.head();
  await until(async () => {
    const { rows } = await client.query<{ position: string }>('select position from tv_gateway.table_checkpoint');
    return rows.every(({ position }) => Number(position) === head);
  });
  for (const list of LISTS) {
    const truth = (await gateways[0]?.ask(list)) ?? [];
    expect(truth.slice(0, first[list].length)).toEqual(first[list]);
    const wrong = truth
      .filter(({ id }) => id !== corrupted.execution)
      .map((row) => (row.id === corrupted.order ? { ...row, status: 'rejected' } : row));
    const isPrefix = (rows: Rows, of: Rows) => JSON.stringify(rows) === JSON.stringify(of.slice(0, rows.length));
    for (const gateway of gateways) {
      const answers = gateway.answers[list];
      const builds = answers.map((rows) => (isPrefix(rows, truth) ? 'new' : isPrefix(rows, wrong) ? 'old' : 'half'));
      expect(new Set(builds)).toEqual(new Set(['old', 'new']));
      const last = answers.map((rows) => truth.findIndex(({ id }) => id === rows.at(-1)?.id));
      expect(last).toEqual(last.toSorted((left, right) => left - right));
    }
  }
});

it('is let go of where it was filled for nothing, rows and all', async () => {
  expect((await change('projections', 'build', ...HISTORY)).code).toBe(0);
  expect((await ops('projections', 'diff', ...HISTORY)).out).toMatch(/6#1 and 6#2 are the same in 1 accounts/);
  expect((await change('projections', 'discard', ...HISTORY)).code).toBe(0);
  await until(async () => {
    const { rows } = await client.query<{ build: number }>('select distinct build from tv_gateway.order_history');
    return !rows.some(({ build }) => build === 2);
  });
});
