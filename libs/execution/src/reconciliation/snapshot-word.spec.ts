import { instantFromMs } from '@core/kernel/instant';
import { BOOK_KEEPS } from '@core/projections/broker-book/fold';
import type { BookOrder, BookPosition, BrokerBook } from '@core/projections/broker-book/state';
import fc from 'fast-check';
import { DAY_MS, deal, openPosition, pending, positionGone, TrackerHarness } from '../account-tracker.fixture.ts';
import { brokerKeyOf } from '../knowledge.ts';
import type { OrderReport, PositionReport, StandingReport } from '../report.ts';

/** What a look at the broker is to find out about one number. */
type Said = Record<string, string>;

const said = (held: BookPosition | BookOrder | StandingReport): string => {
  const { instrument, side, price, volumeLots, stopLoss, takeProfit, trailingPoints } = held;
  const own = 'swap' in held ? [held.swap] : [held.kind, held.expiresAt];
  return JSON.stringify([instrument, side, price, volumeLots, stopLoss, takeProfit, trailingPoints, ...own]);
};
const saidBy = (standing: readonly StandingReport[]): Said =>
  Object.fromEntries(standing.map((report) => [brokerKeyOf(report), said(report)]));
const heldBy = ({ positions, orders }: BrokerBook): Said =>
  Object.fromEntries([...Object.entries(positions), ...Object.entries(orders)].map(([key, held]) => [key, said(held)]));

const differing = (ours: Said, theirs: Said): string[] =>
  [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].filter((key) => ours[key] !== theirs[key]).sort();

const terms = {
  instrument: fc.constantFrom('EURUSD', 'GBPUSD'),
  side: fc.constantFrom('buy' as const, 'sell' as const),
  volumeLots: fc.constantFrom('0.1' as const, '0.2' as const, '0.3' as const),
  price: fc.constantFrom('1.09' as const, '1.1' as const),
  stopLoss: fc.constantFrom(null, '1.05' as const),
  takeProfit: fc.constantFrom(null, '1.2' as const),
  trailingPoints: fc.constantFrom(null, 50),
};
const position = (number: string): fc.Arbitrary<PositionReport> =>
  fc
    .record({ ...terms, swap: fc.constantFrom('0' as const, '-1.5' as const) })
    .map((fields) => openPosition({ position: number, origin: null, ...fields }));
const order = (number: string): fc.Arbitrary<OrderReport> =>
  fc
    .record({ ...terms, kind: fc.constantFrom('stop' as const, 'limit' as const) })
    .map((fields) => pending({ order: number, ...fields }));

const POSITIONS = ['1', '2', '3'];
const ORDERS = ['11', '12'];
const KEYS = [...POSITIONS, ...ORDERS];

/** What a broker lists: of each number nothing, what it listed before, or anything else. */
const listing = fc.tuple(
  ...[...POSITIONS.map(position), ...ORDERS.map(order)].map((report) =>
    fc.oneof(
      fc.constant([]),
      fc.constant('as before' as const),
      report.map((each) => [each]),
    ),
  ),
);

/** As often as the broker is asked until nothing is left to be asked again. */
const LOOKS = 4;

describe('a snapshot is the broker’s word', () => {
  it('whatever it says differently from us is found, whatever it says alike is not, and nothing is told twice', () => {
    fc.assert(
      fc.property(fc.array(listing, { minLength: 1, maxLength: 8 }), (listings) => {
        const harness = new TrackerHarness();
        harness.balance('10000');
        let standing: readonly StandingReport[] = [];
        for (const words of listings) {
          harness.ms += 10_000;
          const before = standing;
          standing = words.flatMap((word, index) =>
            word === 'as before' ? before.filter((report) => brokerKeyOf(report) === KEYS[index]) : word,
          );
          const expected = differing(heldBy(harness.tracker.book), saidBy(standing));
          const found = new Set<string>();
          for (let look = 0; look < LOOKS; look += 1) {
            const { drifts } = harness.read({ standing });
            for (const { brokerKey } of drifts) found.add(brokerKey);
            harness.wait(6_000);
          }
          expect([...found].sort()).toEqual(expected);
          expect(heldBy(harness.tracker.book)).toEqual(saidBy(standing));
          expect(harness.read({ standing })).toMatchObject({ facts: [], drifts: [], lookAgain: false });
        }
        const ids = harness.told.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 300 },
    );
  });

  const told = { closedAt: instantFromMs(DAY_MS + 1_000), profit: '0' as const };

  it('also where the stream had told an end that the broker forgot, though its history knows the deal', () => {
    const harness = new TrackerHarness();
    harness.see(openPosition(), positionGone(), deal(told));
    harness.ms += 10_000;
    const read = { standing: [openPosition()], history: [deal(told)] };
    expect(harness.read(read)).toMatchObject({ drifts: [], lookAgain: true });
    harness.ms += 5_000;
    expect(harness.read(read).drifts).toEqual([
      { kind: 'position', brokerKey: '500000107', ours: 'closed', theirs: 'buy 0.1 EURUSD' },
    ]);
    harness.ms += 5_000;
    expect(harness.read(read)).toMatchObject({ facts: [], drifts: [], lookAgain: false });
    const again = deal({ deal: '73000002', closedAt: harness.now.at });
    expect(harness.see(positionGone(), again)).toEqual(['PositionClosed']);
    expect(harness.last('PositionClosed').data.positionId).toBe(harness.last('PositionOpened').data.positionId);
  });

  it('also where it lists what was told closed a thousand closings ago: another position to everybody', () => {
    const harness = new TrackerHarness();
    const others = Array.from({ length: BOOK_KEEPS + 1 }, (_, n) => String(800_000_000 + n));
    const life = (position: string) => [
      openPosition({ position }),
      positionGone(position),
      deal({ ...told, position, deal: position }),
    ];
    harness.see(...life('500000107'), ...others.flatMap(life));
    const opened = () => harness.told.filter(({ type }) => type === 'PositionOpened');
    expect(opened()).toHaveLength(others.length + 1);
    for (let look = 0; look < LOOKS; look += 1) {
      harness.wait(6_000);
      harness.read({ standing: [openPosition()] });
    }
    expect(heldBy(harness.tracker.book)).toEqual(saidBy([openPosition()]));
    expect(new Set(opened().map(({ id }) => id)).size).toBe(others.length + 2);
  });

  it('also where a part was closed under a new number, and the whole stands under the old one', () => {
    const harness = new TrackerHarness();
    const rest = openPosition({ position: '500000108', origin: '500000107', volumeLots: '0.06' });
    harness.see(openPosition(), positionGone(), deal({ ...told, volumeLots: '0.04' }), rest);
    expect(Object.keys(harness.tracker.book.positions)).toEqual(['500000108']);
    harness.ms += 10_000;
    for (let look = 0; look < LOOKS; look += 1) {
      harness.read({ standing: [openPosition()] });
      harness.ms += 6_000;
    }
    expect(heldBy(harness.tracker.book)).toEqual(saidBy([openPosition()]));
  });

  it('but one look is none: a broker may list for a moment what it has just ended', () => {
    const harness = new TrackerHarness();
    harness.see(openPosition(), positionGone(), deal(told));
    harness.ms += 2_000;
    harness.read({ standing: [openPosition()] });
    harness.ms += 6_000;
    expect(harness.read({})).toMatchObject({ facts: [], drifts: [], lookAgain: false });
    harness.ms += 6_000;
    expect(harness.read({ standing: [openPosition()] }).facts).toEqual([]);
  });
});
