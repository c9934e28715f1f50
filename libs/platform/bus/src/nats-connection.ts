import { inBackground } from '@core/service/in-background';
import { Logger } from '@nestjs/common';
import { connect, Events, type ConnectionOptions, type NatsConnection } from 'nats';
import { dialPause } from './dial-pause.ts';
import { leaveLonelyServer } from './lonely-server.ts';
import { inboxOf, leasesLoginOf } from './nats-authorization.ts';
import { natsUrlText, readNatsUrl } from './nats-url.ts';

const DIAL_PAUSE_MS = 250;
/** Where another server would answer, one that says nothing is given up: to hear of its end takes a kernel that lives. */
const AMONG_SEVERAL = { pingInterval: 3_000, maxPingOut: 2, timeout: 5_000 };

export interface NatsAddress {
  /** `nats://user:password@host:port,host:port`, or `tls://…` where nothing but TLS will do. */
  readonly url: string;
  /** Shown in the server's connection list. */
  readonly name: string;
}

/**
 * How every connection is made: it outlives restarts of the server and goes on at another of a cluster, and its answers
 * come where its login may listen.
 */
export function connectionOptions({ url, name }: NatsAddress): ConnectionOptions & { readonly servers: string[] } {
  const { scheme, user, password, servers } = readNatsUrl(url);
  return {
    servers: [...servers],
    name,
    maxReconnectAttempts: -1,
    reconnectDelayHandler: dialPause(DIAL_PAUSE_MS),
    waitOnFirstConnect: true,
    // A stack kept for each question, in case it fails, cost more than asking it.
    noAsyncTraces: true,
    ...(servers.length > 1 ? AMONG_SEVERAL : {}),
    ...(user === '' ? {} : { user, pass: password, inboxPrefix: inboxOf(user) }),
    ...(scheme === 'tls' ? { tls: {} } : {}),
  };
}

/** NATS as a connector finds its leases there: under a name of their own, with the same password. */
export function leasesUrl(url: string): string {
  const own = readNatsUrl(url);
  return natsUrlText(own.user === '' ? own : { ...own, user: leasesLoginOf(own.user) });
}

/** A connection that outlives restarts of the server: what is published meanwhile waits in its buffer. */
export async function connectNats(address: NatsAddress): Promise<NatsConnection> {
  const options = connectionOptions(address);
  const connection = await connect(options);
  leaveLonelyServer(connection, options.servers.length);
  inBackground('listening to what NATS refuses', tellRefusals(connection));
  return connection;
}

/** What the server does not let us say or hear is a fault of its configuration or of ours: a line for each. */
async function tellRefusals(connection: NatsConnection): Promise<void> {
  const log = new Logger('NATS');
  for await (const status of connection.status())
    if (status.type === Events.Error) log.error({ ...status, msg: 'NATS refused something' });
}

/** Calls `listener` whenever the connection is there again after it was lost. */
export function onReconnect(connection: NatsConnection, listener: () => void): void {
  const listening = async (): Promise<void> => {
    for await (const { type } of connection.status()) if (type === Events.Reconnect) listener();
  };
  inBackground('listening for NATS to come back', listening());
}
