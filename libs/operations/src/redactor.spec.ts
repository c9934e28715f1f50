import { eventTypes } from '@core/contracts/event';
import { tokenOf } from '@core/contracts/order-token';
import { z } from 'zod';
import { PERSONAL, Redactor, SENTENCES } from './redactor.ts';

/** Texts that are names of things: they say nothing of people, and nothing is found without them. */
const THINGS = [
  ...['baseCurrency', 'quoteCurrency', 'instrument', 'ticker', 'venue', 'brokerCode', 'connector', 'source'],
  ...['brokerKey', 'brokerOrder', 'brokerPosition', 'brokerRequest', 'deal', 'messageId', 'strategyId'],
  'externalPositionId',
];

interface Shape {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly [rule: string]: unknown;
}

/** Fields of events into which any text may be written. */
function freeFields(shape: Shape, field = ''): string[] {
  const { type, properties = {}, items, anyOf = [], oneOf = [] } = shape;
  const inner = [...(anyOf as Shape[]), ...(oneOf as Shape[]), ...(items ? [items as Shape] : [])];
  const isFree = type === 'string' && !['pattern', 'enum', 'const', 'format'].some((rule) => rule in shape);
  return [
    ...(isFree ? [field] : []),
    ...inner.flatMap((each) => freeFields(each, field)),
    ...Object.entries(properties).flatMap(([name, each]) => freeFields(each, name)),
  ];
}

describe('what a capsule is relieved of', () => {
  it('is decided for every text of every event: a person’s, a sentence, or the name of a thing', () => {
    const fields = new Set(eventTypes.flatMap(({ shape }) => freeFields(z.toJSONSchema(shape.data) as Shape)));
    const undecided = [...fields].filter(
      (field) => !PERSONAL.has(field) && !SENTENCES.has(field) && !THINGS.includes(field),
    );
    expect(undecided).toEqual([]);
  });

  it('is who people are and how they get in, wherever it stands', () => {
    const redactor = new Redactor(['Ada', '10001']);
    const redacted = redactor.redacted({
      data: { name: 'Ada', note: 'she asked', text: 'no money, ADA (10001)', price: '1.10001', token: 7 },
      deep: [{ password: 'x', evidence: 'found as 510001' }],
    });
    expect(redacted).toEqual({
      data: {
        name: 'redacted',
        note: 'redacted',
        text: 'no money, redacted (redacted)',
        price: '1.10001',
        token: 'redacted',
      },
      deep: [{ password: 'redacted', evidence: 'found as 510001' }],
    });
    expect(redactor.report).toEqual({ name: 1, note: 1, password: 1, text: 2, token: 1 });
  });

  it('is not what things are found by', () => {
    const id = '01a2268e-8816-7dff-9997-c7453f44fc1f';
    const marks = { comment: tokenOf(id), reference: id, brokerPosition: '10001' };
    expect(new Redactor(['10001']).redacted(marks)).toEqual(marks);
  });
});
