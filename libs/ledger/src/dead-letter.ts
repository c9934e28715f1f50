import { versionOf, type Event } from '@core/contracts/event';
import { SYSTEM_ACCOUNT, Uuid, type Instant } from '@core/contracts/primitives';
import { caseOf, quarantineIdOf } from '@core/contracts/quarantine';
import { QUARANTINED_BYTES_MAX } from '@core/contracts/quarantined-bytes';
import type { Quarantined } from '@core/event-log/event-log';
import { storableText } from '@core/event-log/storable';

const TEXT_MAX = 512;

/** Something from the intake that will never be recorded. */
export interface DeadLetter {
  readonly kept: Quarantined;
  /** The event's id where it has one, so that its sender can stop sending it. */
  readonly id: Uuid | null;
}

/** `content` makes it the case it is: the whole body unless told. */
export function deadLetterOf(
  body: Uint8Array,
  { origin, reason, detail, id }: Pick<Quarantined, 'origin' | 'reason' | 'detail'> & { readonly id: unknown },
  content = body,
): DeadLetter {
  const readable = Uuid.safeParse(id);
  return {
    kept: {
      messageId: caseOf(content),
      origin: storableText(origin, TEXT_MAX),
      reason,
      detail: storableText(detail, TEXT_MAX),
      body: body.subarray(0, QUARANTINED_BYTES_MAX),
    },
    id: readable.success ? readable.data : null,
  };
}

/** What the log says of it. */
export const quarantineEvent = (
  { kept: { messageId, reason, detail } }: DeadLetter,
  stamp: { readonly source: string; readonly time: Instant; readonly correlationid: Uuid },
): Event => ({
  id: quarantineIdOf(messageId),
  schemaversion: versionOf('MessageQuarantined'),
  subject: SYSTEM_ACCOUNT,
  causationid: null,
  ...stamp,
  type: 'MessageQuarantined',
  data: { messageId, reason, detail },
});
