import type { AccountId, SignalId } from '@core/contracts/primitives';
import type { Frozen, ProjectionRunner } from '@core/projection-runner/projection-runner';
import { accountStrategies, type SignalState } from '@core/projections/strategies';

/**
 * Signals that have no outcome yet, those of unknown outcome and those that are half done included: an account remembers
 * a day of those that are settled, and they need not be gone through for each event.
 */
export class UnsettledSignals {
  private readonly known = new Map<AccountId, Set<SignalId>>();
  private readonly unsubscribe: readonly (() => void)[];

  constructor(private readonly runner: ProjectionRunner) {
    this.unsubscribe = [
      runner.onReplaced(() => this.known.clear()),
      runner.onEach((event) => {
        if (event.type === 'SignalReceived') this.known.get(event.subject)?.add(event.data.signal.signalId);
      }),
    ];
  }

  *of(account: AccountId): Iterable<Frozen<SignalState>> {
    const { signals } = this.runner.state(accountStrategies, account);
    let ids = this.known.get(account);
    if (!ids) {
      ids = new Set(Object.keys(signals));
      // What is read before that is told to nobody.
      if (this.runner.ready) this.known.set(account, ids);
    }
    for (const id of ids) {
      const signal = signals[id];
      if (!signal || signal.status === 'executed' || signal.status === 'refused') ids.delete(id);
      else yield signal;
    }
  }

  stop(): void {
    for (const each of this.unsubscribe) each();
  }
}
