import { logFilterOf } from './log-query.ts';

it.each([
  ['samples are left out', {}, { notTypes: ['EquityMarked'] }],
  ['but not when they are asked for', { noise: 'on' }, {}],
  ['nor by name', { types: 'EquityMarked,OrderFilled' }, { types: ['EquityMarked', 'OrderFilled'] }],
  ['more may be left out', { notTypes: 'OrderFilled' }, { notTypes: ['OrderFilled', 'EquityMarked'] }],
  [
    'and of what is named too',
    { types: 'OrderFilled', notTypes: 'OrderFilled' },
    { types: ['OrderFilled'], notTypes: ['OrderFilled'] },
  ],
  ['what is empty is not asked', { text: '', account: '', noise: 'on' }, {}],
  ['moments are in UTC', { since: '2026-01-05T10:00', noise: 'on' }, { since: '2026-01-05T10:00:00.000000Z' }],
])('%s', (_, query, filter) => {
  expect(logFilterOf(query)).toEqual(filter);
});

it.each(['producer', 'text', 'types', 'notTypes', 'instrument'])(
  'what no database keeps is refused where it is asked for by %s, and not asked of Postgres',
  (field) => {
    for (const text of ['\u0000', 'a\u0000b', '\ud800'])
      expect(() => logFilterOf({ [field]: text })).toThrow('holds what no database keeps');
  },
);
