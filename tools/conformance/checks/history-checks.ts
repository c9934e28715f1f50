import { shown } from '../answer-judge.ts';
import type { BrokerSession } from '../broker-session.ts';
import type { ConformanceCheck } from '../conformance-check.ts';
import {
  barFaults,
  barText,
  DAY,
  differences,
  MINUTE,
  orderFaults,
  outside,
  timeText,
  type Bar,
} from '../rules/bar-rules.ts';
import { hoursOf, isOpenAt } from '../rules/trading-day.ts';
import type { SymbolRow } from '../rules/symbol-rules.ts';
import { judged, skipped, type Fault, type Verdict } from '../verdict.ts';
import { askBars, nowIn, perSymbol, type KnownBars } from './per-symbol.ts';

type Find = (session: BrokerSession, known: KnownBars) => Promise<readonly Fault[]>;

const check = (
  name: string,
  title: string,
  why: string,
  find: Find,
  concerns?: (row: SymbolRow) => boolean,
): ConformanceCheck => ({
  id: `history.${name}`,
  title,
  why,
  run: (session) => perSymbol(session, (known) => find(session, known), concerns),
});

const advice = (given: ConformanceCheck): ConformanceCheck => ({
  ...given,
  run: async (session) => {
    const verdict = await given.run(session);
    return verdict.kind === 'failed' ? { ...verdict, kind: 'warned' } : verdict;
  },
});

const first = (bars: readonly Bar[]): Bar => bars[0] as Bar;
const last = (bars: readonly Bar[]): Bar => bars[bars.length - 1] as Bar;
const within = (bars: readonly Bar[], from: number, to: number): readonly Bar[] =>
  bars.filter(({ t }) => t >= from && t <= to);

const fromEqualsTo: Find = async (session, { row, settled }) => {
  const faults: Fault[] = [];
  for (const bar of [first(settled), settled[settled.length >> 1] as Bar, last(settled)])
    faults.push(...differences([bar], await askBars(session, row, { from: bar.t, to: bar.t })));
  return faults;
};

const inclusive: Find = async (session, { row, settled }) => {
  const to = last(settled).t + MINUTE - 1;
  const from = to - 50 * MINUTE + 1;
  return differences(within(settled, from, to), await askBars(session, row, { from, to }));
};

const repeatable: Find = async (session, { row, settled }) => {
  const asked = { from: last(settled).t - 3 * 60 * MINUTE, to: last(settled).t };
  const once = await askBars(session, row, asked);
  return [...differences(once, await askBars(session, row, asked)), ...differences(once, await askBars(session, row, asked))]; // prettier-ignore
};

const inParts: Find = async (session, { row, settled }) => {
  const from = last(settled).t - 199 * MINUTE;
  const parts: Bar[] = [];
  for (let start = from; start < from + 200 * MINUTE; start += 20 * MINUTE)
    parts.push(...(await askBars(session, row, { from: start, to: start + 20 * MINUTE - 1 })));
  return differences(await askBars(session, row, { from, to: last(settled).t }), parts);
};

const gap: Find = async (session, { row, settled }) => {
  const before = settled.find((bar, index) => (settled[index + 1]?.t ?? bar.t) > bar.t + MINUTE);
  if (!before) return [];
  const missing = before.t + MINUTE;
  const bars = await askBars(session, row, { from: missing, to: missing });
  return bars.map((bar) => ({ expected: `nothing at ${timeText(missing)}`, got: barText(bar) }));
};

const everyMinute: Find = async (_, { settled }) =>
  settled.slice(1).flatMap((bar, index) => {
    const before = settled[index] as Bar;
    return bar.t - before.t <= MINUTE
      ? []
      : [{ expected: 'a bar for every minute of a market that never closes', got: `none between ${timeText(before.t)} and ${timeText(bar.t)}` }]; // prettier-ignore
  });

const future =
  (resolution: '1' | '1D', backSeconds: number): Find =>
  async (session, { row }) => {
    const from = nowIn(session) - backSeconds;
    const bars = await askBars(session, row, { from, to: from + backSeconds + DAY, resolution });
    return outside(bars, from, nowIn(session));
  };

const current: Find = async (session, { row }) => {
  const now = nowIn(session);
  if (!isOpenAt(row, now)) return [];
  const bars = await askBars(session, row, { from: now - 10 * MINUTE, to: now });
  const newest = bars.at(-1)?.t ?? 0;
  return newest >= now - 2 * MINUTE
    ? []
    : [
        {
          expected: 'the bar of this minute, or of the one before',
          got: bars.length === 0 ? 'none' : timeText(newest),
        },
      ];
};

const distantPast: Find = async (session, { row }) =>
  outside(await askBars(session, row, { from: 0, to: DAY }), 0, DAY);

const countback: Find = async (session, { row, settled }) => {
  const to = last(settled).t;
  const wanted = settled.slice(-10);
  return differences(wanted, await askBars(session, row, { from: to, to, countback: 10 }));
};

const daily: Find = async (session, { row }) => {
  const [from, to] = [nowIn(session) - 10 * DAY, nowIn(session)];
  const bars = await askBars(session, row, { from, to, resolution: '1D' });
  if (bars.length === 0) return [{ expected: 'daily bars of the last ten days', got: 'none' }];
  return [...barFaults(bars, DAY), ...orderFaults(bars), ...outside(bars, from, to)];
};

/** Of the newest trading day that is over; where its first hour is not known, nothing can be told. */
const dailyPrices: Find = async (session, { row }) => {
  const now = nowIn(session);
  const bars = await askBars(session, row, { from: now - 10 * DAY, to: now, resolution: '1D' });
  for (const bar of [...bars].reverse()) {
    const hours = hoursOf(row, bar.t);
    if (hours === null || hours.to + 3 * MINUTE > now) continue;
    const minutes = await askBars(session, row, { from: hours.from, to: hours.to - 1 });
    if (minutes.length === 0 || first(minutes).t > hours.from + 60 * MINUTE) return [];
    const told = { o: bar.o, c: bar.c };
    const made = { o: first(minutes).o, c: last(minutes).c };
    return told.o === made.o && told.c === made.c
      ? []
      : [{ expected: `${timeText(bar.t)}: open and close of its minutes, ${shown(made)}`, got: shown(told) }];
  }
  return [];
};

const unchanged: Find = async (session, { row, settled }) => {
  const [from, to] = [last(settled).t - 30 * MINUTE, last(settled).t];
  return differences(within(settled, from, to), await askBars(session, row, { from, to }));
};

/** Waits once for all symbols. */
async function afterAWhile(session: BrokerSession): Promise<Verdict> {
  await perSymbol(session, async () => []);
  await session.once('a while', () => session.client.wire.wait(session.options.effort.unchangedAfterMs));
  return perSymbol(session, (known) => unchanged(session, known));
}

async function unknownSymbol({ client, options }: BrokerSession): Promise<Verdict> {
  if (options.data === null) return skipped('the broker has no data part');
  const query = { symbol: 'NO_SUCH_SYMBOL', resolution: '1', from: '0', to: '60' };
  const { body, at } = await client.ask('getHistory', { query });
  const { s } = body as { s?: string };
  return judged(s === 'error' ? [] : [{ expected: 's = error', got: shown(body), at }]);
}

const ofDays = ({ hasDaily }: SymbolRow): boolean => hasDaily;

export const historyChecks: readonly ConformanceCheck[] = [
  check('bars', 'Bars are bars', 'A high below the low breaks the chart.', async (_, { all }) =>
    barFaults(all, MINUTE).slice(0, 5),
  ),
  check('order', 'Times of bars ascend', 'Charts are drawn in the order of the answer.', async (_, { all }) =>
    orderFaults(all).slice(0, 5),
  ),
  check('from-equals-to', 'A single bar can be asked for', 'Both bounds are included.', fromEqualsTo),
  check(
    'bounds',
    'Fifty minutes are at most fifty bars, first and last included',
    'Holes appear otherwise.',
    inclusive,
  ),
  check('repeatable', 'The same question has the same answer', 'Charts of two users must be one.', repeatable),
  check('in-parts', 'Ten short questions are one long one', 'TradingView joins what it asked for in parts.', inParts),
  check('gaps', 'A minute without trades is no bar', 'A made-up bar is never taken back.', gap),
  check(
    'every-minute',
    'A market that never closes has a bar every minute',
    'A day of 24 hours has 1440 of them.',
    everyMinute,
    ({ session }) => session === '24x7',
  ),
  check('future', 'Nothing is told of the future', 'The last bar is the current one.', future('1', 60 * MINUTE)),
  check(
    'future-daily',
    'Nothing is told of future days',
    'The last bar is the current one.',
    future('1D', 10 * DAY),
    ofDays,
  ),
  check('distant-past', 'Before the first bar there is nothing', 'TradingView asks back to 1800.', distantPast),
  check('daily', 'There are daily bars, at 00:00 UTC of their trading day', 'They were promised.', daily, ofDays),
  check(
    'daily-prices',
    'A day opens with its first minute and closes with its last',
    'Users switch between both.',
    dailyPrices,
    ofDays,
  ),
  {
    id: 'history.unchanged',
    title: 'What was told once stays so',
    why: 'TradingView keeps bars and does not ask again.',
    run: afterAWhile,
  },
  {
    id: 'history.unknown-symbol',
    title: 'A symbol that does not exist is an error',
    why: 'An empty answer says that nothing was traded.',
    run: unknownSymbol,
  },
  advice(check('current', 'The newest bar is the current one', 'A chart that lags looks dead.', current)),
  advice(check('countback', 'countback is honoured', 'Older data tests ask for it.', countback)),
];
