import type { AccountId, SignalId } from '@core/contracts/primitives';
import { EventLog } from '@core/event-log/event-log';
import { fold } from '@core/kernel/projection';
import { ProjectionRunner, type Frozen } from '@core/projection-runner/projection-runner';
import { accountStrategies, type SignalState } from '@core/projections/strategies';
import { problemOfSignal, type Problem } from '@core/proquant/problem';
import { Injectable } from '@nestjs/common';
import { isCarriedOut } from '../signals/signal-step.ts';

/** What became of a signal, for its sender: nothing to complain of, a problem, or nothing yet. */
export type SignalVerdict = 'handled' | Problem | 'open';

/** Reads what became of signals: from the projection, or from the log for those it has forgotten. */
@Injectable()
export class Outcomes {
  constructor(
    private readonly runner: ProjectionRunner,
    private readonly log: EventLog,
  ) {}

  /** Null where the projection knows no such signal. */
  of(account: AccountId, signalId: SignalId): SignalVerdict | null {
    const signal = this.runner.state(accountStrategies, account).signals[signalId];
    return signal ? verdictOf(signal) : null;
  }

  /** For a signal that the ledger has received: settled ones leave the projection after a while, never the log. */
  async recall(account: AccountId, signalId: SignalId): Promise<SignalVerdict> {
    const known = this.of(account, signalId);
    if (known) return known;
    const chain = await this.log.readCorrelation(signalId);
    const signal = fold(accountStrategies, chain).signals[signalId];
    return signal ? verdictOf(signal) : 'open';
  }

  /** The verdict once there is one; `open` when there is none in time. */
  async settled(account: AccountId, signalId: SignalId, timeoutMs: number): Promise<SignalVerdict> {
    const first = await this.recall(account, signalId);
    if (first !== 'open') return first;
    return new Promise((resolve) => {
      const answer = (verdict: SignalVerdict): void => {
        clearTimeout(timer);
        unsubscribe();
        resolve(verdict);
      };
      const timer = setTimeout(() => answer('open'), timeoutMs);
      const look = (): void => {
        const verdict = this.of(account, signalId);
        if (verdict !== null && verdict !== 'open') answer(verdict);
      };
      const unsubscribe = this.runner.onApplied((events) => {
        if (events.some(({ subject }) => subject === account)) look();
      });
      look();
    });
  }
}

/**
 * An unknown outcome may become known any moment, so it is none yet; what is half done is told what kept it there. What
 * is carried out is told at once: that the log says so itself takes another turn of the ledger.
 */
function verdictOf(signal: Frozen<SignalState>): SignalVerdict {
  const { status, refusal } = signal;
  if (status === 'refused' || status === 'half-done') return refusal ? problemOfSignal(refusal.reason) : 'open';
  return status === 'executed' || isCarriedOut(signal) ? 'handled' : 'open';
}
