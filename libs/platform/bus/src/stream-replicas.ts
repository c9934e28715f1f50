import { Logger } from '@nestjs/common';
import { NatsError, type JetStreamManager, type StreamInfo } from 'nats';

/**
 * Brings a stream that is there up to so many replicas; who wants more keeps them. One that cannot be raised now, as
 * while a server of the cluster is away, is as good as before: that is told, and whoever opened it tries again.
 */
export async function raiseReplicas(
  manager: JetStreamManager,
  stream: StreamInfo,
  replicas: number,
): Promise<StreamInfo> {
  const { config } = stream;
  if (config.num_replicas >= replicas) return stream;
  try {
    return await manager.streams.update(config.name, { ...config, num_replicas: replicas });
  } catch (error) {
    if (!(error instanceof NatsError)) throw error;
    const msg = 'a stream has fewer replicas than it is to have';
    new Logger('NATS').warn({ err: error, stream: config.name, has: config.num_replicas, replicas, msg });
    return stream;
  }
}
