import { connect, type NatsConnection } from 'nats';

/** A connection that outlives restarts of the server: what is published meanwhile waits in its buffer. */
export const connectNats = ({ url, name }: { readonly url: string; readonly name: string }): Promise<NatsConnection> =>
  connect({ servers: [url], name, maxReconnectAttempts: -1, reconnectTimeWait: 250, waitOnFirstConnect: true });

/** Calls `listener` whenever the connection is there again after it was lost. */
export function onReconnect(connection: NatsConnection, listener: () => void): void {
  void (async () => {
    for await (const status of connection.status()) if (status.type === 'reconnect') listener();
  })();
}
