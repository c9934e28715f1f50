import type { IntegrationPolicies } from '@core/contracts/integration-policy';
import type { Registered } from '@core/operations/registry-acts/registered';
import { accountName } from '../accounts.ts';
import type { ActField } from './act-offer.ts';
import { SLIPPAGE_FIELDS } from './bound-fields.ts';
import type { ListKind } from './registered-list.tsx';
import { State } from './state.tsx';

type Row = Registered['integrations'][number];

/** The first of each holds until somebody decides. */
const POLICIES: { readonly [Name in keyof IntegrationPolicies]: readonly IntegrationPolicies[Name][] } = {
  on_disable: ['leave_open', 'close'],
  missed_close_policy: ['reject', 'close_then_open'],
  on_deadline: ['error', 'ok'],
  round_down: ['off', 'on'],
  strict_position_not_found: ['off', 'on'],
  shadow: ['off', 'on'],
};

const TICKERS: ActField = {
  ...{ name: 'tickers', label: 'What its tickers are at the broker', kind: 'list', isNeeded: true },
  hint: 'XAUUSD=GOLD EURUSD=EURUSD:100000',
};

const SHOWN = 'What ProQuant’s user is shown, and where it sends signals';

const TERMS = [
  ['description', 'What we are called'],
  ['image', 'Our logo'],
  ['publicUrl', 'Where proquant-webhook is reached from outside'],
] as const;

const terms = (hint: string): readonly ActField[] =>
  TERMS.map(([name, label]) => ({ ...{ name, label, hint }, kind: 'text', fold: SHOWN }));

const EMAIL: ActField = { name: 'email', label: 'What its user is known by at ProQuant', kind: 'text' };

const POLICY: ActField = {
  ...{ name: 'policy', label: 'What is to hold for its signals', kind: 'wishes' },
  choices: Object.entries(POLICIES).flatMap(([policy, values]) =>
    values.map((value) => [JSON.stringify({ policy, value }), `${policy} ${value}`] as const),
  ),
};

/** Where ProQuant's webhooks trade. */
export const integrationKind: ListKind<Row> = {
  title: 'Integrations',
  about: 'where strategies of ProQuant trade; never their tokens',
  none: 'No integration is registered.',
  rows: ({ integrations }) => integrations,
  keyOf: ({ id }) => id,
  columns: [
    { name: 'name', cell: ({ name }) => name },
    { name: 'account', cell: ({ accountId }) => <a href={`/accounts/${accountId}`}>{accountName(accountId)}</a> },
    { name: 'state', cell: ({ revoked }) => <State isOff={revoked} off="revoked" /> },
    { name: 'ProQuant', cell: ({ asked }) => asked && <span class="wrap">{asked}</span> },
    { name: 'tickers', cell: ({ tickers }) => <span class="wrap">{mapped(tickers)}</span> },
    { name: 'slippage', cell: ({ slippagePercent: percent }) => (percent === null ? null : `${percent} %`) },
    { name: 'integration', cell: ({ id }) => <code class="whole">{id.slice(0, 8)}</code> },
  ],
  adding: ({ accounts }) => {
    const whatItTrades: readonly ActField[] = [
      { name: 'name', label: 'Name', kind: 'text', isNeeded: true },
      {
        ...{ name: 'account', label: 'The account to trade', kind: 'choice' },
        choices: accounts.map(({ id, name }) => [id, name] as const),
      },
      TICKERS,
    ];
    return [
      { act: 'integrations add', label: 'Add…', about: 'an integration', wish: {}, fields: whatItTrades },
      {
        ...{ act: 'integrations create', label: 'Add and ask ProQuant…', about: 'for an integration', wish: {} },
        fields: [...whatItTrades, { ...EMAIL, isNeeded: true }, ...terms('as this console was told')],
      },
    ];
  },
  offers: ({ id: integration, name, revoked }) => {
    const of = { about: name, wish: { integration } };
    if (revoked) return [];
    return [
      {
        ...{ act: 'integrations request', label: 'Ask ProQuant…', ...of },
        fields: [{ ...EMAIL, hint: 'as the last time' }, ...terms('as the last time')],
      },
      { act: 'integrations rotate', label: 'Rotate…', ...of },
      { act: 'integrations settle', label: 'Settle…', ...of },
      { act: 'integrations map', label: 'Map…', ...of, fields: [TICKERS] },
      { act: 'slippage set', label: 'Slippage…', ...of, fields: SLIPPAGE_FIELDS },
      { act: 'integrations policy', label: 'Policy…', ...of, fields: [POLICY] },
      { act: 'integrations revoke', label: 'Revoke…', ...of },
    ];
  },
};

const mapped = (tickers: Row['tickers']): string =>
  Object.entries(tickers)
    .map(([ticker, { instrument }]) => `${ticker}=${instrument}`)
    .join(' ');
