import { notificationOf, type EventAnswer } from './notification.ts';

const named: EventAnswer = {
  ...{ status: 409, contentType: 'application/json', errorHeader: '1' },
  body: '{"type":"MarketClosed","requestId":"x"}',
};

it.each<[string, EventAnswer | null, string | null]>([
  ['all is well', { ...named, status: 200 }, null],
  ['a named error', named, 'The market is closed.'],
  ['no answer', null, 'Something went wrong.'],
  ['a charset behind the type', { ...named, contentType: 'application/json; charset=utf-8' }, 'Something went wrong.'],
  ['no header', { ...named, errorHeader: null }, 'Something went wrong.'],
  ['another header', { ...named, errorHeader: 'true' }, 'Something went wrong.'],
  ['a name that nobody knows', { ...named, body: '{"type":"toString"}' }, 'Something went wrong.'],
  ['no name', { ...named, body: '{"requestId":"x"}' }, 'Something went wrong.'],
  ['no JSON', { ...named, body: '<html>' }, 'Something went wrong.'],
])('of %s the user reads what the guide says', (_what, answer, notification) => {
  expect(notificationOf(answer)).toBe(notification);
});
