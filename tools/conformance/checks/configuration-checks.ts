import { supports, type BrokerAccount, type BrokerState, type Tables } from '../broker-words.ts';
import type { BrokerSession } from '../broker-session.ts';
import type { ConformanceCheck } from '../conformance-check.ts';
import { repeated } from '../rules/order-rules.ts';
import { judged, type Fault, type Verdict } from '../verdict.ts';
import { perAccount } from './per-account.ts';

interface Layers {
  readonly tables: Tables;
  readonly state: BrokerState;
}

/** What holds for an account, its own layer over the broker's, and its state. */
async function layersOf(session: BrokerSession, { id, ui }: BrokerAccount): Promise<Layers> {
  const config = await session.config();
  const state = await session.once(`the state of account ${id}`, () =>
    session.client.must<BrokerState>('getState', { params: { accountId: id } }),
  );
  return { tables: { ...config, ...ui }, state };
}

async function summaryRow(session: BrokerSession): Promise<Verdict> {
  return perAccount(
    session,
    async (account) => {
      const { tables, state } = await layersOf(session, account);
      const [titles, cells] = [tables.accountSummaryRow?.length ?? 0, state.accountSummaryRowData?.length ?? 0];
      return titles === cells ? [] : [{ expected: `accountSummaryRowData of ${titles} cells`, got: `${cells}` }];
    },
    (account) => supports(account, 'CustomAccountSummaryRow'),
  );
}

async function managerTables(session: BrokerSession): Promise<Verdict> {
  return perAccount(session, async (account) => {
    const { tables, state } = await layersOf(session, account);
    const [described, filled] = [tables.accountManager ?? [], state.amData ?? []];
    if (described.length !== filled.length)
      return [{ expected: `amData of ${described.length} tables`, got: `${filled.length}` }];
    return described.flatMap(({ id, columns }, index) =>
      (filled[index] ?? [])
        .filter((row) => row.length !== columns.length)
        .slice(0, 1)
        .map((row) => ({ expected: `rows of ${columns.length} cells in table ${id}`, got: `${row.length}` })),
    );
  });
}

async function durations(session: BrokerSession): Promise<Verdict> {
  const list = (await session.config()).durations ?? [];
  const standard = list.filter(({ default: isDefault }) => isDefault === true);
  const faults: Fault[] = repeated(list.map(({ id }) => id)).map((id) => ({
    expected: 'every duration once',
    got: id,
  }));
  if (standard.length > 1)
    faults.push({ expected: 'one default at most', got: standard.map(({ id }) => id).join(', ') });
  return judged(faults);
}

const something = (session: BrokerSession): Promise<Verdict> =>
  perAccount(session, async (account) =>
    ['Positions', 'PositionNetting', 'Balances'].some((what) => supports(account, what))
      ? []
      : [{ expected: 'positions or balances', got: 'neither' }],
  );

async function uniqueAccounts(session: BrokerSession): Promise<Verdict> {
  const ids = (await session.accounts()).map(({ id }) => id);
  return judged(repeated(ids).map((id) => ({ expected: 'every account once', got: id })));
}

export const configurationChecks: readonly ConformanceCheck[] = [
  {
    id: 'configuration.summary-row',
    title: 'The summary row has as many cells as titles',
    why: 'An autotest of TradingView compares them; users would read a figure under a wrong title.',
    run: summaryRow,
  },
  {
    id: 'configuration.account-manager',
    title: 'The account manager has the tables and columns that were announced',
    why: 'Cells carry no names: they are matched by their place.',
    run: managerTables,
  },
  {
    id: 'configuration.durations',
    title: 'Durations are distinct, one at most is the default',
    why: 'The order ticket opens with the default one.',
    run: durations,
  },
  {
    id: 'configuration.accounts',
    title: 'Accounts are distinct',
    why: 'Everything else is asked for by the id of an account.',
    run: uniqueAccounts,
  },
  {
    id: 'configuration.holdings',
    title: 'An account has positions or balances',
    why: 'TradingView needs one of them.',
    run: something,
  },
];
