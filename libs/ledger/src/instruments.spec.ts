import { anInstrument } from '@core/contracts/market/example.fixture';
import type { MarketSnapshot } from '@core/contracts/market/quote';
import { Instruments } from './instruments.ts';

const eurusd = anInstrument();
const snapshot: MarketSnapshot = { venue: 'demo', instruments: [eurusd], quotes: [] };

describe('instruments', () => {
  let asked: string[];
  let answer: () => Promise<MarketSnapshot | null>;
  let instruments: Instruments;
  beforeEach(() => {
    jest.useFakeTimers();
    asked = [];
    answer = async () => snapshot;
    instruments = new Instruments((venue) => {
      asked.push(venue);
      return answer();
    }, 2_000);
  });
  afterEach(() => jest.useRealTimers());

  it('tells a venue that nobody spoke of from one that has no such instrument', () => {
    expect(instruments.lookUp('demo', 'EURUSD')).toBe('unavailable');
    instruments.apply(snapshot);
    expect(instruments.lookUp('demo', 'EURUSD')).toEqual(eurusd);
    expect(instruments.lookUp('demo', 'NOPE')).toBe('unknown');
    expect(instruments.lookUp('other', 'EURUSD')).toBe('unavailable');
  });

  it('asks once for all who wait, and never of what it was told', async () => {
    await Promise.all([instruments.prepare('demo'), instruments.prepare('demo')]);
    await instruments.prepare('demo');
    instruments.apply({ ...snapshot, venue: 'other' });
    await instruments.prepare('other');
    expect(asked).toEqual(['demo']);
    expect(instruments.lookUp('demo', 'EURUSD')).toEqual(eurusd);
  });

  it('does not ask a venue at once again that does not answer', async () => {
    answer = async () => null;
    await instruments.prepare('demo');
    await instruments.prepare('demo');
    expect(asked).toHaveLength(1);
    jest.advanceTimersByTime(2_000);
    await instruments.prepare('demo');
    expect(asked).toHaveLength(2);
    expect(instruments.lookUp('demo', 'EURUSD')).toBe('unavailable');
  });

  it('tells whoever waits when it cannot ask, and asks again later', async () => {
    answer = () => Promise.reject(new Error('away'));
    await expect(instruments.prepare('demo')).rejects.toThrow('away');
    jest.advanceTimersByTime(2_000);
    answer = async () => snapshot;
    await instruments.prepare('demo');
    expect(instruments.lookUp('demo', 'EURUSD')).toEqual(eurusd);
  });

  it.each([null, 'text', {}, { venue: 'demo', instruments: [{}], quotes: [] }])('does not listen to %j', (body) => {
    instruments.apply(body);
    expect(instruments.lookUp('demo', 'EURUSD')).toBe('unavailable');
  });
});
