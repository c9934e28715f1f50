import { anEvent, recorded } from '@core/contracts/examples.fixture';
import type { Event } from '@core/contracts/event';
import type { IntegrationPolicy } from '@core/contracts/integration-policy';
import { fold } from '@core/kernel/projection';
import { accountStrategies } from '@core/projections/strategies';
import { orphanedToClose } from './orphaned.ts';

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

  it('is nothing of a strategy that is enabled again, or enters again', () => {
    expect(toClose(closing, off, anEvent('StrategyEnabled'))).toEqual([]);
    expect(toClose(closing, off, anEvent('SignalReceived', later))).toEqual([]);
    expect(toClose(closing, off, anEvent('SignalReceived', { signal: { ...later.signal, kind: 'close' } }))).toEqual([
      examplePosition,
    ]);
    expect(toClose(closing, off, anEvent('SignalReceived'))).toEqual([examplePosition]);
  });
});
