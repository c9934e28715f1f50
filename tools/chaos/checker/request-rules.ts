import type { AccountId, RequestId } from '@core/contracts/primitives';
import { openRequests } from '@core/projections/requests';
import { accountPositions } from '@core/projections/positions';
import { fold } from '@core/kernel/projection';
import { grouped } from './grouped.ts';
import type { RunRecord } from './run-record.ts';
import type { Violation } from './violation.ts';

/** No request reaches the broker twice, and none that was not claimed before. */
export function sentOnce({ log, broker }: RunRecord): Violation[] {
  const claims = new Map<RequestId, number>();
  const wrong: Violation[] = [];
  for (const event of log) {
    if (event.type !== 'RequestDispatched') continue;
    const { requestId } = event.data;
    const before = claims.get(requestId);
    if (before !== undefined)
      wrong.push({
        rule: 'sent-once',
        position: event.position,
        what: `${requestId} was claimed at ${before} already`,
      });
    claims.set(requestId, before ?? event.position);
  }
  const sent = new Map<RequestId, string>();
  for (const { requestId, place } of broker.sent) {
    if (requestId === null) continue;
    const position = claims.get(requestId) ?? null;
    const before = sent.get(requestId);
    sent.set(requestId, before ?? place);
    if (before !== undefined)
      wrong.push({ rule: 'sent-once', position, what: `${requestId} reached the broker at ${before} and at ${place}` });
    else if (position === null)
      wrong.push({ rule: 'sent-once', position, what: `${requestId} reached the broker at ${place} without a claim` });
  }
  return wrong;
}

/** Every request has come to an outcome. */
export function outcome({ log }: RunRecord): Violation[] {
  return accountsOf(log).flatMap(([account, events]) =>
    Object.values(fold(openRequests, events)).map(({ id, status, requested }): Violation => ({
      rule: 'outcome',
      position: requested.position,
      what: `request ${id} of ${account} is still ${status}`,
    })),
  );
}

/** What the log says is open is what the broker holds. */
export function brokerAgrees({ log, broker }: RunRecord): Violation[] {
  const accounts = new Map(accountsOf(log));
  return broker.open.flatMap(({ account, brokerPositions }): Violation[] => {
    const { positions } = fold(accountPositions, accounts.get(account) ?? []);
    const open = Object.values(positions).filter(({ status }) => status === 'open');
    const ours = new Set(open.map(({ brokerPosition }) => brokerPosition));
    const theirs = new Set(brokerPositions);
    const say = (what: string): Violation => ({ rule: 'broker-agrees', position: null, what });
    return [
      ...[...theirs]
        .filter((each) => !ours.has(each))
        .map((each) => say(`the broker holds ${each} of ${account}, the log does not`)),
      ...[...ours]
        .filter((each) => !theirs.has(each))
        .map((each) => say(`the log holds ${each} of ${account}, the broker does not`)),
    ];
  });
}

const accountsOf = (log: RunRecord['log']): [AccountId, RunRecord['log']][] => [
  ...grouped(log, ({ subject }) => subject),
];
