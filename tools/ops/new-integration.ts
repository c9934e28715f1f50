import type { AccountId } from '@core/contracts/primitives';
import type { TickerMapping } from '@core/contracts/ticker-mapping';
import { isPositive, parseDecimal } from '@core/kernel/decimal';
import { accountNamed } from './account-named.ts';
import { BadInput } from './bad-input.ts';
import type { OperatedSystem } from './system.ts';

const NAME_MAX = 128;

/** What an integration trades, as operators say it. */
export interface WhatItTrades {
  readonly account: string;
  readonly ticker: readonly string[];
}

export const ACCOUNT_OPTION = ['--account <id>', 'the account to trade'] as const;
export const TICKER_OPTION = [
  '--ticker <mapping...>',
  'what a strategy’s ticker is at the broker: XAUUSD=GOLD, or XAUUSD=GOLD:0.01 for units per quantity',
] as const;

/** The account and the tickers that an operator says. Throws `BadInput`, for a name that is none too. */
export async function tradedBy(
  system: OperatedSystem,
  name: string,
  { account, ticker }: WhatItTrades,
): Promise<{ readonly account: AccountId; readonly tickers: Record<string, TickerMapping> }> {
  if (name.trim() === '' || name.length > NAME_MAX)
    throw new BadInput(`an integration has a name of up to ${NAME_MAX} characters`);
  return { tickers: tickersOf(ticker), account: await accountNamed(system, account) };
}

/** Tickers as an operator maps them. Throws `BadInput`. */
export const tickersOf = (mappings: readonly string[]): Record<string, TickerMapping> =>
  Object.fromEntries(mappings.map(mappingOf));

function mappingOf(text: string): [ticker: string, mapping: TickerMapping] {
  const [, ticker, instrument, units = '1'] = /^([^=\s]{1,64})=([^:\s]{1,64})(?::(.+))?$/.exec(text) ?? [];
  const unitsPerQuantity = parseDecimal(units);
  if (!ticker || !instrument) throw new BadInput(`${text} is no mapping: TICKER=INSTRUMENT or TICKER=INSTRUMENT:UNITS`);
  if (unitsPerQuantity === null || !isPositive(unitsPerQuantity))
    throw new BadInput(`${units} in ${text} is no number above zero`);
  return [ticker, { instrument, unitsPerQuantity }];
}
