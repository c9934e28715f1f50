import { NotSentCause } from '@core/contracts/events/request';
import type { AccountId, Decimal, RequestId, Uuid } from '@core/contracts/primitives';
import { LedgerUnavailable, type CommandClient } from '@core/bus/command-client';
import { kindOf, type BookRequest } from '@core/projections/broker-book/state';

/** The ledger's answer: the `RequestDispatched` that lets us send, or a refusal, which is final for us. */
export type Claim = GrantedClaim | { readonly ok: false; readonly reason: string };

export interface GrantedClaim {
  readonly ok: true;
  /** The `RequestDispatched` event. */
  readonly eventId: Uuid;
  readonly connector: string;
}

/** `cause`: why it does not go; null where it is not ours to send any more, settled or doubted meanwhile. */
export type StandingClaim = { readonly ok: true } | { readonly ok: false; readonly cause: NotSentCause | null };

export interface ClaimOptions {
  readonly account: AccountId;
  readonly timeoutMs: number;
  readonly newId: () => Uuid;
  /** How long the ledger took to answer. */
  observe(ms: number): void;
  /** Who claims, with the fencing token of its lease. */
  connector(): string;
}

/** A claim as it was made first: it is repeated word for word. */
interface Asking {
  readonly id: Uuid;
  readonly claimant: string;
  readonly price: Decimal | null;
}

/**
 * Claims requests before their first byte goes out. While nobody answers the outcome of a claim is unknown, so it is
 * repeated as it was under the same command id, which gets the first answer; a new process makes a new id and is refused.
 */
export class Claims {
  private readonly open = new Map<RequestId, Asking>();

  constructor(
    private readonly client: CommandClient,
    private readonly options: ClaimOptions,
  ) {}

  /** A claim whose answer never came: granted or not, nothing was sent on it. */
  isOpen(requestId: RequestId): boolean {
    return this.open.has(requestId);
  }

  /** Whether the claim of a request that the broker did nothing about would be granted still; null while nobody answers. */
  async stands(request: BookRequest): Promise<StandingClaim | null> {
    const { account, timeoutMs } = this.options;
    const { requestId, correlationid: correlation, lastEventId: cause } = request;
    const data = { kind: kindOf(request.ask), requestId };
    try {
      const answer = await this.client.ask(account, { type: 'CheckDispatch', data }, { correlation, cause, timeoutMs });
      return answer.ok
        ? { ok: true }
        : { ok: false, cause: NotSentCause.safeParse(answer.refusal.reason).data ?? null };
    } catch (error) {
      if (!(error instanceof LedgerUnavailable)) throw error;
      return null;
    }
  }

  /** `price` is what the market offers an order with a worst price; null where none is known, or none is wanted. */
  async claim(request: BookRequest, price: Decimal | null): Promise<Claim | null> {
    const { account, timeoutMs, newId, connector, observe } = this.options;
    const { requestId, correlationid: correlation, lastEventId: cause } = request;
    const asking = this.open.get(requestId) ?? { id: newId(), claimant: connector(), price };
    this.open.set(requestId, asking);
    const { id, claimant } = asking;
    const step = { kind: kindOf(request.ask), requestId, connector: claimant };
    const data = { ...step, ...(asking.price !== null && { price: asking.price }) };
    try {
      const askedMs = performance.now();
      const options = { id, correlation, cause, timeoutMs };
      const answer = await this.client.ask(account, { type: 'DispatchRequest', data }, options);
      observe(performance.now() - askedMs);
      this.open.delete(requestId);
      if (!answer.ok) return { ok: false, reason: answer.refusal.reason };
      const [eventId] = answer.eventIds;
      // Answered without a new event: somebody's claim stood already, and whether bytes went out is not known to us.
      return eventId === undefined
        ? { ok: false, reason: 'already-dispatched' }
        : { ok: true, eventId, connector: claimant };
    } catch (error) {
      if (!(error instanceof LedgerUnavailable)) throw error;
      return null;
    }
  }
}
