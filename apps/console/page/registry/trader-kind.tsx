import type { Registered } from '@core/operations/registry-acts/registered';
import { LIMIT_FIELDS } from './bound-fields.ts';
import type { ListKind } from './registered-list.tsx';
import { State } from './state.tsx';

type Row = Registered['traders'][number];

/** People who log in to TradingView with us. */
export const traderKind: ListKind<Row> = {
  title: 'Traders',
  about: 'who logs in to TradingView',
  none: 'Nobody is registered.',
  rows: ({ traders }) => traders,
  keyOf: ({ id }) => id,
  columns: [
    { name: 'login', cell: ({ login }) => login },
    { name: 'state', cell: ({ disabled }) => <State isOff={disabled} off="disabled" /> },
    { name: 'trader', cell: ({ id }) => <code>{id}</code> },
  ],
  adding: () => [
    {
      ...{ act: 'traders add', label: 'Add…', about: 'a trader', wish: {} },
      fields: [{ name: 'login', label: 'Login', kind: 'text', isNeeded: true }],
    },
  ],
  offers: ({ login, disabled }) => [
    { act: 'traders passwd', label: 'Password…', about: login, wish: { login } },
    disabled
      ? { act: 'traders enable', label: 'Enable…', about: login, wish: { login } }
      : { act: 'traders disable', label: 'Disable…', about: login, wish: { login } },
    {
      ...{ act: 'limits set', label: 'Limit…', about: `accounts of ${login}`, wish: { trader: login } },
      fields: LIMIT_FIELDS,
    },
  ],
};
