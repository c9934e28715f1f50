import { instruments } from './instruments.ts';
import { Market } from './market.ts';
import { Random } from './random.ts';
import { commissionCents, accountFigures, heldMarginCents, marginCents, profitCents, swapCents } from './valuation.ts';
import { openAccount, type SimulatedPosition } from './account.ts';

const NOW = Date.UTC(2024, 2, 5, 12);

const aMarket = (): Market => new Market(instruments, new Random('valuation'), NOW, () => true);

const position = (change: Partial<SimulatedPosition>): SimulatedPosition => ({
  ...{ id: 1, request: 1, userId: '1', symbol: 'EURUSD', isBuy: true, volume: 100, openPrice: 108_000, openTime: NOW },
  ...{ sl: 0, tp: 0, offset: 0, comment: '', customComment: null, commission: 0, commissionBooked: true, storage: 0 },
  ...{ margin: 0, shownPrice: 0, shownProfit: 0, ...change },
});

describe('profit', () => {
  const market = aMarket();
  const of = (symbol: string, currency: string, deal: Partial<Parameters<typeof profitCents>[3]>): number =>
    profitCents(market, currency, market.get(symbol).instrument, {
      isBuy: true,
      volume: 100,
      openPrice: 0,
      closePrice: 0,
      ...deal,
    });

  it.each([
    // 0.1 lot of 100 000, up 54.1 pips: 54.10 dollars.
    ['EURUSD', 'USD', { volume: 10, openPrice: 108_459, closePrice: 109_000 }, 5_410],
    ['EURUSD', 'USD', { volume: 10, openPrice: 108_459, closePrice: 109_000, isBuy: false }, -5_410],
    // 1 lot of gold is 100 ounces: 1 dollar an ounce is 100 dollars.
    ['GOLD', 'USD', { openPrice: 203_500, closePrice: 203_600 }, 10_000],
    // The recorded close of wire-behaviour's kind: index points times contract.
    ['US500', 'USD', { volume: 1, openPrice: 50_000, closePrice: 50_010 }, 50],
    ['AAPL.US_9', 'USD', { volume: 1_000, openPrice: 18_230, closePrice: 18_330 }, 1_000],
    ['BITCOIN', 'USD', { volume: 1, openPrice: 5_194_000, closePrice: 5_294_000 }, 1_000],
  ])('of %s in %s, %j, is %s hundredths', (symbol, currency, deal, cents) => {
    expect(of(symbol, currency, deal)).toBe(cents);
  });

  it('is converted by mid prices and rounded once, half away from zero', () => {
    // 100 000 yen at a mid of 149.257 are 669.985 dollars, and at 1.084545 dollars a euro 617.757 euros.
    expect(of('USDJPY', 'USD', { openPrice: 149_000, closePrice: 150_000 })).toBe(66_999);
    expect(of('USDJPY', 'EUR', { openPrice: 149_000, closePrice: 150_000 })).toBe(61_776);
    expect(of('DE40', 'EUR', { volume: 1, openPrice: 0, closePrice: 1 })).toBe(3);
    expect(of('DE40', 'EUR', { volume: 1, openPrice: 1, closePrice: 0 })).toBe(-3);
  });
});

describe('margin', () => {
  const market = aMarket();
  const { instrument } = market.get('EURUSD');

  it('is the instrument’s percentage of nominal value, eased by the account’s leverage', () => {
    expect(marginCents(market, { currency: 'USD', leverage: 100 }, instrument, 100, 108_459)).toBe(361_168);
    expect(marginCents(market, { currency: 'USD', leverage: 200 }, instrument, 100, 108_459)).toBe(180_584);
    expect(marginCents(market, { currency: 'EUR', leverage: 100 }, instrument, 100, 108_454)).toBe(332_998);
  });

  it('of opposite positions in one instrument is that of the larger side', () => {
    const account = openAccount({ userId: '1', password: '', currency: 'USD', balance: 1_000_000, leverage: 100 });
    for (const each of [
      position({ id: 1, margin: 300 }),
      position({ id: 2, margin: 500, isBuy: false }),
      position({ id: 3, margin: 100, symbol: 'GOLD' }),
    ]) {
      account.positions.set(each.id, each);
    }
    expect(heldMarginCents(account)).toBe(600);
    expect(heldMarginCents(account, { symbol: 'EURUSD', isBuy: true, margin: 400 })).toBe(800);
  });
});

describe('figures', () => {
  it('count what is not booked yet, and never an unrealised gain as free', () => {
    const market = aMarket();
    const account = openAccount({ userId: '1', password: '', currency: 'USD', balance: 1_000_000, leverage: 100 });
    account.credit = 5_000;
    expect(accountFigures(market, account)).toMatchObject({
      equity: 1_005_000,
      margin: 0,
      marginFree: 1_000_000,
      marginLevel: 0,
    });

    account.positions.set(
      1,
      position({ openPrice: 108_350, margin: 300_000, storage: -700, commission: -600, commissionBooked: false }),
    );
    expect(accountFigures(market, account)).toEqual({
      ...{ balance: 1_000_000, credit: 5_000, equity: 1_005_000 + 10_000 - 1_300, margin: 300_000 },
      ...{ marginFree: 700_000, marginLevel: 33_790 },
    });
    account.positions.set(1, position({ openPrice: 109_450, margin: 300_000 }));
    expect(accountFigures(market, account)).toMatchObject({ equity: 905_000, marginFree: 605_000 });
  });
});

describe('costs', () => {
  const market = aMarket();
  const instrument = (symbol: string) => market.get(symbol).instrument;

  it('of opening are a share of nominal value, for stocks alone', () => {
    expect(commissionCents(market, 'USD', instrument('AAPL.US_9'), 1_000, 18_230)).toBe(-146);
    expect(commissionCents(market, 'USD', instrument('EURUSD'), 1_000, 108_450)).toBe(0);
  });

  it.each([
    // Per lot: 0.1 of -7.71.
    ['GOLD', true, 10, -77],
    // Points: -6.3 points of 1 lot of 100 000 at 5 digits.
    ['EURUSD', true, 100, -630],
    ['EURUSD', false, 100, 220],
    // Yearly interest of 22.5 % on 1 bitcoin of 51 940.
    ['BITCOIN', true, 100, -3_246],
  ])('of a night: %s, long %s, %s hundredths of a lot', (symbol, isBuy, volume, cents) => {
    expect(swapCents(market, 'USD', instrument(symbol), position({ symbol, isBuy, volume }))).toBe(cents);
  });
});
