import { raiseReplicas } from '@core/bus/stream-replicas';
import { jetStreams } from '@core/contracts/subjects';
import type { JetStreamSettings } from '@core/service/service-settings';
import {
  DiscardPolicy,
  nanos,
  NatsError,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamConfig,
  type StreamInfo,
} from 'nats';
import type { IntakeStreamSettings } from '../config.ts';

const STREAM_NOT_FOUND = 10059;

/**
 * The intake stream, or a new one where there is none, as after a server came back with an empty folder.
 * It may drop old messages: their senders keep them until the feed confirms them.
 */
export async function ensureIntake(
  manager: JetStreamManager,
  { maxAgeMs, maxBytes }: IntakeStreamSettings,
  { replicas }: JetStreamSettings,
): Promise<StreamInfo> {
  const known = await intakeOf(manager);
  if (known) return raiseReplicas(manager, await guarded(manager, known), replicas);
  return manager.streams.add({
    name: jetStreams.intake.name,
    subjects: [...jetStreams.intake.subjects],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    max_age: nanos(maxAgeMs),
    max_bytes: maxBytes,
    num_replicas: replicas,
    ...GUARDS,
  });
}

const GUARDS = {
  // Nobody takes out what may be a fact: it goes by its age, or when there is no room.
  deny_delete: true,
  deny_purge: true,
  // Senders wait for the feed, and an acknowledgement would be said wherever one of them wants it.
  no_ack: true,
} as const;

/** What else somebody set of a stream that is there stays so. */
async function guarded(manager: JetStreamManager, stream: StreamInfo): Promise<StreamInfo> {
  const { config } = stream;
  return isGuarded(config) ? stream : manager.streams.update(config.name, { ...config, ...GUARDS });
}

const isGuarded = (config: StreamConfig): boolean =>
  Object.entries(GUARDS).every(([guard, isOn]) => config[guard as keyof typeof GUARDS] === isOn);

async function intakeOf(manager: JetStreamManager): Promise<StreamInfo | null> {
  try {
    return await manager.streams.info(jetStreams.intake.name);
  } catch (error) {
    if (error instanceof NatsError && error.api_error?.err_code === STREAM_NOT_FOUND) return null;
    throw error;
  }
}
