import type { Command, CommandBody } from '@core/contracts/command';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import { BUILD } from '@core/service/build';
import { now } from '@core/service/clock';

const SOURCE = `proquant-webhook@${BUILD}`;

/** A wish on its way. `correlationid` is the delivery it goes back to, so that its whole story can be found again. */
export const commandOf = (wish: CommandBody, commandid: Uuid, subject: AccountId, correlationid: Uuid): Command => ({
  commandid,
  source: SOURCE,
  subject,
  time: now(),
  correlationid,
  ...wish,
});
