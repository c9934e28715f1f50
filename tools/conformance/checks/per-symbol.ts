import type { BarColumns } from '../broker-words.ts';
import type { BrokerSession } from '../broker-session.ts';
import { barsOf, DAY, MINUTE, type Bar } from '../rules/bar-rules.ts';
import { symbolRows, type SymbolRow } from '../rules/symbol-rules.ts';
import { judged, skipped, type Fault, type Verdict } from '../verdict.ts';

export const nowIn = ({ client }: BrokerSession): number => Math.floor(client.wire.nowMs() / 1_000);

export interface BarsAsked {
  readonly from: number;
  readonly to: number;
  readonly resolution?: '1' | '1D';
  readonly countback?: number;
}

export async function askBars(
  { client }: BrokerSession,
  { ticker }: SymbolRow,
  { from, to, resolution = '1', countback }: BarsAsked,
): Promise<readonly Bar[]> {
  const query: Record<string, string> = { symbol: ticker, resolution, from: String(from), to: String(to) };
  if (countback !== undefined) query['countback'] = String(countback);
  return barsOf(await client.must<BarColumns>('getHistory', { query }));
}

/** A symbol, its minutes of the last days, and how many of them can still change. */
export interface KnownBars {
  readonly row: SymbolRow;
  readonly all: readonly Bar[];
  /** Of minutes that are over for two minutes. */
  readonly settled: readonly Bar[];
}

/** Asked for a day at a time, as TradingView does. */
async function barsKnown(session: BrokerSession, row: SymbolRow): Promise<KnownBars> {
  return session.once(`the bars of ${row.symbol}`, async () => {
    const now = nowIn(session);
    const all: Bar[] = [];
    for (let from = now - session.options.effort.historyDays * DAY; from < now; from += DAY)
      all.push(...(await askBars(session, row, { from, to: Math.min(from + DAY - 1, now) })));
    return { row, all, settled: all.filter(({ t }) => t + 3 * MINUTE <= now) };
  });
}

/** What is found of each symbol that is looked at; those without any bar are not. */
export async function perSymbol(
  session: BrokerSession,
  find: (known: KnownBars) => Promise<readonly Fault[]>,
  concerns: (row: SymbolRow) => boolean = () => true,
): Promise<Verdict> {
  if (session.options.data === null) return skipped('the broker has no data part');
  const rows = symbolRows(await session.symbols()).slice(0, session.options.effort.symbols);
  const faults: Fault[] = [];
  let looked = 0;
  for (const row of rows.filter((each) => each.hasIntraday && concerns(each))) {
    const known = await barsKnown(session, row);
    if (known.settled.length === 0) continue;
    looked += 1;
    for (const fault of await find(known)) faults.push({ at: row.symbol, ...fault });
  }
  return looked === 0 ? skipped('no symbol of it has bars') : judged(faults.slice(0, 20), `${looked} symbols`);
}
