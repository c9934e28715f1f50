import { isSpokenOf } from '@core/contracts/integration-consent';
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

/** What ProQuant was asked, as it stands: what its user says is in the log, and what nobody ever answered has expired. */
export type QuestionNow = Omit<IntegrationRequest, 'state'> & { readonly state: IntegrationRequestState | 'expired' };

/** Every time that ProQuant was asked for an integration, the oldest first. */
export async function questionsOf(
  { integrationRequests }: Registry,
  log: EventLog,
  { id, accountId }: Integration,
): Promise<readonly QuestionNow[]> {
  const { consents } = await stateAt(log, accountStrategies, accountId);
  const now = { nowMs: Date.now() };
  return (await integrationRequests.all())
    .filter(({ integrationId }) => integrationId === id)
    .map((each) => {
      const isAnswered = isSpokenOf(consents, id, fingerprintOf(each.tokenHash));
      return { ...each, state: isExpired(each, { ...now, isAnswered }) ? 'expired' : each.state };
    });
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
