import { integer } from '@core/service/setting';
import { settings } from '@core/service/settings';

/** Sessions of accounts: when they are tried again, and what they may pile up. */
export class SessionSettings extends settings('', {
  backoffMinMs: integer('The shortest wait before logging in again', 10, 60_000).default(1_000),
  backoffMaxMs: integer('The longest wait before logging in again', 10, 3_600_000).default(60_000),
  fullPauseMs: integer('Wait when the broker says that there are too many connections', 10, 3_600_000).default(30_000),
  disabledMinMs: integer('The shortest wait after a broker said that a login is disabled', 100, 86_400_000).default(
    60_000,
  ),
  disabledMaxMs: integer('The longest wait after a broker said that a login is disabled', 100, 86_400_000).default(
    1_800_000,
  ),
  credentialsMinMs: integer(
    'The shortest wait after a broker did not take a password: more attempts may lock the login',
    100,
    86_400_000,
  ).default(900_000),
  credentialsMaxMs: integer('The longest wait after a broker did not take a password', 100, 604_800_000).default(
    43_200_000,
  ),
  healthyMs: integer('A session that held this long resets the wait', 0, 3_600_000).default(60_000),
  bufferedRecordsMax: integer(
    'Most records of one session that wait for the log to be caught up',
    10,
    1_000_000,
  ).default(20_000),
  equityMs: integer(
    'Least time between two samples of equity; a closed trade brings one sooner',
    100,
    86_400_000,
  ).default(60_000),
}) {}
