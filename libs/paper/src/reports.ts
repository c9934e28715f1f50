import { closingPrice, openProfit } from '@core/contracts/market/valuation';
import type { Currency } from '@core/contracts/primitives';
import { ZERO } from '@core/kernel/decimal';
import type { OrderReport, PositionReport } from '@core/execution/report';
import type { PaperOrder, PaperPosition } from './account.ts';
import type { PaperMarket } from './paper-market.ts';

/** A position as it stands in the market now. */
export function positionReport(position: PaperPosition, market: PaperMarket, currency: Currency): PositionReport {
  const { number, contract, openPrice, margin: _held, ...rest } = position;
  const quote = market.quote(position.instrument);
  return {
    about: 'position',
    position: number,
    ...rest,
    digits: contract.digits,
    price: openPrice,
    closePrice: quote === null ? ZERO : closingPrice(position.side, quote),
    profit: openProfit(position, market, currency) ?? ZERO,
  };
}

export function orderReport({ number, contract, ...rest }: PaperOrder): OrderReport {
  // Nobody can ask for a trailing stop here.
  return { about: 'order', order: number, ...rest, digits: contract.digits };
}
