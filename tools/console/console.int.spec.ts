import { anEvent } from '@core/contracts/examples.fixture';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { bundleOf } from '@core/machine/app-process';
import { PostgresSignalInbox } from '@core/signal-inbox/postgres-signal-inbox';
import { newId } from '@core/service/clock';
import { describeInBrowser } from '@core/testing/browser';
import { until } from '@core/testing/until';
import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ConsoleBrowser, DESK_BY_DAY, TELEPHONE_BY_NIGHT } from './console-browser.fixture.ts';
import { OpenApiDocument } from '@core/testing/openapi-document';
import { AGREED, ops } from '../ops/ops-harness.fixture.ts';
import { standInServer, type ShownAccount } from '../proquant/server.ts';
import { seedOrder, seedUnknown, type SeededOrder } from './seeded-order.fixture.ts';
import { ConsoleHarness, type Visitor } from './console-harness.fixture.ts';

/** What is read here of the overview. */
interface OverviewAnswer {
  readonly summary: string;
  readonly findings: readonly { readonly kind: string; readonly text: string }[];
  readonly services: readonly { readonly name: string; readonly status: string }[];
  readonly head: number;
  readonly notable: readonly { readonly words: string }[] | null;
}

let harness: ConsoleHarness;
let grace: Visitor;
let order: SeededOrder;
let simulatorPort: number;

beforeAll(async () => {
  harness = await ConsoleHarness.open();
  grace = await harness.visitor();
  order = await seedOrder(harness.system);
});
afterAll(() => harness.close());

/** The status of an answer to a request with any headers: `fetch` sends a host of its own. */
const statusOf = (headers: Record<string, string>, path = '/api/log/types'): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(`${harness.url}${path}`, { headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    })
      .on('error', reject)
      .end();
  });

describe('who comes in', () => {
  it('a link lets in once, for a browser’s own eyes', async () => {
    const link = await harness.link();
    const first = await fetch(link, { redirect: 'manual' });
    expect(first.headers.get('location')).toBe('/');
    expect(first.headers.get('set-cookie')).toMatch(
      /^console_session=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/,
    );
    const second = await fetch(link, { redirect: 'manual' });
    expect(second.headers.get('location')).toBe('/login?link=used');
    expect(second.headers.get('set-cookie')).toBeNull();
  });

  it('neither an old link does, nor one of another key, nor anything else', async () => {
    const old = await harness.link('admin', Date.now() - 3_600_000);
    for (const link of [old, `${(await harness.link()).slice(0, -2)}xx`, `${harness.url}/enter/x`])
      expect((await fetch(link, { redirect: 'manual' })).headers.get('set-cookie')).toBeNull();
  });

  it('nobody reads anything without a session, or after the end of theirs', async () => {
    expect(await statusOf({}, '/api/session')).toBe(204);
    for (const path of ['/api/log/types', '/api/overview', '/api/live']) {
      expect([path, await statusOf({}, path)]).toEqual([path, 401]);
      expect([path, await statusOf({ cookie: `console_session=${'x'.repeat(43)}` }, path)]).toEqual([path, 401]);
    }
    const visitor = await harness.visitor();
    await harness.ask('/api/session', { method: 'DELETE', headers: { cookie: visitor.cookie } });
    expect(await statusOf({ cookie: visitor.cookie })).toBe(401);
  });

  it('another site’s pages get nothing, under whatever name they found this server', async () => {
    expect(await statusOf({ cookie: grace.cookie })).toBe(200);
    expect(await statusOf({ cookie: grace.cookie, host: 'rebound.example' })).toBe(421);
    for (const origin of ['https://elsewhere.example', 'http://127.0.0.1:1', 'null'])
      expect([origin, await statusOf({ cookie: grace.cookie, origin })]).toEqual([origin, 403]);
  });

  it('every answer forbids scripts that are not its own', async () => {
    for (const path of ['/', '/main.js', '/api/overview', '/nothing.js']) {
      const { headers } = await fetch(`${harness.url}${path}`);
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';(?!.*unsafe)/);
    }
  });
});

it('the pages weigh less than 150 kB as they travel', () => {
  const folder = join(dirname(bundleOf('console')), 'page');
  const files = readdirSync(folder).map((name) => gzipSync(readFileSync(join(folder, name))).byteLength);
  expect(files.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(150_000);
});

describe('operators', () => {
  const PASSWORD = 'correct horse battery';
  const logIn = (name: string, password: string) =>
    fetch(`${harness.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, password }),
    });
  const cameIn = async (name: string): Promise<Visitor> => {
    const answer = await logIn(name, PASSWORD);
    expect(answer.status).toBe(200);
    return { cookie: answer.headers.get('set-cookie')?.split(';', 1)[0] ?? '' };
  };
  const add = (name: string, role: string, secret = PASSWORD) =>
    harness.act('operators add', { name, role }, { visitor: grace, secret });

  beforeAll(async () => {
    for (const [name, role] of [
      ['hedy', 'read'],
      ['joan', 'operate'],
      ['alan', 'admin'],
    ] as const)
      expect((await add(name, role)).status).toBe(200);
  });

  it('are made with a note, which the log keeps, and with a password that is long enough', async () => {
    expect(await harness.read(`/api/log/${await harness.system.head()}`, grace)).toMatchObject({
      type: 'OperatorActed',
      data: { what: 'operator', target: 'alan', action: 'added', operator: 'grace' },
    });
    expect(await (await add('emmy', 'read', 'too short')).json()).toEqual({
      error: 'the password is shorter than 12 characters',
    });
    expect(await (await add('alan', 'read')).json()).toEqual({ error: 'operator alan exists already' });
    expect((await ops('operators')).out).toMatch(/alan +admin +live/);
  });

  it('come in by name and password, into a cookie that no script reads', async () => {
    const answer = await logIn('joan', PASSWORD);
    expect(answer.headers.get('set-cookie')).toMatch(
      /^console_session=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/,
    );
    expect(await answer.json()).toEqual({ name: 'joan', role: 'operate', hasSimulator: true, hasReplay: true });
    for (const [name, password] of [
      ['joan', 'wrong'],
      ['nobody', PASSWORD],
    ] as const) {
      const refused = await logIn(name, password);
      expect([refused.status, refused.headers.get('set-cookie'), await refused.json()]).toEqual([
        401,
        null,
        { error: 'There is no operator of this name and password.' },
      ]);
    }
  });

  it('do what their role allows and no more, whatever is asked of the server', async () => {
    const routes = OpenApiDocument.of('console').routes.map((route) => route.split(' ') as [string, string]);
    const open = ['GET /enter/{}', 'GET /api/session', 'POST /api/session', 'DELETE /api/session'];
    const asked = routes.filter(([method, path]) => !open.includes(`${method} ${path}`) && path !== '/api/live');
    expect(asked.length).toBeGreaterThan(20);
    const statusAs = async ([method, path]: [string, string], visitor: Visitor): Promise<number> => {
      const { cookie } = visitor;
      const json = { headers: { cookie, 'content-type': 'application/json' }, body: '{}' };
      const url = `${harness.url}${path.replaceAll('{}', '1')}`;
      return (await fetch(url, { method, ...(method === 'POST' ? json : { headers: { cookie } }) })).status;
    };
    const visitors = { hedy: await cameIn('hedy'), joan: await cameIn('joan'), alan: await cameIn('alan') };
    const forbidden: Record<string, string[]> = { nobody: [], hedy: [], joan: [], alan: [] };
    for (const route of asked) {
      if ((await statusAs(route, { cookie: '' })) === 401) forbidden['nobody']?.push(route.join(' '));
      for (const [name, visitor] of Object.entries(visitors))
        if ((await statusAs(route, visitor)) === 403) forbidden[name]?.push(route.join(' '));
    }
    const changing = asked.filter(([method]) => method !== 'GET').map((route) => route.join(' '));
    expect(forbidden).toEqual({
      nobody: asked.map((route) => route.join(' ')),
      hedy: changing,
      joan: changing.filter((route) => /^POST \/api\/(projections|registry)/.test(route)),
      alan: [],
    });
  });

  it('are the ones of whom the log says what they did', async () => {
    const headers = { cookie: (await cameIn('joan')).cookie, 'content-type': 'application/json' };
    const decide = async (chosen: string, typed?: string): Promise<unknown> => {
      const body = JSON.stringify({ account: SYSTEM_ACCOUNT, switch: chosen, typed, note: 'a fire drill' });
      return (await fetch(`${harness.url}/api/commands/trading`, { method: 'POST', headers, body })).json();
    };
    expect(await decide('halt')).toEqual({
      error: expect.stringMatching(/^this concerns everyone: \d+ accounts?, \d+ of them live: type everyone$/),
    });
    for (const chosen of ['halt', 'resume']) await decide(chosen, 'everyone');
    const decided = await harness.read(`/api/log/${await harness.system.head()}`, grace);
    expect(decided).toMatchObject({ type: 'TradingResumed', data: { operator: 'joan' } });
  });

  it('are out when they are disabled, have another password or another role, and when they log out', async () => {
    const status = (visitor: Visitor) => statusOf({ cookie: visitor.cookie });
    const [first, second] = [await cameIn('joan'), await cameIn('joan')];
    await fetch(`${harness.url}/api/session`, { method: 'DELETE', headers: { cookie: first.cookie } });
    expect([await status(first), await status(second)]).toEqual([401, 200]);
    expect((await ops('operators', 'role', 'joan', '--role', 'read', ...AGREED)).code).toBe(0);
    expect(await harness.read('/api/session', second)).toMatchObject({ role: 'read' });
    expect((await ops('operators', 'disable', 'joan', ...AGREED)).code).toBe(0);
    expect([await status(second), (await logIn('joan', PASSWORD)).status]).toEqual([401, 401]);
    const third = await cameIn('alan');
    const stream = await fetch(`${harness.url}/api/live`, { headers: { cookie: third.cookie } });
    const another = { visitor: grace, secret: 'another long password' };
    expect((await harness.act('operators passwd', { name: 'alan' }, another)).status).toBe(200);
    expect(await status(third)).toBe(401);
    // It would go on for ever.
    expect(await stream.text()).toContain('"head"');
    expect((await logIn('alan', PASSWORD)).status).toBe(401);
  });

  it('cannot be guessed: after some failures even the right password is not tried', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 6; n += 1) statuses.push((await logIn('hedy', `guess ${n}`)).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    expect((await logIn('hedy', PASSWORD)).status).toBe(429);
  });
});

describe('the overview', () => {
  const overview = () => harness.read<OverviewAnswer>('/api/overview', grace);

  it('says which service does not run, and what else needs a person', async () => {
    const before = await overview();
    expect(before.summary).toBe('1 thing needs you');
    expect(before.services.map(({ name, status }) => [name, status])).toEqual([
      ['Postgres', 'reachable'],
      ['NATS', 'reachable'],
      ['console', 'ready'],
      ['tv-gateway', 'no-answer'],
    ]);
    await harness.system.append([
      anEvent('TradingHalted', { operator: 'ada', note: 'for lunch' }, { id: newId(), subject: SYSTEM_ACCOUNT }),
    ]);
    const { findings, head, notable } = await overview();
    expect(findings.map(({ kind, text }) => [kind, text])).toContainEqual([
      'halt',
      'trading is halted for everyone by ada: for lunch',
    ]);
    expect(notable?.[0]).toMatchObject({ position: head, type: 'TradingHalted' });
    expect(notable?.[0]?.words).toContain('by ada: for lunch');
    await harness.system.append([anEvent('TradingResumed', {}, { id: newId(), subject: SYSTEM_ACCOUNT })]);
    expect((await overview()).summary).toBe('1 thing needs you');
  });

  it('says what a signal left half done and what of ProQuant’s nobody could read', async () => {
    const inbox = await PostgresSignalInbox.open(process.env['DATABASE_URL'] ?? '', 5_000, 60_000);
    const { signal } = anEvent('SignalReceived').data;
    const { signalId, integrationId, strategyId } = signal;
    const about = { signalId, integrationId, strategyId };
    const of = () => ({ id: newId(), subject: harness.system.account });
    const id = newId();
    const unread = { tokenHash: null, registration: null, type: null, strategyId: null, sentAt: null, body: null };
    await inbox.put({ id, integrationId, accountId: harness.system.account, ...unread, bytes: 2, sha256: '00' });
    await inbox.conclude(id, { state: 'dead', status: 400, verdict: '400', detail: 'malformed' });
    const found = { kind: 'delivery', id, account: harness.system.account };
    expect(await harness.read(`/api/find?text=${id.slice(0, 18)}`, grace)).toEqual([found]);
    const verdict = expect.stringMatching(/led to nothing in the log: dead, answered 400: 400, malformed$/);
    expect(await harness.read(`/api/things/${id}`, grace)).toMatchObject({ ...found, verdict });
    await harness.system.append([
      anEvent('SignalReceived', {}, of()),
      anEvent('SignalHalfDone', { ...about, reason: 'market-closed', text: null }, of()),
    ]);
    const kinds = async () => (await overview()).findings.map(({ kind }) => kind);
    expect(await kinds()).toEqual(expect.arrayContaining(['half-done', 'dead-delivery']));
    await harness.system.append([anEvent('SignalRefused', { ...about, step: 'open', reason: 'too-old' }, of())]);
    await inbox.conclude(id, { state: 'done', status: 200, verdict: 'handled', detail: null });
    await inbox.onApplicationShutdown();
    expect(await kinds()).toEqual(['service']);
  });
});

describe('the log', () => {
  interface Exported {
    readonly position: number;
    readonly type: string;
    readonly subject: string;
    readonly source: string;
    readonly recordedtime: string;
    readonly data: Readonly<Record<string, unknown>>;
  }

  const exported = async (filter: string): Promise<readonly Exported[]> => {
    const headers = { cookie: grace.cookie };
    const response = await fetch(`${harness.url}/api/log/export?format=ndjson&${filter}`, { headers });
    expect(response.status).toBe(200);
    const text = await response.text();
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Exported);
  };

  let all: readonly Exported[];
  beforeAll(async () => {
    all = await exported('noise=on');
  });

  const concerns = ({ data }: Exported): boolean =>
    [order.orderId, order.positionId].some((id) => [data['orderId'], data['positionId']].includes(id));

  it.each<[name: string, filter: () => string, isMeant: (event: Exported) => boolean]>([
    ['nothing', () => '', ({ type }) => type !== 'EquityMarked'],
    ['samples too', () => 'noise=on', () => true],
    ['types', () => 'types=EquityMarked,OrderFilled', ({ type }) => ['EquityMarked', 'OrderFilled'].includes(type)],
    [
      'an account',
      () => `account=${harness.system.account}&noise=on`,
      ({ subject }) => subject === harness.system.account,
    ],
    ['an instrument', () => 'instrument=GOLD', concerns],
    ['positions', () => 'from=2&to=4&noise=on', ({ position }) => position >= 2 && position <= 4],
    ['a moment', () => 'since=2026-01-05T10:30', ({ recordedtime }) => recordedtime >= '2026-01-05T10:30'],
    [
      'the time before',
      () => 'until=2026-01-05T10:30Z',
      ({ recordedtime, type }) => recordedtime < '2026-01-05T10:30' && type !== 'EquityMarked',
    ],
    ['a producer', () => 'producer=nobody', () => false],
    ['a text, whatever its case', () => 'text=FOR%20LUNCH', ({ data }) => data['note'] === 'for lunch'],
    ['a text that is none of SQL’s', () => 'text=%25', () => false],
  ])('shows, counts and exports exactly what was asked for: %s', async (_name, filter, isMeant) => {
    const meant = all.filter(isMeant).map(({ position }) => position);
    expect((await exported(filter())).map(({ position }) => position)).toEqual(meant);
    const { lines } = await harness.read<{ lines: readonly { position: number }[] }>(`/api/log?${filter()}`, grace);
    expect(lines.map(({ position }) => position)).toEqual(meant.toReversed());
    const headers = { cookie: grace.cookie };
    const csv = await (await fetch(`${harness.url}/api/log/export?format=csv&${filter()}`, { headers })).text();
    expect(csv.split('\n')).toHaveLength(meant.length + 2);
  });

  it('comes in pages that leave nothing out and tell nothing twice', async () => {
    const seen: number[] = [];
    for (let before = 1_000_000; before > 1;) {
      const page = await harness.read<{ lines: readonly { position: number }[]; more: boolean }>(
        `/api/log?noise=on&limit=3&before=${before}`,
        grace,
      );
      seen.push(...page.lines.map(({ position }) => position));
      before = page.more ? (seen.at(-1) ?? 0) : 0;
    }
    expect(seen).toEqual(all.map(({ position }) => position).toReversed());
  });

  it.each(['types=OrderFilled&since=yesterday', 'account=x', 'from=-1', 'limit=100000'])(
    'says what is wrong with %s',
    async (filter) => {
      await expect(harness.read(`/api/log?${filter}`, grace)).rejects.toThrow(/^400: \{"error":"\w+: /);
    },
  );
});

describe('what people name', () => {
  it.each<[string, () => string]>([
    ['whole', () => order.orderId],
    ['by its beginning', () => order.orderId.slice(0, -3)],
    ['by the broker’s number of its position', () => order.brokerPosition],
  ])('is found %s', async (_how, text) => {
    const found = await harness.read<readonly { kind: string; id: string }[]>(`/api/find?text=${text()}`, grace);
    expect(found.map(({ kind, id }) => [kind, id])).toContainEqual(
      text() === order.brokerPosition ? ['position', order.positionId] : ['order', order.orderId],
    );
  });

  it('is told with everything that came of it, and the time that it took', async () => {
    interface Told {
      readonly stages: readonly { name: string; tookMs: number | null }[];
      readonly marks: readonly { kind: string }[];
      readonly next: string | null;
    }
    const told = await harness.read<Told>(`/api/things/${order.orderId}`, grace);
    expect(told.stages.map(({ name }) => name)).toEqual([
      ...['order recorded', 'claimed and sent', 'accepted by the broker', 'filled', 'position open', 'position closed'],
    ]);
    expect(told.stages.at(-1)?.tookMs).toBe(3_600_000);
    expect(told.marks.map(({ kind }) => kind)).toEqual(['open', 'stop-loss', 'take-profit', 'close']);
    expect(told.next).toBeNull();
  });

  it('is not made up', async () => {
    await expect(harness.read(`/api/things/${newId()}`, grace)).rejects.toThrow(/^400: .*there is no order/);
    await expect(harness.read('/api/find?text=x', grace)).rejects.toThrow(/^400: /);
    expect(await harness.read('/api/find?text=nothing-of-that', grace)).toEqual([]);
  });
});

describe('what operators decide', () => {
  const decide = (visitor: Visitor, path: string, body: object): Promise<Response> =>
    harness.ask(`/api/commands/${path}`, {
      method: 'POST',
      headers: { cookie: visitor.cookie, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const halt = { account: SYSTEM_ACCOUNT, switch: 'halt', typed: 'everyone', note: 'a fire drill' };

  it('settles what waits in quarantine, by what it should have been too', async () => {
    await harness.system.deliver('garbage{');
    const read = () =>
      harness.read<{ quarantine: { id: string; account: string; text: string }[] }>('/api/workbench', grace);
    const [parked] = (await read()).quarantine;
    expect(parked).toMatchObject({ account: harness.system.account, text: 'garbage{', isWaiting: true });
    const settlement = { messageId: parked?.id, note: 'as the broker says' };
    expect((await decide(grace, 'quarantine', { ...settlement, as: 'released' })).status).toBe(422);
    const body = JSON.stringify(anEvent('EquityMarked', {}, { id: newId(), subject: harness.system.account }));
    expect((await decide(grace, 'quarantine', { ...settlement, as: 'replaced', body })).status).toBe(200);
    expect((await read()).quarantine).toEqual([]);
    const [, last] = (await harness.read<{ lines: { words: string }[] }>('/api/log?limit=2&noise=on', grace)).lines;
    expect(last?.words).toContain('by 1 events, by grace: as the broker says');
  });

  it('is recorded with who and why, by the ledger that `ops` asks too', async () => {
    const answer = await decide(grace, 'trading', halt);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { position: await harness.system.head(), changed: true },
    ]);
    const again = await decide(grace, 'trading', halt);
    expect(await again.json()).toEqual({ position: await harness.system.head(), changed: false });
    expect(await harness.read(`/api/log/${await harness.system.head()}`, grace)).toMatchObject({
      type: 'TradingHalted',
      subject: SYSTEM_ACCOUNT,
      data: { operator: 'grace', note: 'a fire drill' },
    });
    expect((await decide(grace, 'trading', { ...halt, switch: 'resume' })).status).toBe(200);
  });

  it('brakes an account as `ops` does, and its page says what holds for it, then and now', async () => {
    const { account } = harness.system;
    const brakesAt = async (at = ''): Promise<readonly string[]> => {
      const told = await harness.read<{ brakes: { what: string }[] }>(`/api/accounts/${account}${at}`, grace);
      return told.brakes.map(({ what }) => what);
    };
    const before = await brakesAt();
    const own = { account, note: 'a rehearsal' };
    for (const wish of [
      { ...own, switch: 'shadow', edge: 'tv-gateway' },
      { ...own, switch: 'close-only' },
      { ...own, switch: 'kill' },
      { ...own, account: SYSTEM_ACCOUNT, switch: 'shadow', typed: 'everyone' },
    ])
      expect((await decide(grace, 'trading', wish)).status).toBe(200);
    const held = ['halted', 'close-only', 'in shadow by tv-gateway', 'in shadow for everyone'];
    await until(async () => (await brakesAt()).length === before.length + held.length);
    expect(await brakesAt()).toEqual(expect.arrayContaining(held));
    expect((await ops('state', account)).out).toMatch(/in shadow by tv-gateway since .* by grace: a rehearsal/);
    const then = await harness.system.head();
    for (const wish of [
      { ...own, switch: 'shadow-off', edge: 'tv-gateway' },
      { ...own, switch: 'close-only-off' },
      { ...own, switch: 'resume' },
      { ...own, account: SYSTEM_ACCOUNT, switch: 'shadow-off', typed: 'everyone' },
    ])
      expect((await decide(grace, 'trading', wish)).status).toBe(200);
    await until(async () => (await brakesAt()).length === before.length);
    expect(await brakesAt(`?at=${then}`)).toEqual(expect.arrayContaining(held));
  });

  it('wants a role that may, a reason, and a thing that is there', async () => {
    const before = await harness.system.head();
    expect((await decide(await harness.visitor('read'), 'trading', halt)).status).toBe(403);
    expect((await decide({ cookie: '' }, 'trading', halt)).status).toBe(401);
    expect((await decide(grace, 'trading', { ...halt, note: ' ' })).status).toBe(400);
    const nothing = {
      account: harness.system.account,
      kind: 'order',
      requestId: newId(),
      executed: true,
      evidence: 'x',
      note: 'x',
    };
    const refused = await decide(grace, 'resolve', nothing);
    expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining('the ledger refused')]);
    expect(await harness.system.head()).toBe(before);
  });
});

describe('who may do what', () => {
  const act = (name: string, wish: object, more: object = {}) =>
    harness.act(name, wish, { visitor: grace, note: 'as agreed', ...more });
  const plan = async (name: string, wish: object): Promise<unknown> => {
    const body = JSON.stringify({ act: name, wish });
    const headers = { cookie: grace.cookie, 'content-type': 'application/json' };
    return (await harness.ask('/api/registry/plan', { method: 'POST', headers, body })).json();
  };
  const lastDecision = async () => harness.read(`/api/log/${await harness.system.head()}`, grace);

  it('is changed by the code of `ops`, and the log says by whom and why', async () => {
    const whom = '0 accounts, 0 of them live';
    expect(await plan('traders add', { login: 'bob' })).toEqual({ whom, typed: null, secret: 'Password for bob' });
    expect((await act('traders add', { login: 'bob' }, { secret: 'short' })).status).toBe(400);
    expect((await act('traders add', { login: 'bob' }, { secret: 'a long password', note: ' ' })).status).toBe(400);
    const added = await act('traders add', { login: 'bob' }, { secret: 'a long password' });
    expect(await added.json()).toMatchObject({ secret: null, position: await harness.system.head() });
    expect(await lastDecision()).toMatchObject({
      type: 'OperatorActed',
      data: { what: 'trader', action: 'added', operator: 'grace', note: 'as agreed' },
    });
    expect(await harness.system.registry.verifyTrader('bob', 'a long password')).not.toBeNull();
    expect(await (await act('traders add', { login: 'bob' }, { secret: 'a long password' })).json()).toEqual({
      error: 'trader bob exists already',
    });
    expect((await act('traders disable', { login: 'bob' })).status).toBe(200);
    expect((await ops('traders')).out).toMatch(/bob +disabled/);
  });

  it('is typed first where it is everyone’s, and what it makes that is secret is shown once', async () => {
    const all = { name: 'office', all: true };
    expect(await plan('keys add', all)).toMatchObject({ typed: 'everyone', secret: null });
    expect((await act('keys add', all)).status).toBe(400);
    const made = await (await act('keys add', all, { typed: 'everyone' })).json();
    const { secret } = made as { secret: { value: string } };
    expect(await harness.system.registry.keys.find(secret.value)).toMatchObject({ name: 'office' });
    const known = JSON.stringify(await harness.read('/api/registry', grace));
    expect(known).toContain('office');
    expect(known).not.toMatch(/hash/i);
    expect(known).not.toContain(secret.value);
    const keys = await harness.system.registry.keys.all();
    expect((await act('keys revoke', { key: keys[0]?.id }, { typed: 'everyone' })).status).toBe(200);
    await harness.system.listened();
    expect(harness.system.heard).toContainEqual({ subject: subjects.keyRevoked, body: { keyId: keys[0]?.id } });
  });

  it('reaches the ledger and the connectors: accounts, their passwords, limits and policies', async () => {
    const account = { trader: 'ada', venue: 'demo', login: '5001', mode: 'demo' };
    const added = await act('accounts add', account, { secret: 'canary-broker' });
    expect(await added.json()).toMatchObject({ text: expect.stringContaining('registered at position') });
    const id = (await harness.system.registry.accounts()).find(({ brokerLogin }) => brokerLogin === '5001')?.id ?? '';
    const [demo] = await harness.system.registry.brokers();
    const there = { ...demo, mode: 'demo' } as Parameters<typeof harness.system.registry.credentials>[1];
    expect(await harness.system.registry.credentials(id, there)).toMatchObject({ password: 'canary-broker' });
    expect((await act('limits set', { limit: 'order-volume', allowed: '2', account: '5001' })).status).toBe(200);
    expect(await lastDecision()).toMatchObject({ type: 'LimitSet', subject: id, data: { operator: 'grace' } });
    const integration = { name: 'ada@example.com', account: '5001', tickers: ['XAUUSD=GOLD'] };
    expect(await (await act('integrations add', integration)).json()).toMatchObject({
      secret: { name: 'header x-proquant-token:', value: expect.any(String) },
    });
    const [known] = await harness.system.registry.integrations();
    const policy = { integration: known?.id, policy: 'shadow', value: 'on' };
    expect((await act('integrations policy', policy)).status).toBe(200);
    expect(await lastDecision()).toMatchObject({ type: 'IntegrationPolicySet', data: { note: 'as agreed' } });
    expect((await act('integrations policy', { ...policy, value: 'perhaps' })).status).toBe(400);
  });
});

describe('ProQuant', () => {
  const asked: ShownAccount[] = [];
  const proquant = standInServer(
    { timeoutMs: 1_000, retries: 0, retryPauseMs: 1 },
    { asked: (account) => asked.push(account), delivered: () => undefined },
  );
  beforeAll(() => proquant.listen({ host: '127.0.0.1', port: harness.proquantPort }));
  afterAll(() => proquant.close());

  const wish = { name: 'eva', account: '10001', tickers: ['XAUUSD=GOLD'] };
  const act = async (name: string, of: object): Promise<unknown> =>
    (await harness.act(name, of, { visitor: grace })).json();

  it('is asked as by `ops`, with a token that goes there alone, and once more', async () => {
    expect(await act('integrations create', wish)).toEqual({ error: '--email is missing' });
    expect(await act('integrations create', { ...wish, email: 'eva@example.com' })).toEqual({
      text: expect.stringContaining('eva@example.com is asked in ProQuant’s app'),
      secret: null,
      position: await harness.system.head(),
    });
    const integration = (await harness.system.registry.integrations()).find(({ name }) => name === 'eva')?.id ?? '';
    expect(await act('integrations request', { integration })).toMatchObject({ secret: null });
    const url = `https://hooks.example/proquant/v1/hooks/${integration}`;
    const question = { name: 'eva', userEmail: 'eva@example.com', url };
    expect(asked).toMatchObject([question, question]);
    const { registered } = await harness.read<{ registered: { integrations: object[] } }>('/api/registry', grace);
    expect(registered.integrations).toContainEqual(
      expect.objectContaining({ id: integration, asked: 'eva@example.com is asked in ProQuant’s app' }),
    );
  });
});

describe('the simulated broker', () => {
  const ask = (path: string, body: object, visitor = grace) =>
    fetch(`${harness.url}/api/simulator${path}`, {
      method: 'POST',
      headers: { cookie: visitor.cookie, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('is said to be away while it is, and what it refuses is told in its words', async () => {
    expect(await harness.read('/api/simulator/standing', grace).catch(String)).toMatch(
      /503.*the simulator does not answer/,
    );
    simulatorPort = await harness.startSimulator();
    expect((await ask('/faults', { kind: 'none' })).status).toBe(400);
    const nothing = await ask('/prices/NOTHING/hold', { hold: true });
    expect([nothing.status, await nothing.json()]).toEqual([404, { error: expect.stringContaining('NOTHING') }]);
  });

  it('is moved and made to fail by whoever may, and by nobody else', async () => {
    const reader = await harness.visitor('read');
    for (const [path, body] of [
      ['/prices/EURUSD/hold', { hold: true }],
      ['/faults', { kind: 'freeze', socket: 'stream' }],
      ['/disconnect', { userId: '10001', socket: 'main', how: 'drop' }],
    ] as const) {
      expect([path, (await ask(path, body, reader)).status]).toEqual([path, 403]);
      expect([path, (await ask(path, body)).status]).toEqual([path, 204]);
    }
    const lift = ({ cookie }: Visitor) =>
      harness.ask('/api/simulator/faults', { method: 'DELETE', headers: { cookie } });
    expect([(await lift(reader)).status, (await lift(grace)).status]).toEqual([403, 204]);
  });
});

describe('projections', () => {
  const decide = (act: string, more: object = {}, visitor = grace) =>
    fetch(`${harness.url}/api/projections`, {
      method: 'POST',
      headers: { cookie: visitor.cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ owner: 'ws-session', name: 'ws-session', act, note: 'as compared', ...more }),
    });
  interface Listed {
    readonly projections: readonly {
      readonly owner: string;
      readonly builds: readonly { readonly build: number; readonly phases: readonly string[] }[];
    }[];
  }
  const phasesOf = async (build: number): Promise<readonly string[] | undefined> => {
    const { projections } = await harness.read<Listed>('/api/projections', grace);
    return projections.find(({ owner }) => owner === 'ws-session')?.builds.find((each) => each.build === build)?.phases;
  };

  beforeAll(async () => {
    await harness.startEdge();
    await until(async () => (await phasesOf(0))?.includes('served') === true);
  });

  it('are filled, served, taken back and let go by whoever may, in whose name it is recorded', async () => {
    expect((await decide('build', {}, await harness.visitor('read'))).status).toBe(403);
    expect(await (await decide('promote')).json()).toEqual({ error: expect.stringContaining('build it first') });
    const built = await decide('build');
    expect(await built.json()).toEqual({
      build: { version: expect.any(Number), build: 1 },
      position: await harness.system.head(),
    });
    expect(await harness.read(`/api/log/${await harness.system.head()}`, grace)).toMatchObject({
      type: 'OperatorActed',
      data: { operator: 'grace', note: 'as compared', what: 'projection', action: 'built' },
    });
    await until(async () => (await phasesOf(1))?.includes('standing-by') === true);
    for (const [act, build] of [
      ['promote', 1],
      ['rollback', 0],
    ] as const) {
      expect((await decide(act)).status).toBe(200);
      await until(async () => (await phasesOf(build))?.includes('served') === true);
    }
    await decide('build');
    await until(async () => (await phasesOf(2))?.includes('standing-by') === true);
    expect((await decide('discard')).status).toBe(200);
    await until(async () => (await phasesOf(2)) === undefined);
  });

  it('say what an event of an account did, and which are beside it', async () => {
    const step = (at: number) =>
      harness.read<{
        line: { type: string; position: number };
        next: number | null;
        previous: number | null;
        changed: object[];
      }>(`/api/projections/step?fold=account&account=${harness.system.account}&at=${at}`, grace);
    const first = await step(0);
    expect(first).toMatchObject({
      line: { type: 'AccountRegistered' },
      number: 1,
      previous: null,
      previousChange: null,
    });
    expect(first.changed).toContainEqual({ path: 'registration', before: null, after: expect.anything() });
    const second = await step(first.next ?? 0);
    expect(second).toMatchObject({ number: 2, previous: first.line.position, previousChange: first.line.position });
    expect(await harness.read('/api/projections/step?fold=none', grace).catch(String)).toContain('400');
  });
});

describeInBrowser('the pages, in a browser', () => {
  let browser: ConsoleBrowser;

  beforeAll(async () => {
    browser = await ConsoleBrowser.open(harness);
  });
  afterAll(() => browser.close());
  afterEach(() => expect(browser.complaints.splice(0)).toEqual([]));

  /** Of an order that was filled and stopped. */
  const ORDER_PAGE = '/thing/<order>';
  const PAGES = [
    '/',
    '/log?open=1',
    ORDER_PAGE,
    '/accounts',
    '/accounts/<account>?since=1',
    '/workbench',
    '/audit',
    '/audit/traders',
    '/audit/accounts',
    '/audit/keys',
    '/audit/integrations',
    '/audit/operators',
    '/market?instrument=EURUSD',
    '/replay',
    '/simulator',
    '/projections',
    '/projections/ws-session/ws-session',
    '/projections/stepper?fold=account&account=<account>',
  ];
  const addressOf = (path: string): string =>
    path.replace('<order>', order.orderId).replace('<account>', harness.system.account);

  it.each(PAGES)('can be read by everybody, on a desk and on a telephone, by day and by night: %s', async (path) => {
    await browser.look(DESK_BY_DAY);
    await browser.arrive(addressOf(path));
    expect([await browser.barriers(), await browser.overhang()]).toEqual([[], 0]);
    await browser.look(TELEPHONE_BY_NIGHT);
    expect([await browser.barriers('a sight'), await browser.overhang()]).toEqual([[], 0]);
  });

  it.each([DESK_BY_DAY, TELEPHONE_BY_NIGHT])(
    'show all columns of their tables at once, $width pixels wide',
    async (sight) => {
      await browser.look(sight);
      for (const path of ['/', '/audit/traders']) {
        await browser.arrive(path);
        expect([path, await browser.cutOff()]).toEqual([path, []]);
      }
      await browser.look(DESK_BY_DAY);
    },
  );

  it('are painted after one script and one style, which weigh little and wait for no more than who is there', async () => {
    await browser.arrive('/');
    const { page } = browser;
    const [paths, bytes] = await page.evaluate<[string[], number]>(`(() => {
      const [{ startTime: painted }] = performance.getEntriesByName('first-contentful-paint');
      const before = performance.getEntriesByType('resource').filter(({ startTime }) => startTime < painted);
      return [before.map(({ name }) => new URL(name).pathname), before.reduce((sum, each) => sum + each.encodedBodySize, 0)];
    })()`);
    expect(['/main.css', '/main.js', '/icon.svg', '/api/session']).toEqual(expect.arrayContaining(paths));
    expect(paths).toEqual(expect.arrayContaining(['/main.css', '/main.js']));
    expect(bytes).toBeLessThan(150_000);
  });

  it('lead nowhere that is not there', async () => {
    const seen = new Set<string>();
    const next = PAGES.map(addressOf);
    for (let path = next.pop(); path !== undefined; path = next.pop()) {
      // Two of a kind are enough: a page of a thousand events has a thousand links.
      const kind = path.replace(/[0-9a-f]{4,}[0-9a-f-]*|\d+/g, '…');
      if (seen.has(kind)) continue;
      seen.add(kind);
      await browser.visit(path);
      expect([path, await browser.page.getByText('There is nothing at this address').count()]).toEqual([path, 0]);
      next.push(...(await browser.links()));
    }
  });

  it('show what is recorded as it is recorded', async () => {
    await browser.visit('/');
    const note = `seen ${newId()}`;
    await harness.system.append([
      anEvent('CloseOnlySet', { closeOnly: false, note }, { id: newId(), subject: SYSTEM_ACCOUNT }),
    ]);
    await browser.page.getByText(note).first().waitFor();
  });

  it('lead from what needs somebody to where it is mended', async () => {
    const { page } = browser;
    const of = { id: newId(), subject: harness.system.account };
    await harness.system.append([anEvent('TradingHalted', { operator: 'ada', note: 'for tea' }, of)]);
    await browser.visit('/');
    const findings = page.getByRole('list', { name: 'What needs you' });
    await findings.getByRole('link', { name: /^tv-gateway does not answer/ }).click();
    expect(new URL(page.url()).hash).toBe('#services');
    await findings.getByRole('link', { name: /for tea$/ }).click();
    await page.waitForURL('**/workbench');
    await page.getByRole('button', { name: 'Change…' }).waitFor();
    await harness.system.append([anEvent('TradingResumed', {}, { ...of, id: newId() })]);
  });

  it('filter the log by what is clicked and typed, in an address that shows the same to others', async () => {
    const { page } = browser;
    await browser.look(DESK_BY_DAY);
    await browser.visit('/log');
    await page.getByText('All types').click();
    await page.getByLabel('OrderFilled').click();
    await page.waitForURL('**/log?types=OrderFilled');
    await page.getByLabel('Text').fill('0.1');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/log?types=OrderFilled&text=0.1');
    const rows = page.getByRole('table').getByRole('link');
    await rows.first().waitFor();
    expect(await rows.count()).toBe(1);
    await rows.first().click();
    await page.getByLabel('One event').getByText('"volumeLots": "0.1"').waitFor();
    await page.reload();
    await page.getByLabel('One event').getByText('"volumeLots": "0.1"').waitFor();
  });

  it('hold the log still when it is paused, and go on where it was', async () => {
    const { page } = browser;
    const halt = (note: string) =>
      harness.system.append([
        anEvent('CloseOnlySet', { closeOnly: false, note }, { id: newId(), subject: SYSTEM_ACCOUNT }),
      ]);
    await browser.visit('/log');
    await halt('while it runs');
    await page.getByRole('table').getByText('while it runs').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await halt('while it is held');
    await page.getByText(/\d recorded since/).waitFor();
    expect(await page.getByRole('table').getByText('while it is held').count()).toBe(0);
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('table').getByText('while it is held').waitFor();
  });

  it('follow the log on after another took its place that is shorter', async () => {
    const { page } = browser;
    const longer = `retry: 1\ndata: ${JSON.stringify({ head: 1e9, lines: [] })}\n\n`;
    await page.route('**/api/live', (route) => route.fulfill({ contentType: 'text/event-stream', body: longer }));
    await browser.arrive('/log');
    const table = page.getByRole('table');
    await table.getByRole('link').first().waitFor();
    await page.unroute('**/api/live');
    const note = `after ${newId()}`;
    await harness.system.append([
      anEvent('CloseOnlySet', { closeOnly: false, note }, { id: newId(), subject: SYSTEM_ACCOUNT }),
    ]);
    await table.getByText(note).waitFor();
  });

  it('find by the keyboard what somebody was told the number of, and tell all of it', async () => {
    const { page } = browser;
    await browser.visit('/');
    await page.keyboard.press('/');
    await page.keyboard.type(order.orderId.slice(0, -4));
    await page.getByRole('dialog').getByText(order.orderId).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/thing/${order.orderId}`);
    await page.locator('.life-line').getByText('position closed').waitFor();
    await page.locator('.tree').getByText('PositionClosed').waitFor();
    expect(await page.locator('h1').innerText()).toMatch(/^order/i);
    await page.getByText('As recorded').click();
    await page.getByText('"instrument": "GOLD"').first().waitFor();
  });

  it('show an account as it was, and which event left it otherwise', async () => {
    const { page } = browser;
    await browser.visit(`/accounts/${harness.system.account}`);
    await page.getByRole('region', { name: 'Positions' }).getByText('closed, stop-loss').waitFor();
    const moment = page.getByRole('slider', { name: 'Moment', exact: true });
    const last = Number(await moment.getAttribute('max'));
    await moment.focus();
    await page.keyboard.press('ArrowLeft');
    await page.waitForURL(`**?at=${last - 1}`);
    await page.getByRole('region', { name: 'Positions' }).getByText('open', { exact: true }).first().waitFor();
    await page.getByRole('slider', { name: 'Other moment' }).focus();
    await page.keyboard.press('Home');
    await page.waitForURL('**&since=*');
    await page.getByRole('region', { name: 'What changed' }).getByText('OrderFilled').first().waitFor();
  });

  it('put an account into shadow where it is looked at, and take it out again', async () => {
    const { page } = browser;
    await browser.visit(`/accounts/${harness.system.account}`);
    const brakes = page.locator('section', { has: page.getByRole('heading', { name: 'Brakes' }) });
    for (const [what, said] of [
      ['shadow', /in shadow by tv-gateway since .* by grace: a rehearsal/],
      ['shadow-off', /^on$/],
    ] as const) {
      await brakes.getByRole('button', { name: 'Change…' }).click();
      await brakes.getByLabel('What').selectOption(what);
      await brakes.getByLabel('Asked by').selectOption('TradingView');
      await brakes.getByLabel(/^Why/).fill('a rehearsal');
      expect(await browser.barriers()).toEqual([]);
      await brakes.getByRole('button', { name: /shadow.*, for / }).click();
      await brakes.getByText(/recorded at position/).waitFor();
      await page.locator('dd').getByText(said).first().waitFor();
    }
  });

  it('settle an unknown outcome in two steps, and the log says who did', async () => {
    const { page } = browser;
    const requestId = await seedUnknown(harness.system);
    await browser.visit('/workbench');
    await page.getByRole('button', { name: 'Settle…' }).click();
    await page.getByLabel(/^Why/).fill('seen in the broker’s own window');
    expect(await page.getByRole('button', { name: 'Settle', exact: true }).isDisabled()).toBe(true);
    expect(await page.getByLabel(/^Type/).count()).toBe(0);
    await page.getByLabel('never executed it').check();
    await page.getByLabel('By what one can see it').fill('its history');
    await page.getByRole('button', { name: 'Settle as not executed' }).click();
    await page.getByText('Every request is settled.').waitFor();
    await browser.visit('/audit');
    await page
      .getByText(`order ${requestId} not executed, as its history shows, by grace: seen in the broker’s own window`)
      .waitFor();
  });

  it.each<[where: string, url: () => string]>([
    ['', () => `${harness.url}/simulator`],
    [', on its own control port too', () => `${harness.controlUrl}/`],
  ])('move and hold a price of the simulated broker, make it fail, show what passes on its wires%s', async (_, url) => {
    const { page } = browser;
    await page.goto(url());
    const row = page.getByRole('region', { name: 'Prices' }).getByRole('row', { name: /EURUSD/ });
    const bid = await row.getByRole('cell').nth(1).innerText();
    await page.getByRole('button', { name: 'EURUSD by 100 points', exact: true }).click();
    await row.getByText(bid, { exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('checkbox', { name: 'Hold GOLD' }).check();
    await page.getByRole('combobox', { name: /^Fault/ }).selectOption('16');
    await page.getByRole('button', { name: 'Set' }).click();
    await page.getByRole('cell', { name: 'reject', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Lift all' }).click();
    await page.getByText('Nothing goes wrong on purpose.').waitFor();
    const client = connect(simulatorPort, '127.0.0.1');
    client.write(JSON.stringify({ command: 'login', arguments: { userId: '10001', password: 'demo-10001' } }));
    await page.getByRole('log').getByText('"command":"login"').waitFor();
    await page.getByRole('log').getByText('"status":true').first().waitFor();
    expect(await page.getByRole('log').innerText()).not.toContain('demo-10001');
    await page.getByRole('button', { name: 'Pause' }).click();
    client.destroy();
    await page
      .getByRole('region', { name: 'Journal' })
      .or(page.getByText('No trade has reached the broker.'))
      .waitFor();
    expect([await browser.barriers(), await browser.overhang()]).toEqual([[], 0]);
    await browser.look(TELEPHONE_BY_NIGHT);
    expect([await browser.barriers('a sight'), await browser.overhang()]).toEqual([[], 0]);
    await browser.look(DESK_BY_DAY);
  });

  it('build a projection anew, show in which accounts it differs, and let it go again', async () => {
    const { page } = browser;
    await browser.visit('/projections');
    await page.getByRole('region', { name: 'Builds' }).getByRole('link', { name: 'ws-session' }).first().click();
    await page.getByRole('heading', { name: 'ws-session’s ws-session' }).waitFor();
    const decide = async (begin: RegExp, confirm: RegExp, typed = false): Promise<void> => {
      await page.getByRole('button', { name: begin }).click();
      await page.getByLabel(/^Why/).fill('to see whether it is the same');
      if (typed) await page.getByLabel('Type ws-session to go on').fill('ws-session');
      const confirmation = page.getByRole('button', { name: confirm });
      await confirmation.click();
      await page
        .getByText(/^Decided of build/)
        .first()
        .waitFor();
      // What was decided before stands there too: a form that is gone says that this one was taken.
      await confirmation.waitFor({ state: 'detached' });
    };
    await decide(/^Build another/, /^Fill version/);
    // What was served before stands by too: the new one is there when it can be let go of.
    await page.getByRole('button', { name: /^Discard/ }).waitFor();
    await page.getByRole('region', { name: 'Builds' }).getByText('standing by').first().waitFor();
    await page.getByRole('button', { name: 'Compare' }).click();
    const difference = page.locator('section', { has: page.getByRole('heading', { name: 'Difference' }) });
    const verdict = difference.getByRole('status').or(difference.getByRole('alert'));
    expect(await verdict.innerText()).toMatch(/are the same in \d+ accounts|has not been saved yet/);
    await decide(/^Promote/, /^Serve/, true);
    await page.getByRole('button', { name: /^Roll back to/ }).waitFor();
    await decide(/^Build another/, /^Fill version/);
    await decide(/^Discard/, /^Let go of/);
    await page.getByRole('button', { name: /^Discard/ }).waitFor({ state: 'detached' });
    await page.getByRole('region', { name: 'Decisions on builds' }).getByText('discard').first().waitFor();
  });

  it('step through a fold by the arrow keys, and lead to the event', async () => {
    const { page } = browser;
    await browser.visit('/projections');
    await page.getByRole('combobox', { name: /^Account/ }).selectOption(harness.system.account);
    await page.getByRole('button', { name: 'Step through' }).click();
    await page.getByText('event 1,').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByText('event 2,').waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.getByText('event 1,').waitFor();
    await page.getByRole('link', { name: 'change »' }).click();
    await page.getByRole('region', { name: 'What it changed' }).waitFor();
  });

  it('play the log in a sandbox: paused, step by step, to its end, and what became otherwise since', async () => {
    const { page } = browser;
    const at = (position: string) => page.getByText(new RegExp(`^position ${position} of 7`)).waitFor();
    await browser.visit('/replay');
    await page.getByLabel('Sandbox').fill('incident');
    await page.getByLabel('Up to').fill('7');
    await page.getByLabel('Begin paused').check();
    await page.getByRole('button', { name: 'Play' }).click();
    await at('0');
    await page.getByRole('button', { name: 'One step' }).click();
    await at('[1-6]');
    expect(await browser.barriers()).toEqual([]);
    await page.getByRole('button', { name: 'Compare with now' }).click();
    const differing = page.getByRole('region', { name: 'Otherwise now' });
    await differing.getByRole('link', { name: 'Ada' }).waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('It is over.').waitFor();
    await at('7');
  });

  it('make a key in two steps, show its secret once, and say in the log who did', async () => {
    const { page } = browser;
    await browser.visit('/audit');
    await page.getByRole('navigation', { name: 'Audit' }).getByRole('link', { name: 'Keys' }).click();
    await page.getByRole('button', { name: 'Add… a key' }).click();
    await page.keyboard.type('desk');
    await page.getByLabel('Sees every account, also later ones').check();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText(/^This concerns everyone: \d+ accounts/).waitFor();
    expect(await browser.barriers()).toEqual([]);
    await page.getByLabel(/^Why/).fill('for the desk');
    await page.getByLabel('Type everyone to go on').fill('everyone');
    await page.getByRole('button', { name: 'Add…', exact: true }).click();
    const secret = await page.locator('.secret code').innerText();
    expect(await harness.system.registry.keys.find(secret)).toMatchObject({ name: 'desk' });
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('region', { name: 'Keys' }).getByRole('cell', { name: 'desk', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Revoke… desk' }).click();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByLabel(/^Why/).fill('it was for a test');
    await page.getByLabel('Type everyone to go on').fill('everyone');
    await page.getByRole('button', { name: 'Revoke…', exact: true }).click();
    await page
      .getByRole('status')
      .getByText(/is revoked/)
      .waitFor();
    await browser.visit('/audit');
    await page.getByText(/revoked, by grace: it was for a test/).waitFor();
  });

  it('ask whoever is not logged in for name and password', async () => {
    await browser.page.getByRole('button', { name: 'Log out grace' }).click();
    const { page } = browser;
    await page.getByLabel('Name').waitFor();
    expect(await browser.barriers()).toEqual([]);
    await page.reload();
    await page.getByLabel('Name').waitFor();
    expect(browser.complaints).toEqual([]);
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('Password').fill('not this one');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('There is no operator').waitFor();
    const ada = { visitor: grace, secret: 'correct horse battery' };
    expect((await harness.act('operators add', { name: 'ada', role: 'operate' }, ada)).status).toBe(200);
    await page.getByLabel('Password').fill('correct horse battery');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('button', { name: 'Log out ada' }).waitFor();
    await page.getByRole('button', { name: 'Log out ada' }).click();
    await page.getByText('npm run ops -- console').waitFor();
    await browser.page.goto(await harness.link());
    await browser.page.locator('main h1').waitFor();
    // Of the password that was none, a browser complains whatever a page does.
    expect(browser.complaints.splice(0)).toEqual([expect.stringContaining('401')]);
  });
});
