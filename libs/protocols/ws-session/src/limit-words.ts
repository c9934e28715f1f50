import type { LimitBreach, LimitKind } from '@core/contracts/limit';
import { toNumber } from '@core/kernel/decimal';
import type { MessageJson } from './server-message.ts';

/** What each limit is about, in the unit in which it is counted. Money is in the account's currency. */
const COUNTED: Readonly<Record<LimitKind, string>> = {
  'order-volume': 'lots in one order',
  'order-notional': 'money moved by one order',
  'open-positions': 'positions and orders that may become one',
  'instrument-exposure': 'money of net exposure in one instrument',
  'orders-per-second': 'orders in a second',
  'rejections-in-a-row': 'rejections in a row for the same reason',
  'orders-per-minute': 'orders in a minute',
  'orders-per-day': 'orders since midnight UTC',
  'day-loss': 'money lost since midnight UTC',
  'price-band': 'percent between the price and the last quote',
  'quote-age': 'seconds since the last quote',
};

/** A refusal by a limit for people, with both numbers. */
export const limitText = ({ limit, of, allowed, found }: LimitBreach): string =>
  `${COUNTED[limit]}: at most ${allowed} for ${WHOSE[of]}, ${found === null ? 'and how many it would be is not known now' : `and it would be ${found}`}`;

const WHOSE: Readonly<Record<LimitBreach['of'], string>> = {
  account: 'this account',
  trader: 'an account of this trader',
  everyone: 'any account',
};

/** The same for programs, beside `error`. */
export const limitModelOf = ({ limit, of, allowed, found }: LimitBreach): MessageJson => ({
  kind: limit.replaceAll('-', '_'),
  of,
  allowed: toNumber(allowed),
  found: found === null ? null : toNumber(found),
});
