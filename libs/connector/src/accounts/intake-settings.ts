import { integer } from '@core/service/setting';
import { settings } from '@core/service/settings';

/** The way to the log. */
export class IntakeSettings extends settings('INTAKE', {
  resendMs: integer('An event not confirmed for this long is sent again', 50, 600_000).default(2_000),
  saturatedAt: integer('From this many unconfirmed events on no request is claimed', 1, 1_000_000).default(2_000),
  max: integer(
    'From this many unconfirmed events on sessions end; what they miss is reconciled later',
    1,
    10_000_000,
  ).default(50_000),
}) {}
