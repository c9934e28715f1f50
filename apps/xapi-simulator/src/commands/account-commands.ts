import { fromNumber } from '@core/kernel/decimal';
import { err, ok } from '@core/kernel/result';
import { commands } from '@core/xapi/wire/commands';
import { isBuy } from '@core/xapi/wire/enums';
import { mediumTimeText } from '@core/xapi/wire/server-clock';
import { ibHistory } from '../core/reference.ts';
import { decimalOf, MOST_UNITS, scaleBy, toUnits, type Centilots, type Points } from '../core/units.ts';
import { commissionCents, marginCents, openingPoints, profitCents } from '../core/valuation.ts';
import { answering } from './command.ts';

/** What can be asked about an account, and the calculators. */
export const accountCommands = {
  getCurrentUserData: answering(commands.getCurrentUserData, (_desk, { account: { userId, currency, leverage } }) =>
    ok({
      companyUnit: 8,
      currency,
      group: `demo${currency}${leverage}`,
      ibAccount: isIntroducer(userId),
      leverage: 1,
      leverageMultiplier: 100 / leverage,
      spreadType: 'FLOAT',
      trailingStop: true,
    }),
  ),

  getMarginLevel: answering(commands.getMarginLevel, ({ broker }, { account }) => {
    const { balance, credit, equity, margin, marginFree, marginLevel } = broker.figures(account);
    return ok({
      balance: decimalOf(balance, 2),
      credit: decimalOf(credit, 2),
      currency: account.currency,
      equity: decimalOf(equity, 2),
      margin: decimalOf(margin, 2),
      margin_free: decimalOf(marginFree, 2),
      margin_level: decimalOf(marginLevel, 2),
      equityFX: decimalOf(equity, 2),
      stockValue: 0,
      stockLock: 0,
      cashStockValue: 0,
    });
  }),

  getMarginTrade: answering(commands.getMarginTrade, ({ market }, { account }, { symbol, volume }) => {
    const quote = market.find(symbol);
    if (!quote) return err('BE115');
    const lots = lotsOf(volume);
    if (lots === null) return err('BE003');
    return ok({
      margin: decimalOf(marginCents(market, account, quote.instrument, lots, openingPoints(true, quote)), 2),
    });
  }),

  getCommissionDef: answering(
    commands.getCommissionDef,
    ({ market }, { account: { currency } }, { symbol, volume }) => {
      const quote = market.find(symbol);
      if (!quote) return err('BE115');
      const lots = lotsOf(volume);
      if (lots === null) return err('BE003');
      const { instrument, ask } = quote;
      const charged = commissionCents(market, currency, instrument, lots, ask);
      const rate = scaleBy(RATE_UNITS, market.rate(instrument.currency, currency));
      return ok({ commission: decimalOf(Math.abs(charged), 2), rateOfExchange: decimalOf(rate, RATE_DIGITS) });
    },
  ),

  getProfitCalculation: answering(
    commands.getProfitCalculation,
    ({ market }, { account: { currency } }, { symbol, cmd, volume, openPrice, closePrice }) => {
      const quote = market.find(symbol);
      if (!quote) return err('BE115');
      const { instrument } = quote;
      const lots = lotsOf(volume);
      if (lots === null) return err('BE003');
      const [from, to] = [openPrice, closePrice].map((price) => toUnits(fromNumber(price), instrument.digits));
      if (!isPrice(from) || !isPrice(to)) return err('BE001');
      const deal = { isBuy: isBuy(cmd), volume: lots, openPrice: from, closePrice: to };
      return ok({ profit: decimalOf(profitCents(market, currency, instrument, deal), 2) });
    },
  ),

  /** Empty unless the account is an introducing broker's, which is told by its name. */
  getIbsHistory: answering(commands.getIbsHistory, ({ seed }, { account: { userId } }, { start, end }) =>
    ok(isIntroducer(userId) ? ibHistory(`${seed}/${userId}`, start, end) : []),
  ),

  getServerTime: answering(commands.getServerTime, ({ broker }) =>
    ok({ time: broker.time, timeString: mediumTimeText(broker.time) }),
  ),

  getVersion: answering(commands.getVersion, () => ok({ version: '2.5.0' })),
};

/** Null when it is no volume that anyone could trade. */
function lotsOf(volume: number): Centilots | null {
  const lots = toUnits(fromNumber(volume), 2);
  return lots > 0 && lots <= MOST_UNITS ? lots : null;
}

const isPrice = (points: Points | undefined): points is Points =>
  points !== undefined && points >= 0 && points <= MOST_UNITS;

const isIntroducer = (userId: string): boolean => userId.startsWith('IB');
const RATE_DIGITS = 6;
const RATE_UNITS = 10n ** BigInt(RATE_DIGITS);
