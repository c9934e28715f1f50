import { Logger } from '@nestjs/common';
import type { Msg, NatsConnection, Subscription } from 'nats';

/**
 * Gives each message of a subject to `take`. What `take` throws is a line of the log: thrown into the client it would
 * end the reading of the whole connection, which would still count as connected.
 */
export function subscribe(nats: NatsConnection, subject: string, take: (message: Msg) => void): Subscription {
  const log = new Logger('NATS');
  return nats.subscribe(subject, {
    callback: (refused, message) => {
      try {
        if (refused) throw refused;
        take(message);
      } catch (error) {
        log.error({ err: error, subject, msg: 'a message could not be taken' });
      }
    },
  });
}
