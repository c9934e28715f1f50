import type { SymbolColumns } from '../broker-words.ts';
import type { BrokerSession } from '../broker-session.ts';
import type { ConformanceCheck } from '../conformance-check.ts';
import { groupFaults, symbolFaults } from '../rules/symbol-rules.ts';
import { judged, skipped, type Fault, type Verdict } from '../verdict.ts';

const NO_DATA = skipped('the broker has no data part');

/** Ids of the groups; null where there are none. */
async function groupsOf(session: BrokerSession): Promise<readonly string[] | null> {
  return session.once('the groups', async () => {
    const { body } = await session.client.ask('getGroups');
    const { s, d } = body as { s?: string; d?: { groups?: readonly { readonly id: string }[] } };
    const ids = s === 'ok' ? (d?.groups ?? []).map(({ id }) => id) : [];
    return ids.length === 0 ? null : ids;
  });
}

async function fields(session: BrokerSession): Promise<Verdict> {
  if (session.options.data === null) return NO_DATA;
  const columns = await session.client.must<SymbolColumns>('getSymbolInfo');
  return judged(symbolFaults(columns), `${columns.symbol.length} symbols`);
}

async function groupIds(session: BrokerSession): Promise<Verdict> {
  if (session.options.data === null) return NO_DATA;
  const ids = await groupsOf(session);
  return ids === null ? skipped('there are no groups') : judged(groupFaults(ids), ids.join(', '));
}

/** With groups each symbol is in one, and all are told without one; without groups the word is ignored. */
async function groupSymbols(session: BrokerSession): Promise<Verdict> {
  if (session.options.data === null) return NO_DATA;
  const all = (await session.symbols()).symbol;
  const ids = await groupsOf(session);
  if (ids === null) {
    const { symbol } = await session.client.must<SymbolColumns>('getSymbolInfo', { query: { group: 'no_such_group' } });
    return judged(different('without groups any group to be ignored', all, symbol));
  }
  const told: string[] = [];
  for (const group of ids) {
    const { symbol } = await session.client.must<SymbolColumns>('getSymbolInfo', { query: { group } });
    told.push(...symbol);
  }
  return judged(different('every symbol in one group', all, told), `${ids.length} groups`);
}

function different(expected: string, all: readonly string[], told: readonly string[]): readonly Fault[] {
  const [one, other] = [[...all].sort().join(), [...told].sort().join()];
  return one === other ? [] : [{ expected: `${expected}: ${all.length} symbols`, got: `${told.length}` }];
}

export const symbolChecks: readonly ConformanceCheck[] = [
  {
    id: 'symbols.fields',
    title: 'Symbols are described as TradingView reads them',
    why: 'Prices are drawn by their scale, bars by their session; a symbol that is wrong is left out.',
    run: fields,
  },
  {
    id: 'symbols.groups',
    title: 'Groups are named as they must be',
    why: 'A group that was once sent can never be deleted.',
    run: groupIds,
  },
  {
    id: 'symbols.of-groups',
    title: 'Groups divide the symbols',
    why: 'Who may see a group sees its symbols, and nobody others.',
    run: groupSymbols,
  },
];
