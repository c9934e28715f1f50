import { anEvent, recorded } from '@core/contracts/examples.fixture';
import type { Event } from '@core/contracts/event';
import type { IntegrationPolicy } from '@core/contracts/integration-policy';
import { fold } from '@core/kernel/projection';
import { accountStrategies } from '@core/projections/strategies';
import type { LifecycleWish } from '@core/proquant/translate';
import { leftBy, orphanedToClose } from './orphaned.ts';

const { signal } = anEvent('SignalReceived').data;
const { signalId, integrationId, strategyId, externalPositionId } = signal;
const origin = { signalId, integrationId, strategyId, externalPositionId };
const opened = anEvent('PositionOpened', { signal: origin });
const { positionId: examplePosition } = opened.data;
const holding = [anEvent('SignalReceived'), opened];
const toClose = (...events: Event[]) => orphanedToClose(fold(accountStrategies, recorded([...holding, ...events])));
const close: IntegrationPolicy = { policy: 'on_disable', value: 'close' };
const closing = anEvent('IntegrationPolicySet', { set: close });
const later = { signal: { ...signal, sentAt: '2026-01-05T10:30:00.000000Z' } };
const off = anEvent('StrategyDisabled', { sentAt: '2026-01-05T10:20:00.000000Z' });

describe('what nobody will say to close', () => {
  it('stays open until someone decides otherwise', () => {
    expect(toClose(off)).toEqual([]);
    expect(toClose(off, closing)).toEqual([examplePosition]);
    expect(toClose(closing, off)).toEqual([examplePosition]);
    expect(toClose(closing)).toEqual([]);
  });

  it('is what a withdrawn integration leaves too, until it is approved again', () => {
    expect(toClose(closing, anEvent('IntegrationDeleted'))).toEqual([examplePosition]);
    expect(toClose(closing, anEvent('IntegrationRejected'))).toEqual([examplePosition]);
    expect(toClose(closing, anEvent('IntegrationDeleted'), anEvent('IntegrationApproved'))).toEqual([]);
  });

  it('stays open while its strategy is on under another registration', () => {
    const registrations = ['00000000000000aa', '00000000000000bb'];
    const [old, renewed] = registrations.map((registration) => ({ registration, registrations }));
    const on = [anEvent('StrategyEnabled', old), anEvent('StrategyEnabled', renewed)];
    expect(toClose(closing, ...on, anEvent('StrategyDisabled', old))).toEqual([]);
    expect(toClose(closing, ...on, anEvent('StrategyDisabled', old), anEvent('IntegrationDeleted', renewed))).toEqual([
      examplePosition,
    ]);
  });

  it('is nothing of a strategy that is enabled again, or enters again', () => {
    expect(toClose(closing, off, anEvent('StrategyEnabled'))).toEqual([]);
    expect(toClose(closing, off, anEvent('SignalReceived', later))).toEqual([]);
    expect(toClose(closing, off, anEvent('SignalReceived', { signal: { ...later.signal, kind: 'close' } }))).toEqual([
      examplePosition,
    ]);
    expect(toClose(closing, off, anEvent('SignalReceived'))).toEqual([examplePosition]);
  });
});

describe('who is left by what was just said', () => {
  const registrations = ['00000000000000aa', '00000000000000bb'];
  const [old, renewed] = registrations.map((registration) => ({ registration, registrations }));
  const approved = [anEvent('IntegrationApproved', old), anEvent('IntegrationApproved', renewed)];
  const on = [anEvent('StrategyEnabled', { ...old, sentAt: '2026-01-05T10:20:00.000000Z' })];
  const left = (events: readonly Event[], wish: LifecycleWish): string[] =>
    leftBy(fold(accountStrategies, recorded([...holding, ...events])), wish).map((each) => each.strategyId);
  const disabling = (under: object, sentAt = '2026-01-05T10:40:00.000000Z'): LifecycleWish => ({
    type: 'RecordStrategy',
    data: { integrationId, strategyId, name: 'Gold', enabled: false, sentAt, ...under },
  });
  const deleting = (under: object): LifecycleWish => ({
    type: 'RecordIntegration',
    data: { integrationId, what: 'deleted', ...under },
  });

  it('is a strategy under its last registration, and not one that entered later', () => {
    expect(left(on, disabling(renewed ?? {}))).toEqual([]);
    expect(left(on, disabling(old ?? {}))).toEqual([strategyId]);
    const entered = anEvent('SignalReceived', later);
    expect(left([...on, entered], disabling(old ?? {}, '2026-01-05T10:25:00.000000Z'))).toEqual([]);
  });

  it('is whatever was on under a registration alone that is taken back, or all with the last one', () => {
    expect(left([...approved, ...on], deleting(renewed ?? {}))).toEqual([]);
    expect(left([...approved, ...on], deleting(old ?? {}))).toEqual([strategyId]);
    const [first] = approved;
    expect(left([...(first ? [first] : [])], deleting({ ...old, registrations: [old?.registration ?? ''] }))).toEqual([
      strategyId,
    ]);
  });
});
