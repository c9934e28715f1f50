import { CommandClient, LedgerUnavailable } from '@core/bus/command-client';
import type { IntegrationId } from '@core/contracts/primitives';
import { TokenBuckets } from '@core/kernel/token-bucket';
import { deliveryIdOf } from '@core/proquant/delivery-id';
import { asksForNothing, decodeDelivery, type ProquantEvent, type Unreadable } from '@core/proquant/event';
import { invalidCredentials, problemOfRefusal, quantityTooLow, unnamed, type Problem } from '@core/proquant/problem';
import { redact } from '@core/proquant/redact';
import { encodeProblem, handled, type Response } from '@core/proquant/response';
import { isSignal, takesRiskAway, translateLifecycle, translateSignal } from '@core/proquant/translate';
import type { Integration } from '@core/registry/entities';
import { newId } from '@core/service/clock';
import { withTimeout } from '@core/service/with-timeout';
import { Injectable, Logger } from '@nestjs/common';
import { HookSettings } from '../config.ts';
import { WebhookMetrics } from '../metrics.ts';
import { Orphans } from '../signals/orphans.ts';
import { Integrations, StoreUnavailable } from '../integrations.ts';
import { SignalService, type SignalAnswer } from '../signals/signal-service.ts';

export interface Delivered {
  readonly integrationId: IntegrationId;
  readonly token: string;
  readonly address: string;
  readonly body: string;
}

/** Takes one request in: who sends it, what it says, what comes of it. */
@Injectable()
export class Reception {
  private readonly logger = new Logger(Reception.name);
  private readonly requests: TokenBuckets;
  private readonly refusals: TokenBuckets;

  constructor(
    private readonly integrations: Integrations,
    private readonly commands: CommandClient,
    private readonly signals: SignalService,
    private readonly orphans: Orphans,
    private readonly metrics: WebhookMetrics,
    private readonly settings: HookSettings,
  ) {
    this.requests = new TokenBuckets(settings.requestsPerSecond, settings.requestsBurst);
    this.refusals = new TokenBuckets(settings.refusalsPerMinute / 60, settings.refusalsPerMinute);
  }

  async receive({ integrationId, token, address, body }: Delivered): Promise<Response> {
    const began = performance.now();
    const requestId = newId();
    const integration = await withTimeout(
      this.integrations.authenticate(integrationId, token),
      this.settings.deadlineMs,
      () => {
        throw new StoreUnavailable('integrations were not looked up in time');
      },
    );
    if (!integration) {
      const isSeldom = this.refusals.take(`${address} ${integrationId}`, began);
      return this.answer('none', isSeldom ? invalidCredentials : unnamed(429), requestId, began);
    }

    const decoded = decodeDelivery(body);
    const event = decoded.ok ? decoded.value.event : null;
    const deliveryId = event && deliveryIdOf(integration.id, event);
    const isExempt = event && deliveryId && (takesRiskAway(event) || this.signals.knows(integration, deliveryId));
    if (!isExempt && !this.requests.take(integration.id, began))
      return this.answer('none', unnamed(429), requestId, began);

    if (!decoded.ok) return this.answer('none', this.deadLetter(integration, decoded.error, body), requestId, began);
    const { deprecation } = decoded.value;
    if (deprecation !== null) {
      this.metrics.deprecated();
      this.logger.warn({ msg: 'version 1 of the events is deprecated', deprecation });
    }
    if (!event || !deliveryId) return this.answer('unknown', null, requestId, began);
    return this.answer(event.type, await this.handle(integration, deliveryId, event), deliveryId, began);
  }

  private async handle(integration: Integration, deliveryId: string, event: ProquantEvent): Promise<SignalAnswer> {
    if (isSignal(event)) {
      if (asksForNothing(event)) return quantityTooLow;
      return this.signals.take(translateSignal(integration.id, deliveryId, event), integration);
    }
    const wish = translateLifecycle(integration.id, event);
    const asking = { id: deliveryId, correlation: deliveryId, timeoutMs: this.settings.deadlineMs };
    try {
      const answer = await this.commands.ask(integration.accountId, wish, asking);
      if (!answer.ok) return problemOfRefusal(answer.refusal.reason);
      this.orphans.look(integration, wish);
      return null;
    } catch (error) {
      if (error instanceof LedgerUnavailable) return unnamed(503);
      throw error;
    }
  }

  /** Authenticated and not understood: an operator should see it, without what it says of our registration. */
  private deadLetter({ id }: Integration, { why, detail }: Unreadable, body: string): Problem {
    this.metrics.deadLetter(why);
    this.logger.error({ msg: 'a delivery could not be read', integrationId: id, why, detail, ...redact(body) });
    return unnamed(why === 'malformed' ? 400 : 422);
  }

  private answer(type: string, problem: SignalAnswer, requestId: string, began: number): Response {
    const said = problem ? (problem.type ?? String(problem.status)) : 'handled';
    this.metrics.answered(type, said, (performance.now() - began) / 1_000);
    return problem ? encodeProblem(problem, requestId) : handled;
  }
}
