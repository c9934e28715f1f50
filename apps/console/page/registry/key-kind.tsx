import type { Registered } from '@core/operations/registry-acts/registered';
import { accountName } from '../accounts.ts';
import { moment, nowMs } from '../words.ts';
import type { ActField } from './act-offer.ts';
import type { ListKind } from './registered-list.tsx';
import { State } from './state.tsx';

type Row = Registered['keys'][number];

const EXPIRES: ActField = {
  name: 'expires',
  label: 'Its end, in UTC; or never',
  kind: 'text',
  hint: '2030-01-05T10:00',
};

const isOver = (instant: string | null): boolean => instant !== null && Date.parse(instant) <= nowMs.value;

/** Keys of the WebSocket feed. */
export const keyKind: ListKind<Row> = {
  title: 'Keys',
  about: 'of the WebSocket feed; never their secrets',
  none: 'No key was made.',
  rows: ({ keys }) => keys,
  keyOf: ({ id }) => id,
  columns: [
    { name: 'name', cell: ({ name }) => name },
    {
      name: 'state',
      cell: ({ revoked, expiresAt }) => (
        <State isOff={revoked || isOver(expiresAt)} off={revoked ? 'revoked' : 'ended'} />
      ),
    },
    { name: 'sees', cell: (key) => <span class="wrap">{seen(key)}</span> },
    {
      name: 'may',
      cell: ({ prices, trade }) => ['read', prices && 'prices', trade && 'trade'].filter(Boolean).join(', '),
    },
    { name: 'ends', cell: ({ expiresAt }) => (expiresAt === null ? 'never' : moment(expiresAt).slice(0, 16)) },
    {
      name: 'secret before',
      cell: ({ previousUntil }) =>
        previousUntil === null || isOver(previousUntil) ? null : `good until ${moment(previousUntil).slice(0, 16)}`,
    },
    { name: 'sessions', cell: ({ sessionsMax }) => sessionsMax },
    { name: 'key', cell: ({ id }) => <code class="whole">{id.slice(0, 8)}</code> },
  ],
  adding: () => [
    {
      ...{ act: 'keys add', label: 'Add…', about: 'a key', wish: {} },
      fields: [
        { name: 'name', label: 'Name', kind: 'text', isNeeded: true },
        { name: 'accounts', label: 'Sees these accounts', kind: 'list', hint: 'logins or ids' },
        { name: 'traders', label: 'Sees the accounts of these traders', kind: 'list', hint: 'logins' },
        { name: 'all', label: 'Sees every account, also later ones', kind: 'flag' },
        { name: 'prices', label: 'Gets quotes too', kind: 'flag' },
        { name: 'trade', label: 'May trade on what it sees', kind: 'flag' },
        EXPIRES,
        { name: 'sessions', label: 'Live sessions, instead of the usual number', kind: 'text' },
        { name: 'rate', label: 'Frames a second from each, instead of the usual number', kind: 'text' },
      ],
    },
  ],
  offers: ({ id: key, name, revoked }) =>
    revoked
      ? []
      : [
          {
            ...{ act: 'keys rotate', label: 'Rotate…', about: name, wish: { key } },
            fields: [
              { name: 'overlapHours', label: 'Hours for which both secrets are good', kind: 'text', value: '24' },
              { ...EXPIRES, label: 'Its end from now on, in UTC; never; or as it was' },
            ],
          },
          { act: 'keys revoke', label: 'Revoke…', about: name, wish: { key } },
        ],
};

function seen({ accountIds, traderIds }: Row): string {
  const accounts = accountIds?.map(accountName).join(', ');
  const traders = traderIds?.length;
  if (accounts === undefined && traders === undefined) return 'everything';
  const of = traders === undefined ? '' : `of ${traders === 1 ? 'one trader' : `${traders} traders`}`;
  return [accounts ?? 'accounts', of].filter(Boolean).join(' ');
}
