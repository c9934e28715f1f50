import { readJson } from '@core/kernel/foreign-json';
import { fuzz } from '@core/testing/fuzz';
import { brokerLife } from './broker-life.fixture.ts';

const TEN_MINUTES = 600;
/** Of each kind, in ten minutes: a few looks at once, then ever more seldom. */
const MOST = 24;

const record = {
  ...{ cmd: 0, order: 500000107, digits: 5, offset: 0, order2: 500000100, position: 500000107, symbol: 'EURUSD' },
  ...{ comment: '', customComment: 'c7f3a1', commission: 0, storage: -7.87, margin_rate: 0, close_price: 1.09652 },
  ...{ open_price: 1.09654, nominalValue: 0, profit: -0.2, volume: 0.1, sl: 0, tp: 1.2, type: 0, state: 'Modified' },
};
const position = { ...record, closed: false, open_time: 1767607200000, close_time: null, expiration: null };
const pending = { ...position, cmd: 4, order: 500000200, order2: 500000200, position: 500000200, type: 1 };
const deal = { ...position, closed: true, order: 73000001, order2: 500000400, close_time: 1767607260000, cmd: 1 };
const booking = { ...deal, cmd: 6, order: 900001, position: 900001, symbol: '', profit: 5 };

/** Told on the stream, listed as standing, or as history, by what the input is. */
const WAYS = [
  (said: unknown) => ({ streamed: said, listed: [], history: [] }),
  (said: unknown) => ({ streamed: undefined, listed: [said], history: [] }),
  (said: unknown) => ({ streamed: undefined, listed: [], history: [said] }),
];

it('whatever a broker says once or at every question, what follows from it comes to an end', () =>
  fuzz({
    name: 'broker records',
    share: 0.08,
    examples: [position, pending, deal, booking].map((each) => JSON.stringify(each)),
    take: async (input) => {
      const said = readJson(Buffer.from(input).toString());
      const way = WAYS[input.length % WAYS.length]!;
      const { recorded, snapshots, logged } = await brokerLife(way(said), TEN_MINUTES);
      for (const count of [recorded, snapshots, logged]) expect(count).toBeLessThanOrEqual(MOST);
    },
    others: async () => {
      const { recorded } = await brokerLife(WAYS[1]!(position), TEN_MINUTES);
      expect(recorded).toBeGreaterThan(2);
    },
  }));
