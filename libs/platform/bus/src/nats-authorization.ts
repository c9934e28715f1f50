// What each login may say and hear on NATS. Nobody may say more, whatever it sends.
import type { CommandType } from '@core/contracts/command';
import { commandSubjects, jetStreams, subjects } from '@core/contracts/subjects';
import { LOGINS, type LoginName } from '@core/service/logins';

interface Permissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  /** Answers whoever asked it, and nobody else. */
  readonly answers: boolean;
}

const CONNECTOR: readonly CommandType[] = ['DispatchRequest', 'HaltTrading', 'SetCloseOnly'];

/** Commands that a login may give. */
const COMMANDS: Readonly<Record<LoginName, readonly CommandType[]>> = {
  ledger: [],
  'xapi-connector': CONNECTOR,
  'paper-connector': CONNECTOR,
  'tv-gateway': ['PlaceOrder', 'Amend', 'CancelOrder', 'ClosePosition'],
  'proquant-webhook': ['RecordIntegration', 'RecordStrategy', 'ReceiveSignal', 'ContinueSignal', 'SettleSignal'],
  'ws-session': [],
  operator: ['RegisterAccount', 'HaltTrading', 'ResumeTrading', 'SetCloseOnly', 'ResolveRequest'],
};

/** Questions about a market, to whoever speaks for its venue. */
const MARKET_QUESTIONS = [subjects.marketSnapshot('*'), subjects.candles('*'), subjects.hours('*')];
const MARKET_NEWS = [subjects.quotes('*'), subjects.instruments('*')];
const REGISTRY_NEWS = [subjects.registryChanged, subjects.keyRevoked];
const ANY_INTAKE = jetStreams.intake.subjects;

const ANY_INBOX = '_INBOX.>';

/** Where a login's answers come: nobody else may listen there. */
export const inboxOf = (login: string): string => `_INBOX.${login}`;

function natsPermissions(login: LoginName): Permissions {
  const commands = COMMANDS[login].map((type) => commandSubjects[type]);
  const { publish, subscribe, answers } = roleOf(login);
  return { publish: [...commands, ...publish], subscribe: [...subscribe, `${inboxOf(login)}.>`], answers };
}

function roleOf(login: LoginName): Permissions {
  switch (login) {
    case 'ledger':
      return {
        publish: [subjects.feed, subjects.marketSnapshot('*'), ANY_INBOX, ...readingOf(jetStreams.intake.name)],
        subscribe: [...Object.values(commandSubjects), subjects.ledgerReady, subjects.instruments('*')],
        // Not tracked: each message of the intake asks for an answer and gets none, and the server would go through all
        // it remembers of them again and again.
        answers: false,
      };
    case 'xapi-connector':
    case 'paper-connector':
      return {
        publish: [
          ...ANY_INTAKE,
          ...MARKET_NEWS,
          ...MARKET_QUESTIONS,
          ...bucketOf(jetStreams.leases(login.replace('-connector', ''))),
        ],
        subscribe: [subjects.feed, ...REGISTRY_NEWS, ...MARKET_NEWS, ...MARKET_QUESTIONS],
        answers: true,
      };
    case 'tv-gateway':
      return {
        publish: [...MARKET_QUESTIONS, subjects.ledgerReady],
        subscribe: [subjects.feed, ...REGISTRY_NEWS, ...MARKET_NEWS, subjects.ticks('*')],
        answers: false,
      };
    case 'proquant-webhook':
    case 'ws-session':
      return {
        publish: [...MARKET_QUESTIONS, subjects.ledgerReady],
        subscribe: [subjects.feed, ...REGISTRY_NEWS, ...MARKET_NEWS],
        answers: false,
      };
    case 'operator':
      return {
        publish: [...REGISTRY_NEWS, ...MARKET_QUESTIONS, subjects.ledgerReady],
        subscribe: [subjects.feed, ...MARKET_NEWS],
        answers: false,
      };
  }
}

/** What a stream's only reader asks JetStream: it makes the stream where there is none, and deletes nothing. */
const readingOf = (stream: string): readonly string[] => [
  '$JS.API.INFO',
  ...['INFO', 'CREATE', 'MSG.GET'].map((verb) => `$JS.API.STREAM.${verb}.${stream}`),
  `$JS.API.CONSUMER.*.${stream}`,
  `$JS.API.CONSUMER.*.${stream}.>`,
  `$JS.API.CONSUMER.MSG.NEXT.${stream}.>`,
];

/** What holders of keys ask JetStream, and where they keep them. */
const bucketOf = (bucket: string): readonly string[] => [
  ...readingOf(`KV_${bucket}`),
  `$JS.API.DIRECT.GET.KV_${bucket}.>`,
  `$JS.FC.KV_${bucket}.>`,
  `$KV.${bucket}.>`,
];

/** The part of a server's configuration that says who may log in; `passwordOf` spells a password as the file does. */
export function natsAuthorization(passwordOf: (login: LoginName) => string, owner: string | null = null): string {
  const users = LOGINS.map((login) => userOf(login, passwordOf(login)));
  const everything = owner === null ? [] : [`    { user: owner, password: ${owner} }`];
  return `authorization {\n  users: [\n${[...everything, ...users].join('\n')}\n  ]\n}\n`;
}

function userOf(login: LoginName, password: string): string {
  const { publish, subscribe, answers } = natsPermissions(login);
  return [
    `    {`,
    `      user: ${login}, password: ${password}`,
    `      permissions {`,
    `        publish: { allow: ${JSON.stringify(publish)} }`,
    `        subscribe: { allow: ${JSON.stringify(subscribe)} }`,
    ...(answers ? ['        allow_responses: { max: 1, expires: "2m" }'] : []),
    `      }`,
    `    }`,
  ].join('\n');
}
