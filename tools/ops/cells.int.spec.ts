import { change, json, ops, OpsHarness } from './ops-harness.fixture.ts';

const ADDRESSES = [
  ...['--gateway', 'https://a.example', '--webhook', 'https://hooks.example', '--session', 'wss://a.example/ws'],
];
let harness: OpsHarness;
const { CELL } = process.env;
beforeAll(async () => (harness = await OpsHarness.open()));
afterEach(() => {
  if (CELL === undefined) delete process.env['CELL'];
  else process.env['CELL'] = CELL;
});
afterAll(() => harness.close());

const add = (...args: readonly string[]) => change('cells', 'add', ...args);
const list = () => json<unknown>('cells');

it('without a name it is the only cell, and everybody lives there', async () => {
  expect(await list()).toEqual([{ cell: '', isAsked: true, traders: 1, gateway: null, webhook: null, session: null }]);
});

it.each([
  ['A', ...ADDRESSES],
  ['nine-lives', ...ADDRESSES],
  ['a', ...ADDRESSES.with(1, 'http://a.example')],
  ['a', ...ADDRESSES.with(5, 'https://a.example')],
  ['a', ...ADDRESSES, '--takes-unnamed'],
])('%s is refused where it is none, is not encrypted, or is not the one that is asked', async (...args) => {
  expect(await add(...args)).toMatchObject({ code: 2 });
});

it('a cell that is given a name keeps its people, and another is added beside it', async () => {
  process.env['CELL'] = 'a';
  expect(await add('a', ...ADDRESSES, '--takes-unnamed')).toMatchObject({ code: 0 });
  expect(await add('b', ...ADDRESSES)).toMatchObject({ code: 0 });
  expect(await list()).toMatchObject([
    { cell: 'a', isAsked: true, traders: 1, session: 'wss://a.example/ws' },
    { cell: 'b', isAsked: false, traders: 0 },
  ]);
  expect((await ops('accounts')).out).toContain('10001');
  process.env['CELL'] = 'b';
  expect((await ops('accounts')).out).not.toContain('10001');
  const acts = harness.asked.filter(({ type }) => type === 'RecordAct');
  expect(acts.map(({ data }) => data)).toMatchObject([
    { what: 'cell', target: 'a', action: 'added' },
    { what: 'cell', target: 'b', action: 'added' },
  ]);
});
