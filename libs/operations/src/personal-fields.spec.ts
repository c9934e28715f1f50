import { eventTypes } from '@core/contracts/event';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PERSONAL, SENTENCES } from './redactor.ts';

/** Keys of brokers, venues and senders, and words of ours: they name things. */
const MARKS: ReadonlySet<string> = new Set([
  ...['instrument', 'ticker', 'baseCurrency', 'quoteCurrency', 'connector', 'messageId', 'strategyId'],
  ...['brokerOrder', 'brokerPosition', 'brokerRequest', 'brokerKey', 'brokerCode', 'deal', 'externalPositionId'],
]);

interface Shape {
  readonly type?: string | readonly string[];
  readonly pattern?: string;
  readonly enum?: unknown;
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
  readonly allOf?: readonly Shape[];
}

/** The fields of a shape in which anything may be written. */
function free(name: string, shape: Shape): readonly string[] {
  const parts = [...(shape.anyOf ?? []), ...(shape.oneOf ?? []), ...(shape.allOf ?? [])];
  const inner = [
    ...Object.entries(shape.properties ?? {}).flatMap(([field, each]) => free(field, each)),
    ...(shape.items ? free(name, shape.items) : []),
    ...parts.flatMap((each) => free(name, each)),
  ];
  const isFree = shape.type === 'string' && !shape.pattern && shape.enum === undefined && shape.const === undefined;
  return isFree ? [...inner, name] : inner;
}

const fields = new Set(
  eventTypes.flatMap((each) => free('', z.toJSONSchema(each.shape.data, { unrepresentable: 'any' }) as Shape)),
);
const document = readFileSync(join(__dirname, '../../../docs/personal-data.md'), 'utf8');

it('every field of an event in which anything may be written is judged: a person, a sentence, or a mark', () => {
  const judged = (field: string): number => [PERSONAL, SENTENCES, MARKS].filter((set) => set.has(field)).length;
  expect([...fields].filter((field) => judged(field) !== 1)).toEqual([]);
  expect([...MARKS].filter((field) => !fields.has(field))).toEqual([]);
});

it('those that may say who somebody is stand in docs/personal-data.md, and no other', () => {
  const told = [...document.matchAll(/^\| `(\w+)`/gm)].map(([, field = '']) => field);
  const telling = [...fields].filter((field) => PERSONAL.has(field) || SENTENCES.has(field));
  expect(told.toSorted()).toEqual(telling.toSorted());
});
