import type { AccountId, RequestId } from '@core/contracts/primitives';
import { BoundedMap } from '@core/kernel/bounded-map';
import { kindOf, type BookRequest } from '@core/projections/broker-book/state';
import { brokerSpan } from '@core/service/story-spans';
import type { Tracing } from '@core/service/tracing';
import type { GrantedClaim } from './claims.ts';
import type { ExecutorStep } from './executor.ts';

/** By far more than can be on their way at once. */
const UNDERWAY_MAX = 1_000;

/** Tells of each time that a request went to its broker, until the broker said something of it or nobody waits any more. */
export class BrokerTraces {
  private readonly underway = new BoundedMap<RequestId, { request: BookRequest; claim: GrantedClaim; sentMs: number }>(
    UNDERWAY_MAX,
  );

  constructor(
    private readonly tracing: Tracing,
    private readonly account: AccountId,
  ) {}

  granted(request: BookRequest, claim: GrantedClaim): void {
    if (this.tracing.isOn) this.underway.set(request.requestId, { request, claim, sentMs: Date.now() });
  }

  observe(step: ExecutorStep, requestId: RequestId): void {
    const sent = this.underway.get(requestId);
    if (!sent) return;
    if (step === 'sent' || step === 'resent') {
      sent.sentMs = Date.now();
      return;
    }
    const { request, claim, sentMs: beganMs } = sent;
    const { account } = this;
    const about = { correlation: request.correlationid, claim: claim.eventId, kind: kindOf(request.ask), requestId };
    const failure = step === 'acknowledged' ? null : step;
    this.tracing.record(brokerSpan({ ...about, account, failure }, { beganMs, endedMs: Date.now() }));
    if (step !== 'refused') this.underway.delete(requestId);
  }
}
