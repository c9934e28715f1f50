import { shown } from '../answer-judge.ts';
import { supports, type BrokerAccount, type BrokerInstrument, type BrokerQuote } from '../broker-words.ts';
import type { BrokerSession } from '../broker-session.ts';
import type { ConformanceCheck } from '../conformance-check.ts';
import { repeated } from '../rules/order-rules.ts';
import { judged, skipped, type Fault, type Verdict } from '../verdict.ts';
import { perAccount } from './per-account.ts';

const QUOTES_MAX = 50;

function instrumentFaults(list: readonly BrokerInstrument[]): readonly Fault[] {
  return [
    ...repeated(list.map(({ name }) => name)).map((name) => ({ expected: 'every instrument once', got: name })),
    ...list.flatMap(({ name, minTick, pipSize, minQty = 0, maxQty = 1e9 }) => {
      const ticks = pipSize / minTick;
      const faults: Fault[] = [];
      if (Math.abs(ticks - Math.round(ticks)) > 1e-6 || ticks < 1)
        faults.push({ expected: `${name}: pipSize a multiple of minTick`, got: `${pipSize} and ${minTick}` });
      if (minQty > maxQty) faults.push({ expected: `${name}: minQty up to maxQty`, got: `${minQty} and ${maxQty}` });
      return faults;
    }),
  ];
}

async function mapped(session: BrokerSession): Promise<Verdict> {
  const { symbols } = await session.mapping();
  if (symbols.length === 0) return skipped('the mapping is empty: the broker shows its own data');
  const names = new Set(symbols.flatMap(({ f }) => f));
  return perAccount(session, async (account) =>
    (await session.instruments(account))
      .filter(({ name }) => !names.has(name))
      .map(({ name }) => ({ expected: 'instruments to be names of the mapping', got: name })),
  );
}

async function mappedNames(session: BrokerSession): Promise<Verdict> {
  const { symbols } = await session.mapping();
  if (symbols.length === 0) return skipped('the mapping is empty: the broker shows its own data');
  return judged([
    ...symbols
      .filter(({ s }) => !/^[A-Z0-9_]+:[^\s:]+$/.test(s))
      .map(({ s }) => ({ expected: 'EXCHANGE:SYMBOL', got: shown(s) })),
    ...repeated(symbols.flatMap(({ f }) => f)).map((name) => ({ expected: 'every instrument once', got: name })),
  ]);
}

async function quotesOf(session: BrokerSession, account: BrokerAccount) {
  const names = (await session.instruments(account))
    .filter(({ hasQuotes }) => hasQuotes !== false)
    .slice(0, QUOTES_MAX)
    .map(({ name }) => name);
  const quotes = await session.once(`the quotes of account ${account.id}`, () =>
    session.client.must<readonly BrokerQuote[]>('getQuotes', {
      query: { accountId: account.id, symbols: names.join(',') },
    }),
  );
  return { names, quotes };
}

const quoteNames = (session: BrokerSession): Promise<Verdict> =>
  perAccount(session, async (account) => {
    const { names, quotes } = await quotesOf(session, account);
    const told = new Set(quotes.map(({ n }) => n));
    return [
      ...names.filter((name) => !told.has(name)).map((name) => ({ expected: `a quote of ${name}`, got: 'none' })),
      ...quotes.filter(({ n }) => !names.includes(n)).map(({ n }) => ({ expected: 'a requested name', got: shown(n) })),
    ];
  });

const quotePrices = (session: BrokerSession): Promise<Verdict> =>
  perAccount(session, async (account) =>
    (await quotesOf(session, account)).quotes
      .filter(({ v: { bid, ask } }) => bid <= 0 || ask < bid)
      .map(({ n, v }) => ({ expected: `${n}: a positive bid, at most the ask`, got: `${v.bid} and ${v.ask}` })),
  );

async function unknownQuotes(session: BrokerSession): Promise<Verdict> {
  return perAccount(session, async (account) => {
    const symbols = 'NO_SUCH_SYMBOL';
    const { body, at } = await session.client.ask('getQuotes', { query: { accountId: account.id, symbols } });
    const { s, d } = body as { s?: string; d?: readonly BrokerQuote[] };
    if (s === 'error' || d?.every(({ s: each }) => each === 'error')) return [];
    return [{ expected: 'an error, or a quote that says so', got: shown(body), at }];
  });
}

const depth = (session: BrokerSession): Promise<Verdict> =>
  perAccount(
    session,
    async (account) => {
      const symbol = (await session.instruments(account))[0]?.name ?? '';
      type Levels = readonly (readonly [price: number, volume: number])[];
      const { asks, bids } = await session.client.must<{ asks: Levels; bids: Levels }>('getDepth', {
        query: { accountId: account.id, symbol },
      });
      const faults = Object.entries({ asks, bids })
        .filter(([, levels]) => levels.some(([price], index) => price <= (levels[index - 1]?.[0] ?? 0)))
        .map(([name, levels]) => ({ expected: `${name} by ascending price`, got: shown(levels) }));
      const [bid, ask] = [bids.at(-1)?.[0], asks[0]?.[0]];
      if (bid !== undefined && ask !== undefined && bid > ask)
        faults.push({ expected: 'the best bid at most the best ask', got: `${bid} and ${ask}` });
      return faults;
    },
    (account) => supports(account, 'Level2Data'),
  );

async function unknownAccount({ client }: BrokerSession): Promise<Verdict> {
  const { body, status, at } = await client.ask('getState', { params: { accountId: 'no-such-account' } });
  const isError = status === 401 || (body as { s?: unknown }).s === 'error';
  return judged(isError ? [] : [{ expected: 'an error', got: shown(body), at }]);
}

export const marketChecks: readonly ConformanceCheck[] = [
  {
    id: 'market.instruments',
    title: 'Instruments are distinct, their ticks, pips and quantities fit',
    why: 'The order ticket steps by them.',
    run: (session) => perAccount(session, async (account) => instrumentFaults(await session.instruments(account))),
  },
  {
    id: 'market.mapping-covers',
    title: 'Every instrument is in the mapping',
    why: 'Others are "unknown symbols" to an autotest of TradingView, and have no trading button.',
    run: mapped,
  },
  {
    id: 'market.mapping-names',
    title: 'The mapping names symbols of TradingView, each instrument once',
    why: 'A name that does not exist is an unknown symbol.',
    run: mappedNames,
  },
  {
    id: 'market.quotes',
    title: 'Every instrument that was asked for has a quote under the same name',
    why: 'Without one the order ticket stands empty.',
    run: quoteNames,
  },
  {
    id: 'market.quote-prices',
    title: 'Bid and ask are prices',
    why: 'Users trade at what they see.',
    run: quotePrices,
  },
  {
    id: 'market.unknown-symbol',
    title: 'A symbol that does not exist has no price',
    why: 'A made-up price would be traded at.',
    run: unknownQuotes,
  },
  {
    id: 'market.depth',
    title: 'Both sides of the depth ascend',
    why: 'The ladder is drawn in that order.',
    run: depth,
  },
  {
    id: 'market.unknown-account',
    title: "Somebody else's account is an error",
    why: 'An empty answer would look like an account without positions.',
    run: unknownAccount,
  },
];
