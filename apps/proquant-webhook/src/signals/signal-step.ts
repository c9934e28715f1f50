import type { CommandBody } from '@core/contracts/command';
import { refusalOfRejection } from '@core/proquant/problem';
import type { Frozen } from '@core/projection-runner/projection-runner';
import type { SignalLeg, SignalState } from '@core/projections/strategies';

type Outcome = CommandBody<'SettleSignal'>['data']['outcome'];

/** What is to be done next for a signal; null is to wait. */
export type SignalStep = { readonly step: 'continue' } | { readonly step: 'settle'; readonly outcome: Outcome } | null;

type Asked = Frozen<Pick<SignalState, 'status' | 'legs' | 'signal'>>;

const settle = (outcome: Outcome): SignalStep => ({ step: 'settle', outcome });

/**
 * Reads from what became of a signal's requests what is to be done next. Saying it twice does no harm: the ledger
 * knows what is done already. A signal that nobody can say anything of is unknown after `unsettledMaxMs`, so that the
 * strategy's next one does not wait for ever; it is still settled when somebody can.
 */
export function nextStep(signal: Asked, ageMs: number, unsettledMaxMs: number): SignalStep {
  const { status, legs } = signal;
  if (status === 'executed' || status === 'refused' || legs.length === 0) return null;
  const isOpen = legs.some(isUndecided);

  const failed = legs.find((leg) => leg.status === 'rejected' || leg.status === 'expired');
  if (failed && !isOpen) return settle(refusedBy(failed));
  if (legs.every((leg) => leg.status === 'done')) {
    const isHalfDone = signal.signal.kind === 'reopen' && !legs.some(({ kind }) => kind === 'open');
    return isHalfDone ? { step: 'continue' } : settle({ result: 'executed' });
  }
  if (status === 'unknown') return null;
  const isUnknown = legs.some((leg) => leg.status === 'unknown') || ageMs > unsettledMaxMs;
  return isUnknown ? settle({ result: 'unknown' }) : null;
}

const isUndecided = ({ status }: Pick<SignalLeg, 'status'>): boolean =>
  status === 'requested' || status === 'dispatched' || status === 'unknown';

function refusedBy({ rejection }: Frozen<SignalLeg>): Outcome {
  return rejection
    ? { result: 'refused', reason: refusalOfRejection(rejection.reason), text: rejection.text }
    : { result: 'refused', reason: 'not-executed', text: null };
}
