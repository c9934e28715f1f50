import { ServerNats, type CustomStrategy, type NatsOptions } from '@nestjs/microservices';
import { connectionOptions } from './nats-connection.ts';
import { PlainJsonDeserializer, PlainJsonSerializer } from './plain-json.ts';

export interface NatsMicroservice {
  readonly url: string;
  /** Shown in the server's connection list. */
  readonly name: string;
}

/** Our patterns are subjects as they are: Nest would try to read each message's subject as JSON, and fail. */
class SubjectServer extends ServerNats {
  protected override getRouteFromPattern(pattern: string): string {
    return pattern;
  }
}

/** Nest's NATS transport the way every service uses it: bare JSON, every instance hears all of it, reconnecting for ever, no wait at shutdown. */
export const natsMicroservice = ({ url, name }: NatsMicroservice): CustomStrategy => ({
  strategy: new SubjectServer({
    ...connectionOptions({ url, name }),
    gracefulShutdown: false,
    deserializer: new PlainJsonDeserializer(),
    serializer: new PlainJsonSerializer(),
  } satisfies NatsOptions['options']),
});
