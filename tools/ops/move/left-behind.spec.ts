import type { Event } from '@core/contracts/event';
import { anEvent, recorded } from '@core/contracts/examples.fixture';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { accountAggregate } from '@core/domain/account-aggregate';
import { fold } from '@core/kernel/projection';
import { leftBehind } from './left-behind.ts';

const after = (...events: readonly Event[]) =>
  fold(accountAggregate, recorded(events.map((event) => ({ ...event, subject: SYSTEM_ACCOUNT }))));
const guard = (windowMs: number | null) => anEvent('DuplicateGuardSet', { edge: 'tv-gateway', windowMs });
const limit = (allowed: `${number}`) => anEvent('LimitSet', { traderId: null, limit: 'order-volume', allowed });

it('what holds for everyone in a cell and not in the other is left behind, and nothing else', () => {
  const held = [anEvent('TradingHalted'), anEvent('CloseOnlySet', { closeOnly: true }), guard(500), limit('2')];
  expect(leftBehind(after(...held), after())).toEqual([
    'a halt of all trading',
    'close-only for everyone',
    'the guard against duplicates by tv-gateway, 500 ms',
    'the limit order-volume of 2',
  ]);
  expect(leftBehind(after(...held), after(...held))).toEqual([]);
  expect(leftBehind(after(), after(...held))).toEqual([]);
  expect(leftBehind(after(guard(500), limit('2')), after(guard(900), limit('2')))).toEqual([
    'the guard against duplicates by tv-gateway, 500 ms',
  ]);
  expect(leftBehind(after(anEvent('ShadowSet', { shadow: true, edge: null })), after())).toEqual([
    'shadow for every edge',
  ]);
});
