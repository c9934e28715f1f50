import { Transport, type NatsOptions } from '@nestjs/microservices';
import { connectionOptions } from './nats-connection.ts';
import { PlainJsonDeserializer, PlainJsonSerializer } from './plain-json.ts';

export interface NatsMicroservice {
  readonly url: string;
  /** Shown in the server's connection list. */
  readonly name: string;
  /** Handlers of one queue share the messages; without one, every instance gets each. */
  readonly queue?: string;
}

/** Nest's NATS transport the way every service uses it: bare JSON, reconnecting for ever, no wait at shutdown. */
export const natsMicroservice = ({ url, name, queue }: NatsMicroservice): NatsOptions => ({
  transport: Transport.NATS,
  options: {
    ...connectionOptions({ url, name }),
    ...(queue === undefined ? {} : { queue }),
    gracefulShutdown: false,
    deserializer: new PlainJsonDeserializer(),
    serializer: new PlainJsonSerializer(),
  },
});
