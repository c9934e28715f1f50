import { inBackground } from '@core/service/in-background';
import { Events, type NatsConnection } from 'nats';

/**
 * Leaves a server of several that has lost the most of them: it goes on answering, and whoever is there hears nobody and
 * keeps nothing. Once for each such loss: where no other server can be dialled either, the lonely one is all there is.
 */
export function leaveLonelyServer(connection: NatsConnection, servers: number): void {
  if (servers < 2) return;
  inBackground('looking whether the server of NATS is alone', leaving(connection, servers));
}

async function leaving(connection: NatsConnection, servers: number): Promise<void> {
  let known = 0;
  let lonely: string | null = null;
  for await (const { type } of connection.status()) {
    if (type === Events.Update) {
      const before = known;
      known = connection.info?.connect_urls?.length ?? 0;
      if (known >= before || known * 2 > servers) continue;
      lonely = connection.getServer();
      await connection.reconnect();
    }
    if (type === Events.Reconnect) {
      // The library dials the first of its servers twice.
      if (connection.getServer() === lonely) await connection.reconnect();
      lonely = null;
    }
  }
}
