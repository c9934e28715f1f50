import type { Recorded } from '@core/contracts/event';
import type { Signal } from '@core/contracts/events/signal';
import type { Instant, IntegrationId } from '@core/contracts/primitives';
import { unreachable } from '@core/kernel/unreachable';
import { nothing, record, type Decide } from './decision.ts';

/** What the user of each integration last said about it, and when. */
export type Consents = Record<IntegrationId, { status: 'approved' | 'rejected' | 'deleted'; since: Instant }>;

/**
 * The user took consent back. Signals to close that were sent before that still count: they only reduce what is open.
 * Without any word about the integration its signals are taken, for such words can be lost.
 */
export function isWithdrawn(
  integrations: Consents,
  { integrationId, kind, sentAt }: Pick<Signal, 'integrationId' | 'kind' | 'sentAt'>,
): boolean {
  const integration = integrations[integrationId];
  if (integration === undefined || integration.status === 'approved') return false;
  return kind !== 'close' || sentAt > integration.since;
}

type Known = { readonly integrations: Consents };

export const recordIntegration: Decide<'RecordIntegration', Known> = ({ integrations }, { data }) => {
  const { integrationId, what } = data;
  if (integrations[integrationId]?.status === what) return nothing;
  switch (what) {
    case 'approved':
      return record({ type: 'IntegrationApproved', data: { integrationId } });
    case 'rejected':
      return record({ type: 'IntegrationRejected', data: { integrationId } });
    case 'deleted':
      return record({ type: 'IntegrationDeleted', data: { integrationId } });
    default:
      return unreachable(what);
  }
};

export type IntegrationEvent = Recorded<'IntegrationApproved' | 'IntegrationRejected' | 'IntegrationDeleted'>;

export function evolveIntegrations(integrations: Consents, event: IntegrationEvent): void {
  switch (event.type) {
    case 'IntegrationApproved':
      integrations[event.data.integrationId] = { status: 'approved', since: event.time };
      return;
    case 'IntegrationRejected':
      integrations[event.data.integrationId] = { status: 'rejected', since: event.time };
      return;
    case 'IntegrationDeleted':
      integrations[event.data.integrationId] = { status: 'deleted', since: event.time };
      return;
    default:
      unreachable(event);
  }
}
