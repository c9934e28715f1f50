import type { Registered } from '@core/operations/registry-acts/registered';
import type { ActField, ActOffer } from './act-offer.ts';
import { LIMIT_FIELDS, SLIPPAGE_FIELDS } from './bound-fields.ts';
import type { ListKind } from './registered-list.tsx';
import { State } from './state.tsx';

type Row = Registered['accounts'][number];

const text = (name: string, label: string, fold: string, hint = ''): ActField => ({
  ...{ name, label, kind: 'text', fold, hint },
});
const XAPI = 'Where a server of X Open Hub’s kind is, if it is new or has moved';
const PAPER = 'What a paper venue is, if it is new or changes';

const VENUE_FIELDS: readonly ActField[] = [
  {
    ...{ name: 'transport', label: 'Transport', kind: 'choice', fold: XAPI },
    choices: [['', 'as it is'], ...['tls', 'wss', 'tcp', 'ws'].map((each) => [each, each] as const)],
  },
  text('main', 'Main socket', XAPI, 'host:port, or a URL for ws and wss'),
  text('stream', 'Streaming socket', XAPI, 'host:port, or a URL for ws and wss'),
  { name: 'insecureTls', label: 'Accept any certificate: for simulators only', kind: 'flag', fold: XAPI },
  text('quotesOf', 'Venue whose live prices it trades at', PAPER),
  text('currency', 'Currency of its accounts', PAPER),
  text('balance', 'What an account begins with', PAPER),
  text('leverage', 'Leverage', PAPER, '30 for 1:30'),
  text('commissionPerLot', 'Commission for a lot, opening and closing together', PAPER),
  text('stopOutPercent', 'Percent of its margin at which positions are closed', PAPER),
  text('rollover', 'When a trading day ends', PAPER, '17:00'),
  text('rolloverZone', 'By whose clock', PAPER, 'America/New_York'),
];

const newAccount = ({ traders, venues }: Registered): ActOffer => ({
  ...{ act: 'accounts add', label: 'Add…', about: 'an account', wish: {} },
  fields: [
    {
      ...{ name: 'trader', label: 'Whose it is', kind: 'choice' },
      choices: traders.map(({ login }) => [login, login] as const),
    },
    {
      ...{ name: 'venue', label: 'Venue', kind: 'text', isNeeded: true },
      hint: venues.map(({ venue }) => venue).join(', '),
    },
    { name: 'login', label: 'Login at the broker', kind: 'text', isNeeded: true },
    { name: 'name', label: 'What people see', kind: 'text', hint: 'venue and login' },
    {
      ...{ name: 'mode', label: 'Whose money it is', kind: 'choice' },
      choices: [
        ['demo', 'demo'],
        ['live', 'live: a person’s'],
      ],
    },
    {
      ...{ name: 'protocol', label: 'What the venue speaks', kind: 'choice' },
      choices: [
        ['', 'as it is; xapi where it is new'],
        ['xapi', 'xapi'],
        ['paper', 'paper: it fills at another’s prices'],
      ],
    },
    ...VENUE_FIELDS,
  ],
});

/** Accounts at brokers. */
export const accountKind: ListKind<Row> = {
  title: 'Accounts',
  about: 'who trades where',
  none: 'No account is registered.',
  rows: ({ accounts }) => accounts,
  keyOf: ({ id }) => id,
  columns: [
    { name: 'name', cell: ({ id, name }) => <a href={`/accounts/${id}`}>{name}</a> },
    { name: 'venue', cell: ({ venue }) => venue },
    { name: 'login', cell: ({ brokerLogin }) => brokerLogin },
    { name: 'mode', cell: ({ mode }) => mode },
    { name: 'state', cell: ({ enabled }) => <State isOff={!enabled} off="disabled" /> },
    { name: 'netted', cell: ({ netting }) => (netting ? 'yes' : 'no') },
    { name: 'slippage', cell: ({ slippagePercent: percent }) => (percent === null ? null : `${percent} %`) },
  ],
  adding: (registered) => [newAccount(registered)],
  offers: ({ id: account, name, enabled, netting }) => {
    const of = { about: name, wish: { account } };
    const shown = netting ? 'off' : 'on';
    return [
      { act: 'accounts password', label: 'Password…', ...of },
      enabled
        ? { act: 'accounts disable', label: 'Disable…', ...of }
        : { act: 'accounts enable', label: 'Enable…', ...of },
      {
        ...{ act: 'accounts netting', about: name, wish: { account, shown } },
        label: netting ? 'Show apart…' : 'Show netted…',
      },
      { act: 'limits set', label: 'Limit…', ...of, fields: LIMIT_FIELDS },
      { act: 'slippage set', label: 'Slippage…', ...of, fields: SLIPPAGE_FIELDS },
    ];
  },
};
