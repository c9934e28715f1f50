import { isOfAnother, withoutCell } from '@core/contracts/cell';
import { Uuid, type IntegrationId } from '@core/contracts/primitives';
import { TradingAccess, type AnsweredRequest } from '@core/edge/trading-access';
import { InOrder } from '@core/kernel/in-order';
import { instantFromMs } from '@core/kernel/instant';
import { present } from '@core/kernel/present';
import { TokenBuckets } from '@core/kernel/token-bucket';
import { deliveryIdOf } from '@core/proquant/delivery-id';
import { decodeDelivery, type Delivery, type Unreadable } from '@core/proquant/event';
import { invalidCredentials, misdirected, unnamed, type Problem } from '@core/proquant/problem';
import { redact } from '@core/proquant/redact';
import { encodeMisdirected, encodeProblem, handled, type Response } from '@core/proquant/response';
import { isSignal, strategyIdOf, takesRiskAway } from '@core/proquant/translate';
import { err, type Result } from '@core/kernel/result';
import type { Integration } from '@core/registry/entities';
import { fingerprintOf, hashOf } from '@core/registry/tokens';
import { newId } from '@core/service/clock';
import { inBackground } from '@core/service/in-background';
import { CellSettings } from '@core/service/service-settings';
import { withTimeout } from '@core/service/with-timeout';
import { SignalInbox, type Received } from '@core/signal-inbox/signal-inbox';
import { Injectable, Logger } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { HookSettings, InboxSettings } from '../config.ts';
import { DeliveryService, conclusionOf, type Carried, type Sender } from '../deliveries/delivery-service.ts';
import { deadOf } from '../deliveries/leftovers.ts';
import { Integrations, StoreUnavailable } from '../integrations.ts';
import { WebhookMetrics } from '../metrics.ts';
import { textOf } from './body.ts';
import { NOTHING_KNOWN, problemOutcome, wordOf } from './outcome.ts';
import { SignalService } from '../signals/signal-service.ts';

/** How long a sender whose signal came to nothing waits for that to be kept. */
const VERDICT_MS = 500;

export interface Delivered {
  /** As its sender says it. */
  readonly hookId: string;
  readonly token: string;
  readonly address: string;
  /** How the body is compressed; empty where it is not. */
  readonly encoding: string;
  readonly body: Uint8Array;
}

/** A request whose sender is known, kept in the inbox. */
interface Arrival extends Sender {
  readonly id: Uuid;
  readonly decoded: Result<Delivery, Unreadable>;
  /** The same was delivered before, and was not turned away. */
  readonly isRepeated: boolean;
  /** False: only what is written after it takes it there. */
  readonly isOnDisk: boolean;
}

/** One whose sender is not. */
interface Stranger {
  readonly id: Uuid;
  readonly problem: Problem;
  /** Where it is at home, where that is another cell. */
  readonly cell?: string;
}

/**
 * Takes one request in: who sends it, what it says, what comes of it. It is in the inbox before anything is done, and
 * who sent before is asked about by the very statement that keeps it.
 * Requests of one integration go on in the order in which they came, however long each took to be looked up and kept.
 */
@Injectable()
export class Reception {
  private readonly logger = new Logger(Reception.name);
  private readonly requests: TokenBuckets;
  private readonly refusals: TokenBuckets;
  private readonly strangers: TokenBuckets;
  private readonly arrivals = new InOrder();

  constructor(
    private readonly integrations: Integrations,
    private readonly inbox: SignalInbox,
    private readonly deliveries: DeliveryService,
    private readonly signals: SignalService,
    private readonly metrics: WebhookMetrics,
    private readonly access: TradingAccess,
    private readonly settings: HookSettings,
    { strangersPerMinute }: InboxSettings,
    private readonly cell: CellSettings,
  ) {
    this.requests = new TokenBuckets(settings.requestsPerSecond, settings.requestsBurst);
    this.refusals = new TokenBuckets(settings.refusalsPerMinute / 60, settings.refusalsPerMinute);
    this.strangers = new TokenBuckets(strangersPerMinute / 60, strangersPerMinute);
  }

  async receive(delivered: Delivered): Promise<Response> {
    const began = performance.now();
    const deadline = began + this.settings.deadlineMs;
    const arrival = await this.arrivals.run(withoutCell(delivered.hookId), () => this.arrive(delivered, deadline));
    if ('problem' in arrival) {
      const { id, problem } = arrival;
      // Those that come too often are counted: their lines would fill the log.
      if (problem.status !== 429) this.tell({ ...NOTHING_KNOWN, requestId: id, problem }, began);
      const said = this.answer('none', problem, id, began);
      return arrival.cell === undefined ? said : encodeMisdirected(id, arrival.cell);
    }

    const { id, integration, registration, decoded } = arrival;
    const event = decoded.ok ? decoded.value.event : null;
    const finish = async (type: string, carried: Carried): Promise<Response> => {
      const verdict = conclusionOf(carried);
      if (arrival.isOnDisk || isInLog(carried)) inBackground('an answer is kept', this.inbox.concludeSoon(id, verdict));
      else await this.onDisk(this.inbox.conclude(id, verdict), carried);
      const known = { accountId: integration.accountId, requestId: id, correlationId: id };
      this.tell({ ...known, request: type, problem: carried.problem }, began);
      return this.answer(type, carried.problem, id, began);
    };

    const isKnown = arrival.isRepeated || this.signals.knows(integration, id);
    const isExempt = event && (isKnown || takesRiskAway(event));
    if (!isExempt && !this.requests.take(integration.id, began))
      return finish('none', { problem: unnamed(429), isFinal: true });

    if (!decoded.ok) {
      const dead = deadOf(decoded.error);
      this.metrics.deadLetter(decoded.error.why);
      this.logger.error({ msg: 'a delivery could not be read', requestId: id, integrationId: integration.id, ...dead });
      inBackground('an answer is kept', this.inbox.conclude(id, dead));
      const problem = unnamed(dead.status);
      this.tell({ ...NOTHING_KNOWN, accountId: integration.accountId, requestId: id, problem }, began);
      return this.answer('none', problem, id, began);
    }
    const { deprecation } = decoded.value;
    this.metrics.versionEnds(deprecation);
    if (deprecation !== null) this.logger.warn({ msg: 'version 1 of the events is deprecated', deprecation });
    if (!event) return finish('unknown', { problem: null, isFinal: true });
    return finish(event.type, await this.deliveries.carry({ integration, registration }, id, event, deadline));
  }

  /** What its sender says is read without the token that comes back in it, so that this goes nowhere. */
  private async arrive(delivered: Delivered, deadline: number): Promise<Arrival | Stranger> {
    const { hookId, token, encoding, body: bytes } = delivered;
    const integrationId: IntegrationId = withoutCell(hookId);
    const text = textOf(bytes, encoding, this.settings.bodyMaxBytes);
    const body = text.ok ? redact(text.value, token) : null;
    const decoded = text.ok
      ? decodeDelivery(body ?? text.value)
      : err({ why: text.error, detail: encoding.slice(0, 64) });
    const event = decoded.ok ? decoded.value.event : null;
    const said = {
      ...{
        integrationId: idIn(integrationId),
        body,
        bytes: bytes.byteLength,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      },
      ...{ type: event?.type ?? null, strategyId: event && strategyIdOf(event) },
      sentAt: event && instantFromMs(event.timestamp),
    };
    const tokenHash = hashOf(token);
    const registration = fingerprintOf(tokenHash);
    /** Null where a sender of that version is none any more. */
    const keptFor = async (integration: Integration, version: string | null): Promise<Arrival | null> => {
      const id = event ? deliveryIdOf(integration.id, event, registration) : newId();
      const received = { ...said, id, accountId: integration.accountId, tokenHash: null, registration };
      const before = await inTime(this.keep(received, version), deadline);
      if (before === 'changed') return null;
      const isRepeated = before !== null && before.status !== 429;
      return { id, integration, registration, decoded, isRepeated, isOnDisk: version === null };
    };
    const known = event && isSignal(event) ? this.integrations.remembered(integrationId, tokenHash) : null;
    const arrival = known && (await keptFor(known.integration, known.version));
    if (arrival) return arrival;
    let integration: Integration | null;
    let cell: string | null = null;
    try {
      integration = await inTime(this.integrations.authenticate(integrationId, tokenHash), deadline);
      if (!integration) cell = await inTime(this.integrations.elsewhere(integrationId, tokenHash), deadline);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      this.logger.error({ err: error, integrationId: idIn(integrationId), msg: 'nobody knows who sends' });
      return this.unverified({ ...said, id: newId(), accountId: null, tokenHash, registration });
    }
    // Its trader has moved, or it never was of this cell: its sender is known, and told where it is.
    if (cell !== null) return { id: newId(), problem: misdirected, cell };
    const isForeign = [hookId, token].some((each) => isOfAnother(this.cell.cell, each));
    if (!integration && isForeign) return this.misdirected(delivered);
    if (!integration) return this.refused(delivered, { ...said, id: newId(), accountId: null });

    return present(await keptFor(integration, null), 'who was asked for a moment ago has no version to be of');
  }

  private async keep(received: Received, version: string | null): ReturnType<SignalInbox['putOf']> {
    try {
      return await (version === null ? this.inbox.put(received) : this.inbox.putOf(version, received));
    } catch (cause) {
      throw new StoreUnavailable('a delivery cannot be kept', { cause });
    }
  }

  /** The verdict is on disk, and with it what was delivered; a sender who waits no longer hears of it without. */
  private async onDisk(concluded: Promise<void>, { isFinal }: Carried): Promise<void> {
    try {
      await withTimeout(concluded, VERDICT_MS, () => {
        throw new StoreUnavailable('a verdict was not kept in time');
      });
    } catch (cause) {
      if (isFinal) throw new StoreUnavailable('a verdict cannot be kept', { cause });
      this.logger.error({ err: cause, msg: 'a verdict cannot be kept' });
    }
  }

  /** It is kept with its token's hash, to be verified and carried out when that is possible. */
  private async unverified(received: Received): Promise<Stranger> {
    if (this.strangers.take('', performance.now())) await this.keep(received, null);
    return { id: received.id, problem: unnamed(503) };
  }

  /** Nothing of another cell's is kept here; its senders are told so now and then. */
  private misdirected({ address }: Delivered): Stranger {
    return { id: newId(), problem: this.refusals.take(address, performance.now()) ? misdirected : unnamed(429) };
  }

  /** Of those who are not known some are kept, for whoever asks why, and nothing of what they say. */
  private refused({ address, hookId }: Delivered, received: Omit<Received, 'tokenHash' | 'registration'>): Stranger {
    const { id } = received;
    const now = performance.now();
    const isSeldom = this.refusals.take(`${address} ${withoutCell(hookId)}`, now);
    const problem = isSeldom ? invalidCredentials : unnamed(429);
    if (isSeldom && this.strangers.take('', now)) {
      const kept = this.inbox.put({ ...received, tokenHash: null, registration: null, body: null });
      const verdict = conclusionOf({ problem, isFinal: true }, `from ${address}`);
      const concluded = kept.then(() => this.inbox.conclude(id, verdict));
      inBackground('a refusal is kept', concluded);
    }
    return { id, problem };
  }

  /** One line of the log for each request, also for one that is turned away before anybody knows what it wants. */
  private tell({ problem, ...request }: Told, began: number): void {
    this.access.answered({ ...request, ...problemOutcome(problem), ms: performance.now() - began });
  }

  private answer(type: string, problem: Problem | null, requestId: string, began: number): Response {
    const said = problem ? wordOf(problem) : 'handled';
    this.metrics.answered(type, said, (performance.now() - began) / 1_000);
    return problem ? encodeProblem(problem, requestId) : handled;
  }
}

type Told = Pick<AnsweredRequest, 'request' | 'accountId' | 'requestId' | 'correlationId'> & {
  readonly problem: Problem | null;
};

const inTime = <Value>(work: Promise<Value>, deadline: number): Promise<Value> =>
  withTimeout(work, Math.max(0, deadline - performance.now()), () => {
    throw new StoreUnavailable('the store did not answer in time');
  });

/** The log was written after the delivery was kept, and says what became of it. */
const isInLog = ({ problem, isFinal }: Carried): boolean => problem === null && isFinal;

/** What stands in a path where an id should may be anything, a token among it: it is neither kept nor logged. */
const idIn = (path: string): string => (Uuid.safeParse(path).success ? path : 'no id');
