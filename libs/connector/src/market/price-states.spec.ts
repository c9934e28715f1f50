import type { PriceState } from '@core/contracts/market/quote';
import { instantFromMs } from '@core/kernel/instant';
import fc from 'fast-check';
import { PriceStates, type Trading } from './price-states.ts';

const STALE_MS = 1_000;
const EPOCH_MS = Date.UTC(2026, 0, 5, 10);
const open: Trading = { isOff: false, isClosed: false };

describe('how a price stands', () => {
  const stateOf = (states: PriceStates, nowMs: number): PriceState | undefined =>
    states.all(nowMs, EPOCH_MS + nowMs)[0]?.state;

  it.each<[string, Trading, PriceState, PriceState]>([
    ['of an open instrument', open, 'live', 'stale'],
    ['outside of its hours', { isOff: false, isClosed: true }, 'live', 'closed'],
    ['of an instrument that is off', { isOff: true, isClosed: false }, 'off', 'off'],
  ])('%s is %j: %s, and %s once nobody has stood by it for too long', (_, trading, soon, late) => {
    const states = new PriceStates(STALE_MS);
    states.confirm('A', 0);
    states.update(STALE_MS - 1, () => trading);
    expect(stateOf(states, STALE_MS - 1)).toBe(soon);
    states.update(STALE_MS, () => trading);
    expect(stateOf(states, STALE_MS)).toBe(late);
  });

  it('is stale since somebody last stood by it, and live again since it was confirmed', () => {
    const states = new PriceStates(STALE_MS);
    states.confirm('A', 500);
    states.drain(500, EPOCH_MS + 500);
    states.update(3_000, () => open);
    expect(states.drain(3_000, EPOCH_MS + 3_000)).toEqual([
      { instrument: 'A', state: 'stale', since: instantFromMs(EPOCH_MS + 500) },
    ]);
    states.confirm('A', 4_000);
    expect(states.drain(4_000, EPOCH_MS + 4_000)).toMatchObject([
      { state: 'live', since: instantFromMs(EPOCH_MS + 4_000) },
    ]);
  });

  it('is stale from the beginning where it was listed long ago', () => {
    const states = new PriceStates(STALE_MS);
    states.know('A', -Infinity, 0);
    expect(stateOf(states, 0)).toBe('stale');
  });

  it('is never live without a word for too long, whatever was said when, and what is told adds up to it', () => {
    const step = fc.record({
      waitMs: fc.nat(2_000),
      isSaid: fc.boolean(),
      trading: fc.record({ isOff: fc.boolean(), isClosed: fc.boolean() }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
        const states = new PriceStates(STALE_MS);
        states.confirm('A', 0);
        let [nowMs, saidMs] = [0, 0];
        let told: PriceState | undefined;
        for (const { waitMs, isSaid, trading } of steps) {
          nowMs += waitMs;
          if (isSaid) states.confirm('A', (saidMs = nowMs));
          states.update(nowMs, () => trading);
          told = states.drain(nowMs, EPOCH_MS + nowMs)[0]?.state ?? told;
          const isRecent = nowMs - saidMs < STALE_MS;
          expect(told).toBe(trading.isOff ? 'off' : isRecent ? 'live' : trading.isClosed ? 'closed' : 'stale');
          expect(stateOf(states, nowMs)).toBe(told);
        }
      }),
    );
  });
});
