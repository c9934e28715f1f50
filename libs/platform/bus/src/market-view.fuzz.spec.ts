import { aPair } from '@core/contracts/market/example.fixture';
import { fuzz } from '@core/testing/fuzz';
import { MarketView } from './market-view.ts';
import { parseJson } from './plain-json.ts';

const TIME = '2026-01-05T10:00:00.000000Z';
const quotes = [{ instrument: 'EURUSD', bid: '1', ask: '2', time: TIME, bids: [], asks: [] }];
const states = [{ instrument: 'EURUSD', state: 'live', since: TIME }];
const venue = 'sim';
const good = JSON.stringify({ venue, quotes, states, nextMs: 1_000 });
const snapshot = JSON.stringify({ venue, instruments: [aPair('EURUSD')], quotes, states, nextMs: 1_000 });

it('what is said of a market is taken or ignored, and other prices go on', () => {
  const view = new MarketView(() => 0);
  return fuzz({
    name: 'market',
    examples: [good, snapshot],
    take: (input) => {
      const body = parseJson(input);
      view.applyQuotes(body);
      view.applySnapshot(body);
      view.listen();
      view.priced(venue).rates.rate('EUR', 'USD');
    },
    others: () => {
      expect(view.applySnapshot(JSON.parse(snapshot))).toBe(true);
      expect(view.applyQuotes(JSON.parse(good))).toEqual(quotes);
      expect(view.priced(venue).rates.rate('EUR', 'USD')).not.toBeNull();
    },
  });
});
