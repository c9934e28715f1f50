import type { Event } from '@core/contracts/event';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { withdrawnAt } from '@core/contracts/integration-consent';
import { strategyKey } from '@core/contracts/strategy-key';
import { present } from '@core/kernel/present';
import { after, at, instant, exampleOrder, examplePosition, exampleRequest } from './histories.fixture.ts';
import { accountStrategies, isSwitchedOn, PAST_POSITIONS_MAX } from './strategies.ts';

const received = at('10:00', 'SignalReceived');
const { signal } = received.data;
const origin = {
  signalId: signal.signalId,
  integrationId: signal.integrationId,
  strategyId: signal.strategyId,
  externalPositionId: signal.externalPositionId,
};
const ordered = anEvent('OrderRequested', { signal: origin });
const opened = anEvent('PositionOpened', { signal: origin });
const closed = anEvent('PositionClosed');
const closing = anEvent('CloseRequested', { signal: origin });

const state = (...events: Event[]) => after(accountStrategies, events);
const strategy = (...events: Event[]) => state(...events).strategies[strategyKey(signal)];
const isOff = (...events: Event[]) => {
  const { strategies, consents } = state(...events);
  return isSwitchedOn(present(strategies[strategyKey(signal)], 'the strategy'), consents) === false;
};
const progress = (...events: Event[]) => state(...events).signals[signal.signalId];

describe('strategies', () => {
  it('knows what the user allowed', () => {
    const withdrawn = (...events: Event[]) => withdrawnAt(state(...events).consents, signal.integrationId);
    expect(withdrawn(anEvent('IntegrationApproved'))).toBeNull();
    expect(withdrawn(anEvent('IntegrationApproved'), anEvent('IntegrationDeleted'))).not.toBeNull();
    expect(strategy(anEvent('StrategyEnabled'))?.name).toBe('Gold High-Risk');
    expect(isOff(anEvent('StrategyEnabled'))).toBe(false);
    expect(isOff(anEvent('StrategyEnabled'), anEvent('StrategyDisabled'))).toBe(true);
    expect(isOff(received)).toBe(false);
  });

  it('has a strategy switched off under every registration, or whose only one was taken back', () => {
    const registrations = ['00000000000000aa', '00000000000000bb'];
    const [old, renewed] = registrations.map((registration) => ({ registration, registrations }));
    const on = [anEvent('StrategyEnabled', old), anEvent('StrategyEnabled', renewed)];
    expect(isOff(...on, anEvent('StrategyDisabled', old))).toBe(false);
    expect(isOff(...on, anEvent('StrategyDisabled', old), anEvent('StrategyDisabled', renewed))).toBe(true);
    expect(isOff(...on, anEvent('StrategyDisabled', old), anEvent('IntegrationDeleted', renewed))).toBe(true);
    expect(isOff(...on, anEvent('IntegrationDeleted', old))).toBe(false);
    const settled = { registrations: ['00000000000000bb'] };
    expect(isOff(...on, anEvent('StrategyDisabled', renewed), anEvent('IntegrationApproved', settled))).toBe(true);
  });

  it('has it on again once it enters later than it was switched off, whoever said what in which order', () => {
    const off = (said: string) => anEvent('StrategyDisabled', { sentAt: instant(said) });
    const entered = (said: string) => anEvent('SignalReceived', { signal: { ...signal, sentAt: instant(said) } });
    expect(isOff(off('09:00'), entered('10:00'))).toBe(false);
    expect(isOff(entered('10:00'), off('09:00'))).toBe(false);
    expect(isOff(entered('10:00'), off('11:00'))).toBe(true);
  });

  it('keeps strategies of two integrations apart, whatever they call themselves', () => {
    const other = anEvent('StrategyEnabled', { integrationId: exampleId(0x172), strategyId: signal.strategyId });
    expect(Object.keys(state(anEvent('StrategyEnabled'), other).strategies)).toHaveLength(2);
  });

  it('knows the latest signal by the sender’s clock, not by arrival', () => {
    const late = anEvent('SignalReceived', { signal: { ...signal, signalId: exampleId(5), sentAt: instant('09:00') } });
    expect(strategy(received, late)?.lastSentAt).toBe(signal.sentAt);
  });

  it('holds the position that its signal opened, until somebody closes it', () => {
    expect(strategy(received, ordered, opened)?.position).toEqual({
      positionId: examplePosition,
      externalPositionId: signal.externalPositionId,
      requestId: exampleOrder,
      openedAt: opened.data.openedAt,
    });
    expect(strategy(received, ordered, opened, closed)).toMatchObject({
      position: null,
      past: [{ externalPositionId: signal.externalPositionId, positionId: examplePosition }],
    });
  });

  it('does not lose its new position when the old one closes late', () => {
    const next = anEvent('PositionOpened', { signal: origin, positionId: exampleId(2) });
    expect(strategy(received, opened, next, closed)?.position?.positionId).toBe(exampleId(2));
  });

  it('remembers so many of its past positions', () => {
    const lives = Array.from({ length: PAST_POSITIONS_MAX + 2 }, (_, n) => [
      anEvent('PositionOpened', { signal: origin, positionId: exampleId(0x1000 + n) }),
      anEvent('PositionClosed', { positionId: exampleId(0x1000 + n) }),
    ]).flat();
    const past = strategy(received, ...lives)?.past ?? [];
    expect(past).toHaveLength(PAST_POSITIONS_MAX);
    expect(past.at(-1)?.positionId).toBe(exampleId(0x1000 + PAST_POSITIONS_MAX + 1));
  });
});

describe('signals', () => {
  it('are in progress until settled', () => {
    expect(strategy(received)?.openSignals).toEqual([signal.signalId]);
    expect(progress(received)).toMatchObject({ status: 'in-progress', legs: [], settled: null });
    const executed = at('10:01', 'SignalExecuted');
    expect(progress(received, executed)).toMatchObject({ status: 'executed', settled: { at: instant('10:01') } });
    expect(strategy(received, executed)?.openSignals).toEqual([]);
    expect(progress(received, anEvent('SignalExecuted', { superseded: true }))?.superseded).toBe(true);
    expect(progress(received, anEvent('SignalRefused'))?.refusal).toEqual({
      step: 'signal',
      reason: 'unknown-ticker',
      text: null,
    });
    expect(progress(received, anEvent('SignalOutcomeUnknown'))).toMatchObject({ status: 'unknown', keptUntil: null });
  });

  const leg = (...events: Event[]) => progress(received, ordered, ...events)?.legs[0];

  it('follow what was asked of the broker', () => {
    expect(leg()).toMatchObject({ kind: 'open', requestId: exampleOrder, status: 'requested' });
    expect(leg(anEvent('RequestDispatched'))?.status).toBe('dispatched');
    expect(leg(anEvent('RequestAccepted'))?.status).toBe('accepted');
    expect(leg(anEvent('RequestOutcomeUnknown'))?.status).toBe('unknown');
    expect(leg(anEvent('RequestOutcomeUnknown'), anEvent('RequestAccepted'))?.status).toBe('accepted');
    expect(leg(anEvent('OrderExpired'))?.status).toBe('expired');
    expect(leg(anEvent('RequestRejected'))).toMatchObject({
      status: 'rejected',
      rejection: { reason: 'insufficient-funds', text: 'Not enough money' },
    });
  });

  it('are done with an opening when the position is there, also before its acceptance', () => {
    expect(leg(opened)).toMatchObject({ status: 'done', positionId: examplePosition });
    expect(leg(opened, anEvent('RequestAccepted'))?.status).toBe('done');
  });

  it('are done with a closing when the position is gone, whoever closed it', () => {
    const stopped = anEvent('PositionClosed', { reason: 'stop-out', requestId: null });
    const legs = progress(
      received,
      opened,
      closing,
      anEvent('RequestRejected', { kind: 'close', requestId: exampleRequest, reason: 'superseded' }),
      stopped,
    )?.legs;
    expect(legs).toMatchObject([{ kind: 'close', requestId: exampleRequest, status: 'rejected' }]);
    expect(progress(received, opened, closing, stopped)?.legs).toMatchObject([{ status: 'done' }]);
    const another = anEvent('PositionClosed', { positionId: exampleId(2) });
    expect(progress(received, opened, closing, another)?.legs).toMatchObject([{ status: 'requested' }]);
  });

  it('have two legs when they reopen', () => {
    const legs = progress(received, opened, closing, closed, ordered)?.legs;
    expect(legs?.map(({ kind, status }) => [kind, status])).toEqual([
      ['close', 'done'],
      ['open', 'requested'],
    ]);
  });

  it('are half done after a close and no opening, and in progress again when that is asked for or an operator resumes', () => {
    const half = [received, opened, closing, closed, ordered, anEvent('RequestRejected'), anEvent('SignalHalfDone')];
    const inProgress = { status: 'in-progress', refusal: null, settled: null };
    expect(progress(...half)).toMatchObject({
      ...{ status: 'half-done', failedOpenings: 1, keptUntil: null, legs: [{ kind: 'close', status: 'done' }] },
      refusal: { step: 'open', reason: 'not-executed', text: null },
    });
    expect(strategy(...half)?.openSignals).toEqual([]);
    expect(progress(...half, anEvent('SignalResumed'))).toMatchObject(inProgress);
    expect(strategy(...half, anEvent('SignalResumed'))?.openSignals).toEqual([signal.signalId]);
    expect(progress(...half, anEvent('SignalDismissed'))).toMatchObject({
      ...{ status: 'refused', refusal: { step: 'open', reason: 'not-executed', text: null } },
      keptUntil: expect.stringMatching(/^2026-/),
    });
    expect(progress(...half, ordered)).toMatchObject({ ...inProgress, legs: [{ kind: 'close' }, { kind: 'open' }] });
  });

  it('are kept for a day after they were settled, unknown ones until they are', () => {
    const settled = [received, at('10:01', 'SignalExecuted')];
    expect(Object.keys(state(...settled, at('+1d 10:01', 'EquityMarked')).signals)).toHaveLength(1);
    expect(state(...settled, at('+1d 10:02', 'EquityMarked')).signals).toEqual({});
    const unknown = [received, at('10:01', 'SignalOutcomeUnknown'), at('+9d 10:02', 'EquityMarked')];
    expect(Object.keys(state(...unknown).signals)).toHaveLength(1);
  });

  it('leave nothing behind once settled', () => {
    expect(state(received, ordered, anEvent('RequestAccepted'), anEvent('SignalExecuted')).requests).toEqual({});
  });
});
