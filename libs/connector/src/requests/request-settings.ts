import { integer } from '@core/service/setting';
import { settings } from '@core/service/settings';

/** Requests on their way to a broker. */
export class RequestSettings extends settings('', {
  claimTimeoutMs: integer('How long the ledger may take to grant a claim', 100, 60_000).default(3_000),
  abandonMs: integer(
    'Age at which a request is given up while there is no session; more than the ledger lets it be sent at',
    1_000,
    86_400_000,
  ).default(45_000),
  marketOrderAbandonMs: integer(
    'Age at which a market order is not sent even if it was claimed in time; more than the ledger lets it be claimed at',
    1_000,
    86_400_000,
  ).default(6_000),
  replyTimeoutMs: integer(
    'How long a broker may take to answer a command before its outcome counts as unknown',
    100,
    120_000,
  ).default(8_000),
  statusTimeoutMs: integer(
    'How long a status may stay open before the outcome counts as unknown',
    1_000,
    600_000,
  ).default(90_000),
  busyRetries: integer('How often a command goes again that the broker was too busy for', 0, 10).default(3),
  busyPauseMs: integer('Wait before such a command goes again, doubled each time', 100, 60_000).default(1_000),
}) {}
