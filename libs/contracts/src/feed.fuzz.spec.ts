import { readJson } from '@core/kernel/foreign-json';
import { fuzz } from '@core/testing/fuzz';
import type { Event } from './event.ts';
import { anEvent, exampleId, exampleTypes, recorded } from './examples.fixture.ts';
import { readFeedBatch } from './feed.ts';

const batchOf = (...events: Event[]) =>
  JSON.stringify({
    first: 7,
    last: 6 + events.length,
    events: recorded(events, { position: 6, version: 0 }),
    known: [{ id: exampleId(1), position: 3 }],
    refused: [{ id: exampleId(2), reason: 'malformed' }],
  });
const good = batchOf(anEvent('EquityMarked'));
const read = (input: Uint8Array) => readFeedBatch(readJson(Buffer.from(input).toString()));

it('a message of the feed is a batch with every event at its place, or none', () =>
  fuzz({
    name: 'feed',
    examples: [good, ...exampleTypes.map((type) => batchOf(anEvent(type), anEvent('EquityMarked')))],
    take: (input) => {
      const batch = read(input);
      batch?.events.forEach(({ position }, index) => expect(position).toBe(batch.first + index));
    },
    others: () => expect(read(Buffer.from(good))).not.toBeNull(),
  }));
