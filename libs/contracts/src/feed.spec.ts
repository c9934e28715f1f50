import fc from 'fast-check';
import { anEvent } from './examples.fixture.ts';
import { readFeedBatch } from './feed.ts';

const place = { version: 1, recordedtime: '2026-01-05T10:00:00.000000Z' };
const batch = {
  first: 7,
  last: 8,
  events: [7, 8].map((position) => ({ ...anEvent('EquityMarked'), ...place, position })),
  known: [{ id: 'a', position: 3 }],
  refused: [{ id: 'b', reason: 'malformed' }],
};
const [event] = batch.events;

describe('a message of the feed', () => {
  it('is read as it is, also where it only confirms', () => {
    expect(readFeedBatch(batch)).toBe(batch);
    const confirming = { ...batch, first: 0, last: 0, events: [] };
    expect(readFeedBatch(confirming)).toBe(confirming);
  });

  it.each<[string, Record<string, unknown>]>([
    ['far beyond what it brings', { first: 1e9, last: 1e9, events: [] }],
    ['from before the beginning', { first: -1, last: 0 }],
    ['that ends before it begins', { first: 9, last: 8, events: [] }],
    ['between two positions', { first: 6.5, last: 7.5 }],
    ['beyond what numbers tell apart', { first: 2 ** 60, last: 2 ** 60 + 1 }],
    ['with events elsewhere', { first: 8, last: 9 }],
    ['with a hole', { events: [event, event] }],
    ['with fewer events than it says', { events: [event] }],
    ['with events that are none', { events: [null, 'x'] }],
    ['with an event of nobody', { events: [{ ...event, subject: 7 }, batch.events[1]] }],
    ['that confirms nothing by name', { known: [null] }],
    ['that refuses without a reason', { refused: [{ id: 'b' }] }],
    ['with words for numbers', { first: '7' }],
  ])('%s is none', (_, change) => {
    expect(readFeedBatch({ ...batch, ...change })).toBeNull();
  });

  it('is none whatever else it holds, and reading it never fails', () => {
    fc.assert(fc.property(fc.anything(), (junk) => readFeedBatch(junk) === null));
    const part = fc.constantFrom('first', 'last', 'events', 'known', 'refused');
    fc.assert(
      fc.property(part, fc.anything(), (name, junk) => {
        const read = readFeedBatch({ ...batch, [name]: junk });
        return read === null || Array.isArray(junk) || junk === batch[name];
      }),
    );
  });
});
