import type { NatsConnection } from 'nats';
import { ServerNats, type CustomStrategy, type NatsOptions } from '@nestjs/microservices';
import { connectionOptions } from './nats-connection.ts';
import { leaveLonelyServer } from './lonely-server.ts';
import { PlainJsonDeserializer, PlainJsonSerializer } from './plain-json.ts';

export interface NatsMicroservice {
  readonly url: string;
  /** Shown in the server's connection list. */
  readonly name: string;
}

/** Our patterns are subjects as they are: Nest would try to read each message's subject as JSON, and fail. */
class SubjectServer extends ServerNats {
  constructor(
    options: NonNullable<NatsOptions['options']>,
    private readonly servers: number,
  ) {
    super(options);
  }

  override async createNatsClient(): Promise<NatsConnection> {
    const connection = (await super.createNatsClient()) as NatsConnection;
    leaveLonelyServer(connection, this.servers);
    return connection;
  }

  protected override getRouteFromPattern(pattern: string): string {
    return pattern;
  }
}

/** Nest's NATS transport the way every service uses it: bare JSON, every instance hears all of it, reconnecting for ever, no wait at shutdown. */
export function natsMicroservice({ url, name }: NatsMicroservice): CustomStrategy {
  const connection = connectionOptions({ url, name });
  const options = {
    ...connection,
    gracefulShutdown: false,
    deserializer: new PlainJsonDeserializer(),
    serializer: new PlainJsonSerializer(),
  } satisfies NatsOptions['options'];
  return { strategy: new SubjectServer(options, connection.servers.length) };
}
