import { anEvent, recorded } from '@core/contracts/examples.fixture';
import type { Uuid } from '@core/contracts/primitives';
import { instantFromMs, toMs } from '@core/kernel/instant';
import { uuidV7 } from '@core/kernel/uuid';
import { lifeLine } from './life-line.ts';
import type { SeenBy } from './seen-by.ts';

const [first] = recorded([anEvent('OrderRequested')]);

/** The line of an order whose correlation id was made so long before it was recorded. */
const lineOf = (madeBeforeMs: number, seen: readonly SeenBy[] = []) => {
  const made = uuidV7(toMs(first?.recordedtime ?? '') - madeBeforeMs, Buffer.alloc(10)) as Uuid;
  return lifeLine(
    recorded([anEvent('OrderRequested', {}, { correlationid: made }), anEvent('RequestDispatched')]),
    seen,
  );
};

const shown = (by: string, position: number, afterMs: number): SeenBy => ({
  ...{ by, position, where: 'orders' },
  at: instantFromMs(toMs(first?.recordedtime ?? '') + afterMs),
});

describe('a life line', () => {
  it('begins where an edge was asked, by the id that it made then', () => {
    const [asked, noted, sent] = lineOf(7);
    expect(asked).toMatchObject({ name: 'asked of tv-gateway', tookMs: null, position: noted?.position });
    expect(noted).toMatchObject({ name: 'order recorded', tookMs: 7 });
    expect(sent?.name).toBe('claimed and sent');
  });

  it.each([-1, 60_000])('begins in the log where that id tells another time, %d ms before it', (ms) => {
    expect(lineOf(ms)[0]).toMatchObject({ name: 'order recorded', tookMs: null });
  });

  it('says who showed each stage first, where an edge remembers it', () => {
    const position = first?.position ?? 0;
    const seen = [shown('tv-gateway', position, 40), shown('ws-session', position, 4), shown('tv-gateway', 99, 1)];
    expect(lineOf(7, seen).map((stage) => stage.shown)).toEqual([
      null,
      { by: 'ws-session', where: 'orders', tookMs: 4 },
      null,
    ]);
  });
});
