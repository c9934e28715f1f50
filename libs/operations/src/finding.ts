import type { AccountId, Instant } from '@core/contracts/primitives';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { processName } from '@core/kernel/process-name';
import { shellWord } from '@core/kernel/shell-word';
import type { AccountState } from '@core/projections/account';
import type { OpenRequest, OpenRequests } from '@core/projections/requests';
import type { AccountStrategies } from '@core/projections/strategies';
import type { DeadDeliveries } from '@core/signal-inbox/delivery-log';
import { readinessOf, type ServiceReadiness } from './service-readiness.ts';
import type { ServiceStanding } from './service-standing.ts';
import { stepsOfHalfDone } from './what-next.ts';

/** What may need a person; each has its section in docs/runbook.md. */
export const ALERT_KINDS = [
  'service',
  'session',
  'unknown-outcome',
  'quarantine',
  'drift',
  'halt',
  'half-done',
  'dead-delivery',
] as const;

/** Something that needs a person. */
export interface Alert {
  readonly kind: (typeof ALERT_KINDS)[number];
  readonly text: string;
  /** Since when, where that is known. */
  readonly since: Instant | null;
  /** Whose it is; null for what is everyone's. */
  readonly account: AccountId | null;
  /** What an operator asks or says next: any one of these. */
  readonly next: readonly string[];
}

/** An account as the registry has it, and how it stands. */
export interface WatchedAccount {
  readonly id: AccountId;
  readonly name: string;
  readonly venue: string;
  readonly brokerLogin: string;
  readonly mode: 'demo' | 'live';
  readonly enabled: boolean;
  readonly state: Pick<
    AccountState,
    'session' | 'reconciliation' | 'trading' | 'quarantined' | 'money' | 'terms' | 'equity'
  >;
  readonly requests: OpenRequests;
  readonly signals: AccountStrategies['signals'];
}

/** For how long a delivery that nobody could read is news: after that `ops signals dead` still has it. */
export const DEAD_DELIVERY_HOURS = 24;

export interface SystemSight {
  readonly services: readonly ServiceStanding[];
  readonly accounts: readonly WatchedAccount[];
  /** Of the whole installation. */
  readonly everyone: Pick<AccountState, 'trading' | 'quarantined'>;
  /** Of the last `DEAD_DELIVERY_HOURS`; null is none. */
  readonly deadDeliveries: DeadDeliveries | null;
}

/** The first thing an operator reads. */
export const summaryOf = (findings: readonly Alert[]): string => {
  if (findings.length === 0) return 'All well';
  return findings.length === 1 ? '1 thing needs you' : `${findings.length} things need you`;
};

/** Everything that needs a person, the worst first. */
export const findingsOf = ({ services, accounts, everyone, deadDeliveries }: SystemSight): readonly Alert[] => [
  ...readinessOf(services).flatMap(ofService),
  ...haltOf(everyone.trading, null, 'everyone'),
  ...accounts.flatMap(unknownOf),
  ...accounts.flatMap(halfDoneOf),
  ...quarantineOf(everyone.quarantined, SYSTEM_ACCOUNT, 'no account'),
  ...accounts.flatMap(ofAccount),
  ...(deadDeliveries === null ? [] : [ofDead(deadDeliveries)]),
];

/** Of one account's requests, those of which nobody could say what became. */
export const unknownOutcomes = (requests: OpenRequests): readonly OpenRequest[] =>
  Object.values(requests).filter(({ status }) => status === 'unknown');

/** Who stands by for another that is there needs nobody. */
const ofService = ({ processes }: ServiceReadiness): readonly Alert[] =>
  processes
    .filter(
      ({ status }) => status in WRONG && (status !== 'stands-by' || processes.every((each) => each.status === status)),
    )
    .map((process) => ({
      kind: 'service',
      text: `${processName(process)} ${WRONG[process.status]}: ${process.reasons.join('; ')}`,
      since: null,
      account: null,
      next: [process.log === null ? 'npm run ops -- doctor' : `tail -n 20 ${shellWord(process.log)}`],
    }));

const WRONG: Readonly<Partial<Record<ServiceStanding['status'], string>>> = {
  'not-ready': 'is not ready',
  'stands-by': 'waits for another',
  'no-answer': 'does not answer',
};

const REQUESTS: Readonly<Record<OpenRequest['wish']['kind'], string>> = {
  order: 'an order',
  amendment: 'an amendment',
  cancellation: 'a cancellation',
  close: 'a close',
};

const unknownOf = ({ id, name, requests }: WatchedAccount): readonly Alert[] =>
  unknownOutcomes(requests).map((request) => ({
    kind: 'unknown-outcome',
    text: `nobody knows what became of ${REQUESTS[request.wish.kind]} of ${name}`,
    since: (request.doubted ?? request.requested).at,
    account: id,
    next: [`npm run ops -- why ${request.id}`],
  }));

const halfDoneOf = ({ id: account, name, signals }: WatchedAccount): readonly Alert[] =>
  Object.values(signals)
    .filter(({ status }) => status === 'half-done')
    .map(({ id, signal, refusal, settled }) => ({
      kind: 'half-done',
      text: `strategy ${signal.strategyName} of ${name} closed its position and did not open the next: ${refusal?.reason ?? 'no reason was told'}`,
      since: settled?.at ?? null,
      account,
      next: stepsOfHalfDone(id),
    }));

const ofDead = ({ count, oldest }: DeadDeliveries): Alert => ({
  kind: 'dead-delivery',
  text: `${count === 1 ? '1 delivery' : `${count} deliveries`} of ProQuant could not be read`,
  since: oldest,
  account: null,
  next: ['npm run ops -- signals dead'],
});

function ofAccount(account: WatchedAccount): readonly Alert[] {
  const { id, name, enabled, state } = account;
  const { session, reconciliation, trading, quarantined } = state;
  const isLost = enabled && session.status === 'lost';
  const isDrift = reconciliation.last?.outcome === 'drift';
  return [
    ...(isLost
      ? [
          {
            kind: 'session' as const,
            text: `${name} is not connected to its broker: ${session.reason ?? 'no reason was told'}`,
            since: session.since,
            account: id,
            next: [`npm run ops -- state ${id}`],
          },
        ]
      : []),
    ...haltOf(trading, id, name),
    ...quarantineOf(quarantined, id, name),
    ...(isDrift
      ? [
          {
            kind: 'drift' as const,
            text: `${name} differs from its broker`,
            since: reconciliation.lastDrift?.at ?? null,
            account: id,
            next: [`npm run ops -- log show ${reconciliation.lastDrift?.position ?? ''}`.trim()],
          },
        ]
      : []),
  ];
}

const haltOf = ({ halted }: AccountState['trading'], account: AccountId | null, whom: string): readonly Alert[] =>
  halted === null
    ? []
    : [
        {
          kind: 'halt',
          text: `trading is halted for ${whom} by ${halted.operator}: ${halted.note}`,
          since: halted.since,
          account,
          next: [`npm run ops -- trading resume${account === null ? '' : ` --account ${account}`}`],
        },
      ];

function quarantineOf(quarantined: AccountState['quarantined'], account: AccountId, whom: string): readonly Alert[] {
  const messages = Object.values(quarantined);
  const [first] = messages.toSorted((one, two) => (one.at < two.at ? -1 : 1));
  if (first === undefined) return [];
  const many = messages.length === 1 ? '1 message' : `${messages.length} messages`;
  return [
    {
      kind: 'quarantine',
      text: `${many} of ${whom} could not be recorded: ${first.reason}, ${first.detail}`,
      since: first.at,
      account,
      next: ['npm run ops -- quarantine'],
    },
  ];
}
