import { consentTo, type ConsentStatus, type KnownConsents } from '@core/contracts/integration-consent';
import type { IntegrationId } from '@core/contracts/primitives';
import type { EventLog } from '@core/event-log/event-log';
import { stateAt } from '@core/projection-runner/state-at';
import { accountStrategies } from '@core/projections/strategies';
import type { Integration } from '@core/registry/entities';
import {
  isExpired,
  REQUEST_DAYS,
  type IntegrationRequest,
  type IntegrationRequestState,
} from '@core/registry/integration-request';
import type { Registry } from '@core/registry/registry';
import { fingerprintOf } from '@core/registry/tokens';

/** What ProQuant was asked, as it stands: what its user said is in the log, and what nobody ever answered has expired. */
export type QuestionNow = Omit<IntegrationRequest, 'state'> & {
  readonly state: IntegrationRequestState | ConsentStatus | 'expired';
};

/** Every time that ProQuant was asked for an integration, the oldest first. */
export function questionsAbout(
  integrationId: IntegrationId,
  asked: readonly IntegrationRequest[],
  { consents, nowMs }: { readonly consents: KnownConsents; readonly nowMs: number },
): readonly QuestionNow[] {
  return asked
    .filter((each) => each.integrationId === integrationId)
    .map((each) => {
      const consent = consentTo(consents, integrationId, fingerprintOf(each.tokenHash));
      const state = isExpired(each, { nowMs, isAnswered: consent !== undefined }) ? 'expired' : each.state;
      return { ...each, state: consent?.status ?? state };
    });
}

/** The same, of the log as it is now. */
export async function questionsOf(
  { integrationRequests }: Registry,
  log: EventLog,
  { id, accountId }: Integration,
): Promise<readonly QuestionNow[]> {
  const { consents } = await stateAt(log, accountStrategies, accountId);
  return questionsAbout(id, await integrationRequests.all(), { consents, nowMs: Date.now() });
}

export const publicQuestion = ({ tokenHash: _hash, ...rest }: QuestionNow): Omit<QuestionNow, 'tokenHash'> => rest;

/** What became of a question, and what to do about it. */
export function questionInWords({ state, userEmail, attempts, detail }: QuestionNow): string {
  const tried = attempts > 1 ? `, after ${attempts} attempts` : '';
  switch (state) {
    case 'asking':
      return `${userEmail} is being asked, or whoever asked ended before there was an answer`;
    case 'requested':
      return `${userEmail} is asked in ProQuant’s app${tried}`;
    case 'approved':
      return `${userEmail} approved it`;
    case 'rejected':
      return `${userEmail} turned it down: ask again once they want it`;
    case 'deleted':
      return `${userEmail} deleted it in ProQuant’s app: ask again once they want it`;
    case 'expired':
      return `${userEmail} was asked and said nothing for ${REQUEST_DAYS} days: the request has expired, ask again`;
    case 'refused':
      return `ProQuant refused to ask ${userEmail}: ${detail}`;
    case 'unreachable':
      return `ProQuant did not take the request for ${userEmail}${tried}: ${detail}; ask again later`;
    case 'unknown':
      return `nobody knows whether ${userEmail} is asked: ${detail}; to ask again is safe, they may see it twice`;
  }
}
