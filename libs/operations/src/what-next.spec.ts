import type { Event } from '@core/contracts/event';
import { anEvent, recorded } from '@core/contracts/examples.fixture';
import { fold } from '@core/kernel/projection';
import { accountOverview } from '@core/projections/overview';
import { whatNext } from './what-next.ts';

const { signalId, integrationId, strategyId } = anEvent('SignalReceived').data.signal;
const about = { signalId, integrationId, strategyId };
const nextAfter = (...events: readonly Event[]) => whatNext(fold(accountOverview, recorded(events)), [signalId]);

describe('what comes next', () => {
  it('of a signal that is half done is both ways to end it, and nothing once it is ended', () => {
    const halfDone = [anEvent('SignalReceived'), anEvent('SignalHalfDone', { ...about, reason: 'market-closed' })];
    expect(nextAfter(...halfDone)).toMatch(
      new RegExp(`\\(market-closed\\).*signals resume ${signalId} --confirm, or .*signals dismiss ${signalId}$`),
    );
    expect(nextAfter(...halfDone, anEvent('SignalDismissed', about))).toBeNull();
  });
});
