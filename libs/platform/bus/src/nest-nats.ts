import { Transport, type NatsOptions } from '@nestjs/microservices';
import { connectionOptions } from './nats-connection.ts';
import { PlainJsonDeserializer, PlainJsonSerializer } from './plain-json.ts';

export interface NatsMicroservice {
  readonly url: string;
  /** Shown in the server's connection list. */
  readonly name: string;
}

/** Nest's NATS transport the way every service uses it: bare JSON, every instance hears all of it, reconnecting for ever, no wait at shutdown. */
export const natsMicroservice = ({ url, name }: NatsMicroservice): NatsOptions => ({
  transport: Transport.NATS,
  options: {
    ...connectionOptions({ url, name }),
    gracefulShutdown: false,
    deserializer: new PlainJsonDeserializer(),
    serializer: new PlainJsonSerializer(),
  },
});
