import { aPair } from '@core/contracts/market/example.fixture';
import type { PriceStatus, Quote } from '@core/contracts/market/quote';
import { MarketView } from './market-view.ts';

const TIME = '2026-01-05T10:00:00.000000Z';
const quote = (instrument: string): Quote => ({
  ...{ instrument, bid: '1', ask: '2', time: TIME, bids: [], asks: [] },
});
const stands = (instrument: string, state: PriceStatus['state']): PriceStatus => ({ instrument, state, since: TIME });

describe('a view of the market', () => {
  let nowMs: number;
  let view: MarketView;
  let told: number;
  beforeEach(() => {
    nowMs = 0;
    view = new MarketView(() => nowMs);
    told = 0;
    view.onQuotes(() => (told += 1));
    view.take({ venue: 'sim', instruments: [aPair('EURUSD')], quotes: [quote('EURUSD')], nextMs: 1_000 });
  });

  it('knows no price that is stale, and the last one all the same', () => {
    view.applyQuotes({ venue: 'sim', quotes: [], states: [stands('EURUSD', 'stale')], nextMs: 1_000 });
    expect(view.standing('sim', 'EURUSD')).toEqual({ state: 'stale', since: TIME });
    expect([view.priced('sim').quote('EURUSD'), view.priced('sim').rates.rate('EUR', 'USD')]).toEqual([null, null]);
    expect(view.lastPriced('sim').quote('EURUSD')).toEqual(quote('EURUSD'));
    expect(view.quote('sim', 'EURUSD')).toEqual(quote('EURUSD'));
  });

  it.each(['closed', 'off'] as const)('values by the last price of what is %s', (state) => {
    view.applyQuotes({ venue: 'sim', quotes: [], states: [stands('EURUSD', state)] });
    expect(view.priced('sim').quote('EURUSD')).not.toBeNull();
    expect([view.count(state), view.count('live')]).toEqual([1, 0]);
  });

  it('notices that nobody speaks for a venue any more, says so once, and hears it come back', () => {
    const before = view.version;
    nowMs = 5_000;
    view.listen();
    expect([view.standing('sim', 'EURUSD').state, told]).toEqual(['live', 0]);
    nowMs = 5_001;
    view.listen();
    view.listen();
    expect([view.standing('sim', 'EURUSD').state, told]).toEqual(['stale', 1]);
    expect(view.version).toBeGreaterThan(before);
    view.applyQuotes({ venue: 'sim', quotes: [], nextMs: 1_000 });
    expect([view.standing('sim', 'EURUSD').state, told]).toEqual(['live', 2]);
  });

  it('counts what changes of each venue apart', () => {
    const versions = (): number[] => ['sim', 'other'].map((venue) => view.versionOf(venue));
    const [sim = 0, other = 0] = versions();
    view.applyQuotes({ venue: 'other', quotes: [quote('EURUSD')] });
    expect(versions()).toEqual([sim, other + 1]);
    view.applyQuotes({ venue: 'sim', quotes: [quote('EURUSD')] });
    expect(versions()).toEqual([sim + 1, other + 1]);
  });

  it('is not changed by a message that says nothing', () => {
    const before = view.version;
    view.applyQuotes({ venue: 'sim', quotes: [], nextMs: 1_000 });
    expect([view.version, told]).toEqual([before, 0]);
  });
});
