import { anEvent, exampleId, recorded } from '@core/contracts/examples.fixture';
import type { FeedBatch } from '@core/contracts/feed';
import { feedBodies } from './feed-batches.ts';

const parse = (bodies: readonly string[]) => bodies.map((body) => JSON.parse(body) as FeedBatch);
const none = { known: [], refused: [] };

describe('feedBodies', () => {
  it('says nothing of nothing', () => expect(feedBodies([], none)).toEqual([]));

  it('is one body per commit', () => {
    const events = recorded([anEvent('OrderFilled'), anEvent('PositionOpened')], { position: 4, version: 0 });
    const confirmations = {
      known: [{ id: exampleId(1), position: 2 }],
      refused: [{ id: exampleId(2), reason: 'malformed' as const }],
    };
    expect(parse(feedBodies(events, confirmations))).toEqual([{ first: 5, last: 6, events, ...confirmations }]);
  });

  it('confirms without events', () => {
    const known = [{ id: exampleId(1), position: 2 }];
    expect(parse(feedBodies([], { known, refused: [] }))).toEqual([
      { first: 0, last: 0, events: [], known, refused: [] },
    ]);
  });

  it('never is too large for one message, and leaves no hole between them', () => {
    const drift = { kind: 'position', brokerKey: '1', ours: 'ü'.repeat(512), theirs: null } as const;
    const large = () => anEvent('AccountReconciled', { drifts: Array.from({ length: 200 }, () => drift) });
    const events = recorded(Array.from({ length: 10 }, large));
    const known = Array.from({ length: 5_000 }, (_, index) => ({ id: exampleId(index), position: index }));
    const bodies = feedBodies(events, { known, refused: [] });
    expect(Math.max(...bodies.map((body) => Buffer.byteLength(body)))).toBeLessThan(1_048_576);
    const batches = parse(bodies);
    expect(batches.flatMap((batch) => batch.events)).toEqual(events);
    expect(batches.flatMap((batch) => batch.known)).toEqual(known);
    let next = 1;
    for (const { first, last, events: held } of batches) {
      expect([first, last]).toEqual(held.length === 0 ? [0, 0] : [next, next + held.length - 1]);
      next += held.length;
    }
  });
});
