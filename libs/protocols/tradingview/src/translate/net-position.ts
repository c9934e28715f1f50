import type { Decimal, Instant, Instrument } from '@core/contracts/primitives';
import { divide, isPositive, multiply, subtract, sum, toNumber, ZERO } from '@core/kernel/decimal';
import type { Language } from '@core/kernel/language';
import { isOpenPosition, type Screen, type SessionPosition } from '@core/views/tradingview/session-state';
import { say } from '../texts/user-text.ts';
import type { TvConfig } from '../wire/config.ts';
import type { TvNetPosition } from '../wire/position.ts';
import {
  costFields,
  moneyText,
  openProfitOf,
  positionColumns,
  positionsOfSession,
  UNKNOWN,
  type Valuation,
} from './position.ts';

/** Columns we add to the table of net positions: the document has no field for their profit. */
export const netPositionColumns = (language: Language): TvConfig['netPositionCustomFields'] => [
  { id: 'profit', title: say(language, { key: 'column.profit' }), alignment: 'right' },
  ...positionColumns(language),
];

/** The positions of the session as one per instrument and under its name, as a broker that nets would keep them. */
export function translateNetPositions(book: Screen, now: Instant, valuation: Valuation): TvNetPosition[] {
  const byInstrument = new Map<Instrument, SessionPosition[]>();
  for (const position of positionsOfSession(book, now)) {
    const others = byInstrument.get(position.instrument);
    if (others) others.push(position);
    else byInstrument.set(position.instrument, [position]);
  }
  return [...byInstrument].map(([instrument, positions]) => translateNetPosition(instrument, positions, valuation));
}

/** The open positions beneath a net position; none where it is closed or there never was one. */
export const positionsBeneath = (book: Screen, netPositionId: string): SessionPosition[] =>
  Object.values(book.positions).filter((position) => isOpenPosition(position) && position.instrument === netPositionId);

/** Nothing is rounded here that its positions do not round: they sum up to it, to the last digit. */
function translateNetPosition(
  instrument: Instrument,
  positions: readonly SessionPosition[],
  valuation: Valuation,
): TvNetPosition {
  const open = positions.filter(isOpenPosition);
  const [long, short] = [sizeOf(open, 'buy'), sizeOf(open, 'sell')];
  const net: Size = { units: subtract(long.units, short.units), value: subtract(long.value, short.value) };
  const average = averagePrice(net, open);
  const profit = openProfitOf(open, valuation);
  const costs = { swap: sum(open.map(({ swap }) => swap)), commission: sum(open.map(({ commission }) => commission)) };
  return {
    id: instrument,
    instrument,
    qty: toNumber(net.units),
    longQty: toNumber(long.units),
    shortQty: toNumber(short.units),
    ...(average !== null && { avgPrice: toNumber(average) }),
    customFields: [
      { id: 'profit', value: profit === null ? UNKNOWN : moneyText(profit, valuation.currency) },
      ...costFields(costs, valuation.currency),
    ],
  };
}

/** Units, and what they were worth when they were opened, in the quote currency. */
interface Size {
  readonly units: Decimal;
  readonly value: Decimal;
}

function sizeOf(positions: readonly SessionPosition[], of: SessionPosition['side']): Size {
  const sizes = positions
    .filter(({ side }) => side === of)
    .map(({ lots, contract, price }) => {
      const units = multiply(lots, contract.contractSize);
      return { units, value: multiply(units, price) };
    });
  return { units: sum(sizes.map(({ units }) => units)), value: sum(sizes.map(({ value }) => value)) };
}

/**
 * The price at which closing all at once neither gains nor loses, to one digit more than prices have. Null where there
 * is none: nothing is left net, or opposite positions gained or lost more than the rest is worth.
 */
function averagePrice({ units, value }: Size, [first]: readonly SessionPosition[]): Decimal | null {
  if (units === ZERO || !first) return null;
  const average = divide(value, units, first.contract.digits + 1);
  return isPositive(average) ? average : null;
}
