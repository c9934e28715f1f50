import type { Ticks } from '@core/contracts/market/tick';
import { TickFeed } from './tick-feed.ts';

const ONE = '00000000-0000-4000-8000-000000000001';
const OTHER = '00000000-0000-4000-8000-000000000002';
const told = (number: number, owner = ONE, venue = 'sim'): Ticks => ({
  ...{ venue, owner, number },
  changes: [{ instrument: 'EURUSD', bid: '1', ask: '2', at: '2026-01-05T10:00:00.000000Z', isTick: true }],
});

it.each([
  ['one after the other', [told(7), told(8), told(9)], [false, false, false]],
  ['with a hole', [told(7), told(9), told(10)], [false, true, false]],
  ['of another owner', [told(7), told(1, OTHER), told(2, OTHER)], [false, true, false]],
  ['of venues apart', [told(7), told(3, ONE, 'other'), told(8)], [false, false, false]],
])('says what was missed of messages %s', (_, messages, missed) => {
  const feed = new TickFeed();
  const heard: boolean[] = [];
  feed.onTicks((ticks) => heard.push(ticks.missed));
  for (const message of messages) feed.take(message);
  expect(heard).toEqual(missed);
});
