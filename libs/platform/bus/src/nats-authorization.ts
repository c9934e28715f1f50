// What each login may say and hear on NATS. Nobody may say more, whatever it sends.
import type { CommandType } from '@core/contracts/command';
import { commandSubjects, jetStreams, subjects } from '@core/contracts/subjects';
import { LOGINS, type LoginName } from '@core/service/logins';

interface Permissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

const CONNECTORS: readonly LoginName[] = ['xapi-connector', 'paper-connector'];

const CONNECTOR: readonly CommandType[] = ['DispatchRequest', 'CheckDispatch', 'HaltTrading', 'SetCloseOnly'];

const QUARANTINE: readonly CommandType[] = ['SkipMessage', 'ReleaseMessage', 'ReplaceMessage'];

const MOVES: readonly CommandType[] = [
  ...(['BeginMove', 'DepartAccount', 'TakeBackMove', 'ExpectArrival', 'ImportEvents', 'ArriveAccount'] as const),
];

/** Commands that a login may give. */
const COMMANDS: Readonly<Record<LoginName, readonly CommandType[]>> = {
  ledger: [],
  'xapi-connector': CONNECTOR,
  'paper-connector': CONNECTOR,
  'market-data': [],
  'tv-gateway': [
    'CheckRequest',
    'PlaceOrder',
    'Amend',
    'CancelOrder',
    'ClosePosition',
    'ReversePosition',
    'RecordRefusal',
  ],
  'proquant-webhook': [
    'RecordIntegration',
    'RecordStrategy',
    'ReceiveSignal',
    'ContinueSignal',
    'SettleSignal',
    'ClosePosition',
  ],
  'ws-session': ['PlaceOrder', 'Amend', 'CancelOrder', 'ClosePosition', 'RecordRefusal'],
  console: [
    ...(['HaltTrading', 'ResumeTrading', 'SetCloseOnly', 'ResolveRequest', ...QUARANTINE, 'RecordAct'] as const),
    ...(['RegisterAccount', 'SetLimit', 'SetShadow', 'SetIntegrationPolicy'] as const),
  ],
  operator: [
    'RegisterAccount',
    'HaltTrading',
    'ResumeTrading',
    'SetCloseOnly',
    'SetLimit',
    'SetDuplicateGuard',
    'SetShadow',
    ...QUARANTINE,
    'RecordAct',
    'ResolveRequest',
    'ResumeSignal',
    'DismissSignal',
    'SetIntegrationPolicy',
    ...MOVES,
  ],
};

/** Questions about a market, to whoever speaks for its venue. */
const MARKET_QUESTIONS = [subjects.marketSnapshot('*'), subjects.candles('*'), subjects.hours('*')];
const MARKET_NEWS = [subjects.quotes('*'), subjects.instruments('*')];
const REGISTRY_NEWS = [subjects.registryChanged, subjects.keyRevoked];
const ANY_INTAKE = jetStreams.intake.subjects;

const INBOX = '_INBOX';

/** Where a login's answers come: nobody else may listen there. */
export const inboxOf = (login: string): string => `${INBOX}.${login}`;

export const isInbox = (subject: string | undefined): subject is string => subject?.startsWith(`${INBOX}.`) ?? false;

/**
 * The name under which a connector logs in to where it keeps its leases: an account of its own, whose subjects nobody
 * else shares. JetStream delivers what a stream holds wherever its user says, whatever that user may publish.
 */
export const leasesLoginOf = (login: string): string => `${login}-leases`;

function natsPermissions(login: LoginName): Permissions {
  const commands = COMMANDS[login].map((type) => commandSubjects[type]);
  const { publish, subscribe } = roleOf(login);
  return { publish: [...commands, ...publish], subscribe: [...subscribe, `${inboxOf(login)}.>`] };
}

function roleOf(login: LoginName): Permissions {
  switch (login) {
    case 'ledger':
      return {
        publish: [subjects.feed, subjects.marketSnapshot('*'), `${INBOX}.>`, ...readingOf(jetStreams.intake.name)],
        subscribe: [
          ...Object.values(commandSubjects),
          subjects.ledgerReady,
          ...MARKET_NEWS,
          subjects.marketAnswer('*'),
        ],
      };
    case 'xapi-connector':
    case 'paper-connector':
      return {
        publish: [
          ...[...ANY_INTAKE, ...MARKET_NEWS, ...MARKET_QUESTIONS],
          ...[subjects.marketAnswer('*'), subjects.brokerAnswer('*')],
        ],
        subscribe: [
          ...[subjects.feed, ...REGISTRY_NEWS, ...MARKET_NEWS, ...MARKET_QUESTIONS],
          ...[subjects.marketAnswer('*'), subjects.connection('*'), subjects.brokerLook('*')],
        ],
      };
    case 'market-data':
      return {
        publish: [subjects.ticks('*'), ...MARKET_QUESTIONS],
        subscribe: [subjects.registryChanged, ...MARKET_NEWS, subjects.marketAnswer('*')],
      };
    case 'tv-gateway':
      return {
        publish: [...MARKET_QUESTIONS, subjects.connection('*'), subjects.ledgerReady],
        subscribe: [subjects.feed, ...REGISTRY_NEWS, ...MARKET_NEWS, subjects.ticks('*'), subjects.marketAnswer('*')],
      };
    case 'proquant-webhook':
      return {
        publish: [...MARKET_QUESTIONS, subjects.ledgerReady],
        subscribe: [
          subjects.feed,
          ...REGISTRY_NEWS,
          ...MARKET_NEWS,
          subjects.marketAnswer('*'),
          subjects.replayDelivery,
        ],
      };
    case 'ws-session':
      return {
        publish: [...MARKET_QUESTIONS, subjects.ledgerReady],
        subscribe: [subjects.feed, ...REGISTRY_NEWS, ...MARKET_NEWS, subjects.marketAnswer('*')],
      };
    case 'console':
      return {
        publish: [...MARKET_QUESTIONS, subjects.ledgerReady, subjects.brokerLook('*'), ...REGISTRY_NEWS],
        subscribe: [subjects.feed, subjects.marketAnswer('*'), subjects.brokerAnswer('*')],
      };
    case 'operator':
      return {
        publish: [
          ...[...REGISTRY_NEWS, ...MARKET_QUESTIONS, subjects.ledgerReady, subjects.replayDelivery],
          subjects.brokerLook('*'),
        ],
        subscribe: [subjects.feed, ...MARKET_NEWS, subjects.marketAnswer('*'), subjects.brokerAnswer('*')],
      };
  }
}

/** What a stream's only reader asks JetStream: it makes the stream and keeps it as it is to be, and deletes nothing. */
const readingOf = (stream: string): readonly string[] => [
  '$JS.API.INFO',
  ...['INFO', 'CREATE', 'UPDATE', 'MSG.GET'].map((verb) => `$JS.API.STREAM.${verb}.${stream}`),
  `$JS.API.CONSUMER.*.${stream}`,
  `$JS.API.CONSUMER.*.${stream}.>`,
  `$JS.API.CONSUMER.MSG.NEXT.${stream}.>`,
];

/** Leases are small: a connector that keeps more in its account takes no room from the intake. */
const LEASES_BYTES_MAX = 128 * 1024 * 1024;

/**
 * The part of a server's configuration that says who may log in; `passwordOf` spells a password as the file does.
 * Nobody may answer wherever a question says (`allow_responses`): whoever asks himself would write any subject so.
 * Where not all `logins` are named, the others cannot come in.
 */
export function natsAuthorization(
  passwordOf: (login: LoginName) => string,
  owner: string | null = null,
  logins: readonly LoginName[] = LOGINS,
): string {
  const everything = owner === null ? [] : [`      { user: owner, password: ${owner} }`];
  const core = accountOf('CORE', 'enabled', [
    ...everything,
    ...logins.map((login) => userOf(login, passwordOf(login))),
  ]);
  const leases = CONNECTORS.filter((login) => logins.includes(login)).map((login) =>
    accountOf(leasesLoginOf(login), `{ max_memory: ${LEASES_BYTES_MAX}, max_file: ${LEASES_BYTES_MAX} }`, [
      `      { user: ${leasesLoginOf(login)}, password: ${passwordOf(login)} }`,
    ]),
  );
  return `accounts {\n${[core, ...leases].join('\n')}\n}\n`;
}

const accountOf = (name: string, jetStream: string, users: readonly string[]): string =>
  `  ${name} {\n    jetstream: ${jetStream}\n    users: [\n${users.join('\n')}\n    ]\n  }`;

function userOf(login: LoginName, password: string): string {
  const { publish, subscribe } = natsPermissions(login);
  return [
    `      {`,
    `        user: ${login}, password: ${password}`,
    `        permissions {`,
    `          publish: { allow: ${JSON.stringify(publish)} }`,
    `          subscribe: { allow: ${JSON.stringify(subscribe)} }`,
    `        }`,
    `      }`,
  ].join('\n');
}
