import { integer } from './setting.ts';
import { settings } from './settings.ts';

/** How often passwords may be tried, and how many at a time. */
export class LoginSettings extends settings('LOGIN', {
  windowMs: integer('The window in which failed logins are counted', 1_000, 86_400_000).default(5 * 60 * 1000),
  failuresMax: integer('Most failed logins of one login name from one address in that window', 1, 10_000).default(5),
  failuresPerAddressMax: integer(
    'Failed logins from one address in that window beyond which each login name has one attempt left there',
    1,
    100_000,
  ).default(50),
  failuresPerLoginMax: integer(
    'Failed logins of one login name in that window beyond which each address has one attempt left at it',
    1,
    100_000,
  ).default(100),
  trackedMax: integer('Most login names and addresses whose failures are remembered', 100, 1_000_000).default(50_000),
  concurrencyMax: integer('Most passwords checked at a time; each costs much memory and time by design', 1, 64).default(
    2,
  ),
  waitingMax: integer('Most logins that wait for their turn', 0, 10_000).default(100),
  perAddressMax: integer('Most logins from one address that wait or are checked at a time', 1, 10_000).default(20),
}) {}
