import type { Answer, Command } from '@core/contracts/command';
import { aCommand } from '@core/contracts/command-examples.fixture';
import type { RecordedEvent } from '@core/contracts/event';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { SYSTEM_ACCOUNT, type AccountId } from '@core/contracts/primitives';
import { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { present } from '@core/kernel/present';
import { nobodyYet } from '@core/operations/whom';
import { openRegistry, type Registry } from '@core/registry/registry';
import { newId, now } from '@core/service/clock';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { randomBytes } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { until } from '@core/testing/until';
import { Consent } from '../consent.ts';
import { AGREED, json, ops } from '../ops-harness.fixture.ts';
import { outputOf } from '../output.ts';
import { CellsAtHand } from './cells-at-hand.ts';
import { LedgerOfCell } from './ledger-of-cell.fixture.ts';
import type { MoveStep } from './move-step.ts';
import { Moving } from './moving.ts';

const ADDRESSES = { gatewayUrl: 'https://g', webhookUrl: 'https://w', sessionUrl: 'wss://s' };
const environment = { ...process.env };
let shared: FreshDatabase;
let registry: Registry;
let cells: Record<'a' | 'b', LedgerOfCell>;
let accounts: AccountId[];

beforeAll(async () => {
  shared = await freshDatabase();
  const [a, b] = await Promise.all([LedgerOfCell.open('a'), LedgerOfCell.open('b')]);
  cells = { a, b };
  const key = randomBytes(32).toString('base64');
  registry = await openRegistry({ url: shared.url, cell: 'a', isBeside: false, key, newId });
  for (const name of ['a', 'b']) await registry.cells.put({ name, ...ADDRESSES });
  const { id: traderId } = await registry.addTrader('ada', 'correct horse');
  await registry.putBroker({ venue: 'demo', protocol: 'xapi', endpoint: {} });
  const known = { traderId, venue: 'demo', mode: 'demo' } as const;
  accounts = [];
  for (const brokerLogin of ['10001', '10002']) {
    const { id } = await registry.putAccount({ ...known, brokerLogin, name: brokerLogin, password: 'x' });
    accounts.push(id);
    await send('a', aCommand('RegisterAccount', known, { commandid: newId(), subject: id }));
  }
  const { DATABASE_URL: _url, NATS_URL: _nats, ...rest } = process.env;
  process.env = { ...rest, ...a.environment, ...b.environment, REGISTRY_DATABASE_URL: shared.url, CELL: 'a' };
  Object.assign(process.env, { DATABASE_URL: a.database.url, NATS_URL: a.environment['CELL_A_NATS_URL'] });
});
afterAll(async () => {
  process.env = environment;
  await registry.close();
  await Promise.all([cells.a.close(), cells.b.close()]);
  await shared.drop();
});

const send = (cell: 'a' | 'b', command: Command): Promise<Answer> => cells[cell].send(command);
const withoutPlace = ({ position: _position, recordedtime: _recorded, ...event }: RecordedEvent) => event;

/**
 * Orders that keep coming, each to its end: placed, claimed and rejected by its broker; asked again, under the same id,
 * where the account is, until somebody takes it.
 */
class Orders {
  readonly taken: Command[] = [];
  refusals = 0;
  home: 'a' | 'b' = 'a';
  private isOver = false;
  private readonly running: Promise<unknown>;

  constructor() {
    this.running = Promise.all(accounts.map((account) => this.keepAsking(account)));
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.running;
  }

  private async keepAsking(account: AccountId): Promise<void> {
    while (!this.isOver) {
      const time = now();
      const order = aCommand('PlaceOrder', {}, { commandid: newId(), subject: account, time });
      while (!(await this.isTaken(order)) && !this.isOver) await turn();
    }
  }

  private async isTaken(order: Command): Promise<boolean> {
    const { home } = this;
    const answer = await send(home, order);
    if (!answer.ok) {
      this.refusals += 1;
      expect(['account-moving', 'unknown-account']).toContain(answer.refusal.reason);
      return false;
    }
    this.taken.push(order);
    const { commandid: requestId, subject } = order;
    const claim = aCommand('DispatchRequest', { requestId }, { commandid: newId(), subject, time: now() });
    if ((await send(home, claim)).ok) await this.reject(home, order);
    return true;
  }

  private async reject(home: 'a' | 'b', { commandid: requestId, subject }: Command): Promise<void> {
    const rejected = anEvent('RequestRejected', { requestId, kind: 'order' }, { id: newId(), subject, time: now() });
    await cells[home].report(rejected);
  }
}

/** A move, killed before its n-th step from where it was; then the command, which brings it to its end. */
async function movedWithKills(to: 'a' | 'b', killedAt: readonly number[]): Promise<void> {
  const from = to === 'a' ? 'b' : 'a';
  const trader = present(await registry.cells.traderAnywhere('ada'), 'she was added');
  const atHand = new CellsAtHand(undefined, process.env, undefined);
  const options = { note: 'as agreed', operator: 'grace', yes: true } as const;
  const consent = present(
    await Consent.to({ registry: async () => registry }, outputOf(true), nobodyYet, options),
    'agreed',
  );
  try {
    await registry.cells.moves.begin({ traderId: trader.id, moveId: newId(), from, to });
    for (const steps of killedAt) {
      let left = steps;
      const onStep = ({ step }: MoveStep): void => {
        if (step !== 'wait') left -= 1;
        if (left < 0) throw new Error('killed');
      };
      const parts = { consent, from: atHand.of(from), to: atHand.of(to), login: 'ada', traderId: trader.id, onStep };
      const moving = new Moving({ ...parts, requestsMs: 30_000, connectorMs: 0 });
      await moving.run().catch((error: unknown) => expect(error).toMatchObject({ message: 'killed' }));
      await cells[steps % 2 === 0 ? from : to].restart();
    }
  } finally {
    await atHand.close();
  }
  const { code, out, err } = await ops('cells', 'move', trader.login, ...AGREED);
  expect({ code, out, err }).toMatchObject({ code: 0, out: expect.stringContaining(`lives in cell ${to}`) });
}

const verified = async ({ database }: LedgerOfCell): Promise<boolean> => {
  const log = new PostgresEventLog({ url: database.url });
  try {
    return (await log.verify({})).ok;
  } finally {
    await log.close();
  }
};

/** Both logs agree in all that both have of an account, and the one that it lives in has all of it. */
async function expectOneStory(account: AccountId, home: 'a' | 'b'): Promise<RecordedEvent[]> {
  const [here, other] = await Promise.all(
    [cells[home], cells[home === 'a' ? 'b' : 'a']].map((cell) => cell.past(account)),
  );
  expect(here?.map(({ version }) => version)).toEqual(here?.map((_, index) => index + 1));
  expect(here?.slice(0, other?.length).map(withoutPlace)).toEqual(other?.map(withoutPlace));
  return here ?? [];
}

/** Of each order that was taken: asked for once, and claimed once at most; none of it lost, whichever log it began in. */
function expectEachOnce(taken: readonly Command[], story: readonly RecordedEvent[]): void {
  const ids = (type: string): string[] =>
    story
      .flatMap((event) => (event.type === type ? ('orderId' in event.data ? event.data.orderId : idIn(event)) : []))
      .filter((id) => id !== null);
  const requested = ids('OrderRequested');
  const dispatched = ids('RequestDispatched');
  expect(new Set(requested).size).toBe(requested.length);
  expect(new Set(dispatched).size).toBe(dispatched.length);
  expect(taken.map(({ commandid }) => commandid).filter((id) => !requested.includes(id))).toEqual([]);
}

const idIn = (event: RecordedEvent): string | null => ('requestId' in event.data ? event.data.requestId : null);

it('a trader moves there and back under load, with kills between the steps: one story in both logs, no order twice', async () => {
  const orders = new Orders();
  try {
    await movedWithKills('b', [1, 3, 2, 2, 1, 4]);
    orders.home = 'b';
    const before = orders.taken.length;
    await until(() => orders.taken.length > before + 10);
    await movedWithKills('a', [2, 2, 5, 3]);
    orders.home = 'a';
    const again = orders.taken.length;
    await until(() => orders.taken.length > again + 10);
  } finally {
    await orders.stop();
  }
  expect(orders.refusals).toBeGreaterThan(0);
  for (const account of accounts) {
    const story = await expectOneStory(account, 'a');
    const taken = orders.taken.filter(({ subject }) => subject === account);
    expectEachOnce(taken, story);
    const counted = story.length;
    for (const command of taken.slice(0, 20)) expect(await send('a', command)).toMatchObject({ ok: true });
    expect((await cells.a.past(account)).length).toBe(counted);
    expect(story.filter(({ type }) => type === 'AccountArrived')).toHaveLength(2);
  }
  expect(await Promise.all([verified(cells.a), verified(cells.b)])).toEqual([true, true]);
  expect(await registry.cells.moves.all()).toEqual([]);
});

it('one that is taken back half-way trades on where it was, and may be moved later', async () => {
  const trader = present(await registry.cells.traderAnywhere('ada'), 'she was added');
  await registry.cells.moves.begin({ traderId: trader.id, moveId: newId(), from: 'a', to: 'b' });
  expect(await json('cells', 'moves')).toMatchObject([{ trader: 'ada', from: 'a', to: 'b', stage: 'draining' }]);
  expect(await ops('cells', 'move', 'ada', '--to', 'c', ...AGREED)).toMatchObject({ code: 2 });
  expect(await ops('cells', 'move', 'ada', '--take-back', ...AGREED)).toMatchObject({ code: 0 });
  const subject = accounts[0] ?? exampleId(1);
  const order = () =>
    aCommand('PlaceOrder', { kind: 'limit', price: '1.05' }, { commandid: newId(), subject, time: now() });
  const standing = order();
  expect(await send('a', standing)).toMatchObject({ ok: true });
  const waiting = await ops('cells', 'move', 'ada', '--to', 'b', '--patience', '0', ...AGREED);
  expect(waiting).toMatchObject({ code: 1, err: expect.stringContaining('requests without an outcome') });
  expect(await send('a', order())).toMatchObject({ refusal: { reason: 'account-moving' } });
  expect(await ops('cells', 'move', 'ada', '--take-back', ...AGREED)).toMatchObject({ code: 0 });
  expect(await send('a', order())).toMatchObject({ ok: true });
  expect(await registry.cells.homeOf(trader.id)).toBe('a');
});

it('says what holds for everyone in the cell that a trader leaves, and not in the other', async () => {
  const everyone = { commandid: newId(), subject: SYSTEM_ACCOUNT, time: now() };
  await send('a', aCommand('SetCloseOnly', { closeOnly: true }, everyone));
  const look = () => ops('cells', 'move', 'ada', '--to', 'b', '--dry-run', ...AGREED);
  const said = 'of cell a, and not taken along to cell b: close-only for everyone';
  expect(await look()).toMatchObject({ code: 0, err: said });
  await send('b', aCommand('SetCloseOnly', { closeOnly: true }, { ...everyone, commandid: newId() }));
  expect(await look()).toMatchObject({ code: 0, err: '' });
});

it.each([
  [['nobody', '--to', 'b'], 'there is no trader nobody'],
  [['ada'], '--to says which cell'],
  [['ada', '--take-back'], 'is not on the way anywhere'],
  [['ada', '--to', 'c'], 'where is cell c?'],
])('%j is asked wrongly', async (args, why) => {
  expect(await ops('cells', 'move', ...args, ...AGREED)).toMatchObject({ code: 2, err: expect.stringContaining(why) });
});
