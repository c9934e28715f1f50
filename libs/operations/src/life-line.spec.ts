import { anEvent, recorded } from '@core/contracts/examples.fixture';
import type { Uuid } from '@core/contracts/primitives';
import { toMs } from '@core/kernel/instant';
import { uuidV7 } from '@core/kernel/uuid';
import { lifeLine } from './life-line.ts';

const [first] = recorded([anEvent('OrderRequested')]);

/** The line of an order whose correlation id was made so long before it was recorded. */
const lineOf = (madeBeforeMs: number) => {
  const made = uuidV7(toMs(first?.recordedtime ?? '') - madeBeforeMs, Buffer.alloc(10)) as Uuid;
  return lifeLine(recorded([anEvent('OrderRequested', {}, { correlationid: made }), anEvent('RequestDispatched')]));
};

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
});
