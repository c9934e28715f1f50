import { jetStreams } from '@core/contracts/subjects';
import {
  DiscardPolicy,
  nanos,
  NatsError,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamInfo,
} from 'nats';
import type { IntakeStreamSettings } from '../config.ts';

const STREAM_NOT_FOUND = 10059;

/**
 * The intake stream as it is, or a new one where there is none, as after a server came back with an empty folder.
 * It may drop old messages: their senders keep them until the feed confirms them.
 */
export async function ensureIntake(
  manager: JetStreamManager,
  { maxAgeMs, maxBytes }: IntakeStreamSettings,
): Promise<StreamInfo> {
  try {
    return await manager.streams.info(jetStreams.intake.name);
  } catch (error) {
    if (!(error instanceof NatsError) || error.api_error?.err_code !== STREAM_NOT_FOUND) throw error;
  }
  return manager.streams.add({
    name: jetStreams.intake.name,
    subjects: [...jetStreams.intake.subjects],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    max_age: nanos(maxAgeMs),
    max_bytes: maxBytes,
    num_replicas: 1,
    // Nobody takes out what may be a fact: it goes by its age, or when there is no room.
    deny_delete: true,
    deny_purge: true,
  });
}
