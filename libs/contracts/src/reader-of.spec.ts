import fc from 'fast-check';
import { z } from 'zod';
import { eventTypes, type Event } from './event.ts';
import { anEvent, exampleTypes } from './examples.fixture.ts';
import { Quotes } from './market/quote.ts';
import { envelope } from './message.ts';
import { readerOf } from './reader-of.ts';

const schemas = new Map<string, z.ZodType>(
  eventTypes.map((each) => [each.shape.type.value, z.strictObject({ ...envelope, ...each.shape })]),
);
const schemaOf = (type: string): z.ZodType => schemas.get(type) ?? z.never();
const sentOf = (event: Event): unknown => JSON.parse(JSON.stringify(schemaOf(event.type).parse(event)));

/** What is told apart: the verdict, every key in its order, and the words. */
const told = ({ success, data, error }: z.ZodSafeParseResult<unknown>): string =>
  success ? JSON.stringify(data) : z.prettifyError(error);

/** Places in a value, each as the way of keys that leads there. */
const placesIn = (value: unknown): string[][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [[key], ...placesIn(inner).map((rest) => [key, ...rest])])
    : [];

type Alter = (holder: Record<string, unknown>, key: string) => void;

const anything = fc.oneof(
  fc.constantFrom<unknown>(null, '', '1', '-1', '0', '1.10', 'x'.repeat(600), '\u0000', '\ud800', 0, -1, 1.5, 2 ** 53),
  fc.constantFrom<unknown>('2026-02-30T10:00:00.000000Z', 'EURUSD', true, [], {}, [null], { a: 1 }),
  fc.jsonValue(),
);
const alteration: fc.Arbitrary<Alter> = fc.oneof(
  anything.map(
    (value): Alter =>
      (holder, key) =>
        void (holder[key] = structuredClone(value)),
  ),
  fc.constant<Alter>((holder, key) => void delete holder[key]),
  fc.constantFrom('more', '__proto__', '0').map((name): Alter => (holder) => {
    Object.defineProperty(holder, name, { value: 1, enumerable: true, configurable: true, writable: true });
  }),
  // The same, and last among its neighbours.
  fc.constant<Alter>((holder, key) => {
    const value = holder[key];
    delete holder[key];
    holder[key] = value;
  }),
);

function altered(value: unknown, at: number, alter: Alter): unknown {
  const places = placesIn(value);
  const place = places[at % places.length] ?? [];
  let holder = value as Record<string, unknown>;
  for (const key of place.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
  alter(holder, place.at(-1) ?? '');
  return value;
}

it('says of any event, whatever became of it, what its schema says', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...exampleTypes),
      fc.array(fc.tuple(fc.nat(), alteration), { maxLength: 3 }),
      (type, alterations) => {
        let sent = sentOf(anEvent(type));
        for (const [at, alter] of alterations) sent = altered(sent, at, alter);
        expect(told(readerOf(schemaOf(type))(sent))).toBe(told(schemaOf(type).safeParse(sent)));
      },
    ),
    { numRuns: 3_000 },
  );
});

it.each(exampleTypes)('asks no schema about %s as our own services send it', (type) => {
  const schema = schemaOf(type);
  const sent = sentOf(anEvent(type));
  const judge = jest.spyOn(schema, 'safeParse');
  expect(readerOf(schema)(sent).success).toBe(true);
  expect(judge).not.toHaveBeenCalled();
});

it('judges quotes as their schema does, and asks no schema about those that are well', () => {
  const time = '2026-01-05T10:00:00.000000Z';
  const quote = { instrument: 'EURUSD', bid: '1.1', ask: '1.2', time, bids: [['1.1', '3']], asks: [['1.2', null]] };
  const sent = { venue: 'demo', quotes: [quote], states: [{ instrument: 'EURUSD', state: 'live', since: time }] };
  const judge = jest.spyOn(Quotes, 'safeParse');
  const read = readerOf(Quotes);
  expect(read(sent)).toEqual({ success: true, data: sent });
  expect(judge).not.toHaveBeenCalled();
  for (const bids of [[['1.1']], [['1.1', '3', '4']], [['0', '3']], 'x', null])
    expect(read({ ...sent, quotes: [{ ...quote, bids }] }).success).toBe(false);
  expect(read({ ...sent, unknown: 1 }).data).toEqual(sent);
});
