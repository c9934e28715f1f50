import type { Uuid } from '@core/contracts/primitives';
import { decodeDelivery, type Unreadable } from '@core/proquant/event';
import { deliveryIdOf } from '@core/proquant/delivery-id';
import { invalidCredentials } from '@core/proquant/problem';
import type { Integration } from '@core/registry/entities';
import { SignalInbox, type PendingDelivery, type DeliveryConclusion } from '@core/signal-inbox/signal-inbox';
import { inBackground } from '@core/service/in-background';
import { KeptDays } from '@core/service/kept-days';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Registry } from 'prom-client';
import { HookSettings, InboxSettings, SignalSettings } from '../config.ts';
import { Integrations } from '../integrations.ts';
import { DeliveryService, conclusionOf } from './delivery-service.ts';

const HOUR_MS = 3_600_000;
const DONE: DeliveryConclusion = { state: 'done', status: 200, verdict: 'handled', detail: null };

/**
 * Takes on what nobody sees to any more: deliveries of a process that ended, those whose outcome was not known in time,
 * and those that an operator asks to replay. In the order of their arrival, before anything new is listened to.
 */
@Injectable()
export class Leftovers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timers: NodeJS.Timeout[] = [];
  private looking: Promise<void> | null = null;
  private readonly kept: KeptDays;

  constructor(
    private readonly inbox: SignalInbox,
    private readonly integrations: Integrations,
    private readonly deliveries: DeliveryService,
    private readonly hooks: HookSettings,
    private readonly signals: SignalSettings,
    private readonly settings: InboxSettings,
    @Inject(Registry) registry: Registry,
  ) {
    this.kept = new KeptDays(registry, { deliveries: settings.days });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.takeOn('all');
    const forget = (): void => inBackground('old deliveries are forgotten', this.forget());
    this.timers = [setInterval(() => this.look(), this.signals.lookMs), setInterval(forget, HOUR_MS)];
    forget();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.timers.forEach((timer) => clearInterval(timer));
    await this.looking;
  }

  private async forget(): Promise<void> {
    await this.inbox.forget(this.settings.days);
    this.kept.cleared();
  }

  async replay(id: Uuid): Promise<void> {
    if (await this.inbox.reopen(id)) this.look();
  }

  private look(): void {
    if (this.looking) return;
    const looking = this.takeOn('due');
    inBackground('deliveries without an outcome are looked at', looking);
    this.looking = looking.catch(() => undefined).finally(() => (this.looking = null));
  }

  /** Resolves when all have been begun. */
  private async takeOn(which: 'due' | 'all'): Promise<void> {
    const pending = await this.inbox.claim(which);
    const known = await Promise.allSettled(pending.map((each) => this.integrationOf(each)));
    pending.forEach((each, index) => {
      const integration = known[index];
      // Who could not be asked is asked again when the delivery is due again.
      if (integration?.status === 'fulfilled')
        inBackground('a delivery is carried on', this.carryOn(each, integration.value));
    });
  }

  private integrationOf({ integrationId, tokenHash }: PendingDelivery): Promise<Integration | null> {
    return tokenHash === null
      ? this.integrations.find(integrationId)
      : this.integrations.authenticate(integrationId, tokenHash);
  }

  private async carryOn({ id, registration, body }: PendingDelivery, integration: Integration | null): Promise<void> {
    const decoded = decodeDelivery(body);
    if (!integration) return this.inbox.conclude(id, conclusionOf({ problem: invalidCredentials, isFinal: true }));
    if (!decoded.ok) return this.inbox.conclude(id, deadOf(decoded.error));
    const { event } = decoded.value;
    if (!event) return this.inbox.conclude(id, DONE);
    const deadline = performance.now() + this.hooks.deadlineMs;
    const said = deliveryIdOf(integration.id, event, registration);
    const carried = await this.deliveries.carry({ integration, registration }, said, event, deadline);
    await this.inbox.conclude(id, conclusionOf(carried));
  }
}

/** What nobody can read. */
export const deadOf = ({ why, detail }: Unreadable): DeliveryConclusion => ({
  ...{ state: 'dead', status: STATUS[why], verdict: String(STATUS[why]) },
  detail: detail === '' ? why : `${why}: ${detail}`,
});

const STATUS: Readonly<Record<Unreadable['why'], number>> = {
  malformed: 400,
  'too-large': 413,
  'unknown-encoding': 415,
  'version-missing': 422,
};
