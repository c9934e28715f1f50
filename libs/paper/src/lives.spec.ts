import { aPair } from '@core/contracts/market/example.fixture';
import type { Decimal, Instrument, Side } from '@core/contracts/primitives';
import { add, divide, isNegative, sum } from '@core/kernel/decimal';
import type { BookingReport, DealReport, Report } from '@core/execution/report';
import fc from 'fast-check';
import { PaperAccount } from './account.ts';
import { PaperTrader } from './exchange.fixture.ts';

const INSTRUMENTS: readonly Instrument[] = ['EURUSD', 'USDJPY', 'GBPJPY'];
const PRICES: Readonly<Record<Instrument, number>> = { EURUSD: 110_000, USDJPY: 15_000_000, GBPJPY: 18_900_000 };
const specs = INSTRUMENTS.map((instrument) =>
  aPair(instrument, { swapUnit: 'points', swapLong: '-6.37', swapShort: '1.13', stopsLevelPoints: 3 }),
);

const instrument = fc.constantFrom(...INSTRUMENTS);
const side = fc.constantFrom('buy' as const, 'sell' as const);
const lots = fc.integer({ min: 1, max: 200 }).map((each) => divide(`${each}`, '100'));
/** Mostly where it may stand, seen from the position it protects. */
const away = fc.option(fc.integer({ min: -50, max: 1_500 }), { freq: 2 });
const which = fc.nat();
const levels = { stopLoss: away, takeProfit: away };

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ is: fc.constant('market' as const), instrument, side, lots, ...levels }) },
  {
    weight: 3,
    arbitrary: fc.record({ is: fc.constant('pending' as const), instrument, side, lots, away: fc.integer() }),
  },
  { weight: 5, arbitrary: fc.record({ is: fc.constant('close' as const), which, lots }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('protect' as const), which, ...levels }) },
  {
    weight: 1,
    arbitrary: fc.record({ is: fc.constant('trail' as const), which, points: fc.integer({ min: 1, max: 500 }) }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('cancel' as const), which }) },
  {
    weight: 8,
    arbitrary: fc.record({
      is: fc.constant('move' as const),
      instrument,
      points: fc.integer({ min: -3_000, max: 3_000 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 90 }) }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** A trader who does as the steps say, and keeps all that was told. */
class Life {
  readonly told: Report[];
  readonly trader: PaperTrader;
  private readonly at: Record<Instrument, number> = { ...PRICES };

  constructor(currency: string) {
    this.trader = new PaperTrader({ currency, commissionPerLot: '6.66', credit: '33.33' }, specs);
    this.told = [...this.trader.begun];
    for (const each of INSTRUMENTS) this.price(each, 0);
  }

  do(step: Step): void {
    const { trader } = this;
    const { account } = trader.exchange;
    const pick = (numbers: readonly string[], nth: number): string => numbers[nth % numbers.length] ?? 'none';
    const position = 'which' in step ? pick(Object.keys(account.positions), step.which) : 'none';
    switch (step.is) {
      case 'market':
        trader.order({
          ...{ instrument: step.instrument, side: step.side, volumeLots: step.lots },
          ...this.levels(step.instrument, step.side, step),
        });
        break;
      case 'pending': {
        const price = this.near(step.instrument, step.away % 900);
        const [volumeLots, { instrument, side }] = [step.lots, step];
        for (const kind of ['limit', 'stop'] as const) trader.order({ instrument, side, kind, price, volumeLots });
        break;
      }
      case 'close':
        trader.ask({ is: 'close', position, volumeLots: step.lots });
        break;
      case 'protect': {
        const { instrument, side } = account.positions[position] ?? { instrument: 'EURUSD', side: 'buy' };
        trader.ask({ is: 'protect', position, ...this.levels(instrument, side, step) });
        break;
      }
      case 'trail': {
        const trailed = account.positions[position];
        if (trailed) trailed.trailingPoints = step.points;
        break;
      }
      case 'cancel':
        trader.ask({ is: 'cancel', order: pick(Object.keys(account.orders), step.which) });
        break;
      case 'move':
        this.take(trader.exchange.drain());
        this.price(step.instrument, step.points);
        trader.exchange.moved(new Set([step.instrument]), trader.at);
        break;
      case 'wait':
        this.take(trader.waits(step.hours * 3_600_000));
        break;
    }
    this.take(trader.exchange.drain());
  }

  get deals(): DealReport[] {
    return this.told.filter((report): report is DealReport => report.about === 'deal');
  }

  get bookings(): BookingReport[] {
    return this.told.filter((report): report is BookingReport => report.about === 'booking');
  }

  private take(reports: readonly Report[]): void {
    this.told.push(...reports);
  }

  private price(of: Instrument, points: number): void {
    const bid = Math.max(1_000, this.pointsAway(of, points));
    this.at[of] = bid;
    this.trader.market.say(of, divide(`${bid}`, '100000'), divide(`${bid + 20}`, '100000'));
  }

  private near(of: Instrument, points: number): Decimal {
    return divide(`${Math.max(1, this.pointsAway(of, points))}`, '100000');
  }

  /** In a hundred thousandth of a EURUSD, and as far in proportion of the others. */
  private pointsAway(of: Instrument, points: number): number {
    return (this.at[of] ?? 0) + points * Math.round((PRICES[of] ?? 0) / 110_000);
  }

  private levels(of: Instrument, side: Side, away: { stopLoss: number | null; takeProfit: number | null }) {
    const below = side === 'buy' ? -1 : 1;
    return {
      stopLoss: away.stopLoss === null ? null : this.near(of, below * away.stopLoss),
      takeProfit: away.takeProfit === null ? null : this.near(of, -below * away.takeProfit),
    };
  }
}

const lives = (check: (life: Life) => void, after: (life: Life) => void = check): void =>
  fc.assert(
    fc.property(
      fc.constantFrom('USD', 'EUR', 'JPY'),
      fc.array(step, { minLength: 20, maxLength: 80 }),
      (currency, steps) => {
        const life = new Life(currency);
        for (const each of steps) {
          life.do(each);
          check(life);
        }
        after(life);
      },
    ),
    { numRuns: 30 },
  );

describe('whatever a trader does', () => {
  it('money adds up: a balance is its bookings and deals, equity what stands besides', () => {
    lives(({ trader: { exchange }, deals, bookings }) => {
      const { account } = exchange;
      const brought = deals.map(({ profit, commission, swap }) => sum([profit, commission, swap]));
      const booked = bookings.filter(({ operation }) => operation.type === 'deposit');
      expect(account.balance).toBe(sum([...booked.map(({ operation }) => operation.delta), ...brought]));

      const figures = exchange.figures();
      const open = exchange
        .standing()
        .map((each) => (each.about === 'position' ? [each.profit, each.commission, each.swap] : []));
      expect(figures?.equity).toBe(sum([account.balance, '33.33', ...open.flat()]));
      expect(figures && add(figures.marginFree, figures.margin)).toBe(figures?.equity);
      const held = Object.values(account.positions).map(({ margin, volumeLots }) => divide(margin, volumeLots));
      for (const each of held) expect(isNegative(each)).toBe(false);
    });
  });

  it('what was told is what stands, and every number is given once', () => {
    lives(
      () => undefined,
      ({ told, deals, bookings, trader: { exchange } }) => {
        const standing = new Map<string, Report>();
        for (const report of told) {
          if (report.about === 'position') standing.set(report.position, report);
          else if (report.about === 'order') standing.set(report.order, report);
          else if (report.about === 'position-gone') expect(standing.delete(report.position)).toBe(true);
          else if (report.about === 'order-gone') expect(standing.delete(report.order)).toBe(true);
        }
        const fixed = (reports: Iterable<Report>) =>
          [...reports].map((report) => ({ ...report, profit: '', closePrice: '', trailingPoints: null }));
        expect(new Set(fixed(standing.values()))).toEqual(new Set(fixed(exchange.standing())));
        const numbers = [...deals.map(({ deal }) => deal), ...bookings.map(({ operation }) => operation.reference)];
        expect(new Set(numbers).size).toBe(numbers.length);
      },
    );
  });

  it('every lot that was opened is closed or stands', () => {
    lives(
      () => undefined,
      ({ told, deals, trader: { exchange } }) => {
        const opened = new Map<string, Decimal>();
        for (const report of told)
          if (report.about === 'position' && !opened.has(report.position))
            opened.set(report.position, report.volumeLots);
        for (const [number, volumeLots] of opened) {
          const closed = deals.filter(({ position }) => position === number).map((deal) => deal.volumeLots);
          const left = exchange.account.positions[number]?.volumeLots ?? '0';
          expect(sum([...closed, left])).toBe(volumeLots);
        }
      },
    );
  });

  it('an account goes on from its own JSON', () => {
    lives(
      () => undefined,
      ({ trader: { exchange } }) => {
        const { account } = exchange;
        expect(PaperAccount.parse(JSON.parse(JSON.stringify(account)))).toEqual(account);
      },
    );
  });
});
