import { anEvent } from '@core/contracts/examples.fixture';
import type { SignalKind, SignalRefusal } from '@core/contracts/events/signal';
import type { SignalLeg } from '@core/projections/strategies';
import { nextStep } from './signal-step.ts';

const { signal } = anEvent('SignalReceived').data;

const leg = (
  kind: SignalLeg['kind'],
  status: SignalLeg['status'],
  rejection: SignalLeg['rejection'] = null,
): SignalLeg => ({
  kind,
  status,
  requestId: signal.signalId,
  positionId: null,
  rejection,
});

const patience = { unsettledMaxMs: 60_000, maxSignalAgeMs: 30_000, openingsMax: 3 };

const step = (
  kind: SignalKind,
  legs: SignalLeg[],
  status: 'in-progress' | 'unknown' = 'in-progress',
  knownMs = 1_000,
) =>
  nextStep(
    { signal: { ...signal, kind }, status, legs, failedOpenings: 0, refusal: null },
    { knownMs, sentMs: 0 },
    patience,
  );

const halfDone = (reason: SignalRefusal, { failedOpenings = 1, sentMs = 1_000 } = {}) =>
  nextStep(
    {
      ...{ signal: { ...signal, kind: 'reopen' }, status: 'half-done', legs: [leg('close', 'done')], failedOpenings },
      refusal: { step: 'open', reason, text: null },
    },
    { knownMs: 0, sentMs },
    patience,
  );

const settled = (outcome: object) => ({ step: 'settle', outcome });
const unknown = settled({ result: 'unknown' });
const notExecuted = settled({ result: 'refused', reason: 'not-executed', text: null });

describe('the next step of a signal', () => {
  it.each(['requested', 'dispatched', 'accepted'] as const)('is to wait while its request is %s', (status) => {
    expect(step('open', [leg('open', status)])).toBeNull();
    expect(step('close', [leg('close', status)])).toBeNull();
  });

  it('is to record that it was executed once everything is done', () => {
    expect(step('open', [leg('open', 'done')])).toEqual(settled({ result: 'executed' }));
    expect(step('close', [leg('close', 'done'), leg('close', 'done')])).toEqual(settled({ result: 'executed' }));
    expect(step('close', [leg('close', 'done'), leg('close', 'accepted')])).toBeNull();
  });

  it('is the open leg of a reopen once its close leg is done, and then its record', () => {
    expect(step('reopen', [leg('close', 'accepted')])).toBeNull();
    expect(step('reopen', [leg('close', 'done')])).toEqual({ step: 'continue' });
    expect(step('reopen', [leg('close', 'done'), leg('open', 'requested')])).toBeNull();
    expect(step('reopen', [leg('close', 'done'), leg('open', 'done')])).toEqual(settled({ result: 'executed' }));
    expect(step('reopen', [leg('open', 'done')])).toEqual(settled({ result: 'executed' }));
  });

  it('is the refusal that the broker’s rejection makes of it', () => {
    const rejected = leg('open', 'rejected', { reason: 'insufficient-funds', text: 'Not enough money' });
    const refused = settled({ result: 'refused', reason: 'insufficient-funds', text: 'Not enough money' });
    expect(step('open', [rejected])).toEqual(refused);
    expect(step('reopen', [leg('close', 'done'), rejected])).toEqual(refused);
  });

  it('is a refusal when the request was never carried out', () => {
    expect(step('open', [leg('open', 'expired')])).toEqual(notExecuted);
    expect(step('reopen', [leg('close', 'expired')])).toEqual(notExecuted);
  });

  it('is no refusal while anything of it may still happen', () => {
    expect(
      step('close', [leg('close', 'rejected', { reason: 'market-closed', text: null }), leg('close', 'dispatched')]),
    ).toBeNull();
  });

  it('is to say that nobody knows, once: then to wait for somebody who does', () => {
    expect(step('open', [leg('open', 'unknown')])).toEqual(unknown);
    expect(step('open', [leg('open', 'unknown')], 'unknown')).toBeNull();
    expect(step('open', [leg('open', 'accepted')], 'in-progress', 60_001)).toEqual(unknown);
    expect(step('open', [leg('open', 'accepted')], 'unknown', 60_001)).toBeNull();
    expect(step('open', [leg('open', 'done')], 'unknown')).toEqual(settled({ result: 'executed' }));
    expect(step('open', [leg('open', 'expired')], 'unknown')).toEqual(notExecuted);
  });

  it('is to open again what is half done by no doing of its sender’s, so often and no later than an entry may come', () => {
    expect(halfDone('not-executed')).toEqual({ step: 'continue' });
    expect(halfDone('not-executed', { failedOpenings: 3 })).toBeNull();
    expect(halfDone('not-executed', { sentMs: 30_001 })).toBeNull();
    for (const reason of ['market-closed', 'insufficient-funds', 'too-old'] as const)
      expect(halfDone(reason)).toBeNull();
  });

  it('is none for what was settled when it was received', () => {
    expect(step('open', [])).toBeNull();
  });
});
