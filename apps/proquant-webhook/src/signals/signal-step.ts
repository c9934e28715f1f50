import type { CommandBody } from '@core/contracts/command';
import { problemOfSignal, refusalOfRejection } from '@core/proquant/problem';
import type { Frozen } from '@core/projection-runner/projection-runner';
import type { SignalLeg, SignalState } from '@core/projections/strategies';

type Outcome = CommandBody<'SettleSignal'>['data']['outcome'];

/** What is to be done next for a signal; null is to wait. */
export type SignalStep = { readonly step: 'continue' } | { readonly step: 'settle'; readonly outcome: Outcome } | null;

type Asked = Frozen<Pick<SignalState, 'status' | 'legs' | 'signal' | 'failedOpenings' | 'refusal'>>;

/** How old a signal is, in milliseconds: since it is known here, and since it was sent. */
interface Age {
  readonly knownMs: number;
  readonly sentMs: number;
}

interface Patience {
  readonly unsettledMaxMs: number;
  readonly maxSignalAgeMs: number;
  readonly openingsMax: number;
}

const settle = (outcome: Outcome): SignalStep => ({ step: 'settle', outcome });

/**
 * Reads from what became of a signal's requests what is to be done next. Saying it twice does no harm: the ledger
 * knows what is done already. A signal that nobody can say anything of is unknown after `unsettledMaxMs`, so that the
 * strategy's next one does not wait for ever; it is still settled when somebody can.
 */
export function nextStep(signal: Asked, age: Age, patience: Patience): SignalStep {
  const { status, legs } = signal;
  if (status === 'half-done') return mayOpenAgain(signal, age, patience) ? { step: 'continue' } : null;
  if (status === 'executed' || status === 'refused' || legs.length === 0) return null;
  const isOpen = legs.some(isUndecided);

  const failed = legs.find((leg) => leg.status === 'rejected' || leg.status === 'expired');
  if (failed && !isOpen) return settle(refusedBy(failed));
  if (isCarriedOut(signal)) return settle({ result: 'executed' });
  if (legs.every((leg) => leg.status === 'done')) return { step: 'continue' };
  if (status === 'unknown') return null;
  const isUnknown = legs.some((leg) => leg.status === 'unknown') || age.knownMs > patience.unsettledMaxMs;
  return isUnknown ? settle({ result: 'unknown' }) : null;
}

/** Whether everything that it wanted of the broker is done: what it comes to is certain, be it recorded yet or not. */
export const isCarriedOut = ({ signal, legs }: Pick<Asked, 'signal' | 'legs'>): boolean =>
  legs.length > 0 &&
  legs.every(({ status }) => status === 'done') &&
  (signal.kind === 'close' || legs.some(({ kind }) => kind === 'open'));

/** What is half done for a reason of ours is tried again, as often and as long as an entry may come late. */
const mayOpenAgain = ({ refusal, failedOpenings }: Asked, { sentMs }: Age, patience: Patience): boolean =>
  refusal !== null &&
  problemOfSignal(refusal.reason).status >= 500 &&
  failedOpenings < patience.openingsMax &&
  sentMs <= patience.maxSignalAgeMs;

const isUndecided = ({ status }: Pick<SignalLeg, 'status'>): boolean =>
  status === 'requested' || status === 'dispatched' || status === 'unknown';

function refusedBy({ rejection }: Frozen<SignalLeg>): Outcome {
  return rejection
    ? { result: 'refused', reason: refusalOfRejection(rejection.reason), text: rejection.text }
    : { result: 'refused', reason: 'not-executed', text: null };
}
