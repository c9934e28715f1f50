import type { Registered } from '@core/operations/registry-acts/registered';
import type { OperatorRole } from '@core/registry/operator-role';
import { moment } from '../words.ts';
import type { ActField } from './act-offer.ts';
import type { ListKind } from './registered-list.tsx';
import { State } from './state.tsx';

type Row = Registered['operators'][number];

const ROLES: Readonly<Record<OperatorRole, string>> = {
  read: 'read: looks',
  operate: 'operate: commands the ledger',
  admin: 'admin: decides what everyone is shown and who may do what',
};

const ROLE: ActField = { name: 'role', label: 'Role', kind: 'choice', choices: Object.entries(ROLES) };

/** People who log in to the console. */
export const operatorKind: ListKind<Row> = {
  title: 'Operators',
  about: 'who logs in here by name and password',
  none: 'Nobody logs in by name and password; links let in whoever has one.',
  rows: ({ operators }) => operators,
  keyOf: ({ name }) => name,
  columns: [
    { name: 'name', cell: ({ name }) => name },
    { name: 'role', cell: ({ role }) => role },
    { name: 'state', cell: ({ disabled }) => <State isOff={disabled} off="disabled" /> },
    { name: 'password since', cell: ({ passwordSetAt }) => moment(passwordSetAt).slice(0, 16) },
  ],
  adding: () => [
    {
      ...{ act: 'operators add', label: 'Add…', about: 'an operator', wish: {} },
      fields: [{ name: 'name', label: 'Name', kind: 'text', isNeeded: true }, ROLE],
    },
  ],
  offers: ({ name, disabled }) => {
    const of = { about: name, wish: { name } };
    return [
      { act: 'operators passwd', label: 'Password…', ...of },
      { act: 'operators role', label: 'Role…', ...of, fields: [ROLE] },
      disabled
        ? { act: 'operators enable', label: 'Enable…', ...of }
        : { act: 'operators disable', label: 'Disable…', ...of },
    ];
  },
};
