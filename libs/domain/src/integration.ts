import type { Recorded } from '@core/contracts/event';
import type { Signal } from '@core/contracts/events/signal';
import { hearConsent, lastWord, withdrawnAt, type Consents } from '@core/contracts/integration-consent';
import { unreachable } from '@core/kernel/unreachable';
import { nothing, record, type Decide } from './decision.ts';
import { isOutdated, orderedAt } from './sender-clock.ts';

/** The user took consent back. Signals to close that were sent before that still count: they only reduce what is open. */
export function isWithdrawn(
  consents: Consents,
  { integrationId, kind, sentAt }: Pick<Signal, 'integrationId' | 'kind' | 'sentAt'>,
): boolean {
  const withdrawn = withdrawnAt(consents, integrationId);
  return withdrawn !== null && (kind !== 'close' || sentAt > withdrawn);
}

type Known = { readonly consents: Consents };

/** What was said before the last word about the same registration comes too late, and changes nothing. */
export const recordIntegration: Decide<'RecordIntegration', Known> = ({ consents }, { data }, { now }) => {
  const { what, ...said } = data;
  const known = lastWord(consents[said.integrationId] ?? {}, said);
  const isSame = known?.status === what;
  if (said.sentAt === undefined ? isSame : known && isOutdated(said.sentAt, now, { at: known.since, isSame }))
    return nothing;
  switch (what) {
    case 'approved':
      return record({ type: 'IntegrationApproved', data: said });
    case 'rejected':
      return record({ type: 'IntegrationRejected', data: said });
    case 'deleted':
      return record({ type: 'IntegrationDeleted', data: said });
    default:
      return unreachable(what);
  }
};

export type IntegrationEvent = Recorded<'IntegrationApproved' | 'IntegrationRejected' | 'IntegrationDeleted'>;

export function evolveConsents(consents: Consents, { type, data, time, recordedtime }: IntegrationEvent): void {
  const since = data.sentAt === undefined ? time : orderedAt(data.sentAt, recordedtime);
  switch (type) {
    case 'IntegrationApproved':
      return hearConsent(consents, data, { status: 'approved', since });
    case 'IntegrationRejected':
      return hearConsent(consents, data, { status: 'rejected', since });
    case 'IntegrationDeleted':
      return hearConsent(consents, data, { status: 'deleted', since });
    default:
      return unreachable(type);
  }
}
