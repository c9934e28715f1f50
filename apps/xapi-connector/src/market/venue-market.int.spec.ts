import { connectNats } from '@core/bus/nats-connection';
import { now } from '@core/service/clock';
import { freePort, NatsServer } from '@core/testing/nats-server';
import type { NatsConnection } from 'nats';
import { createServer, type Socket } from 'node:net';
import { Registry } from 'prom-client';
import { ConnectionBudget } from '../account/connection-budget.ts';
import { ConnectorConfig } from '../config.ts';
import { ConnectorMetrics } from '../metrics.ts';
import { sessionOptions } from '../session-options.ts';
import { VenueCatalog } from './venue-catalog.ts';
import { VenueMarket } from './venue-market.ts';

const VENUE = 'sim';
/** A stream that goes on for as long as somebody listens. */
function keepAlive(socket: Socket): void {
  const beat = setInterval(() => socket.write('{"command":"keepAlive","data":{"timestamp":1}}\n\n'), 100);
  socket.resume().on('close', () => clearInterval(beat));
}

const quiet = { log: () => undefined, warn: () => undefined, error: () => undefined };

describe('a market that is given up', () => {
  let nats: NatsServer;
  let connection: NatsConnection;

  beforeAll(async () => {
    nats = await NatsServer.start();
    connection = await connectNats({ url: nats.url, name: 'spec' });
  }, 30_000);
  afterAll(async () => {
    await connection?.close();
    await nats?.stop();
  });

  it('while it reads the instruments ends all the same, and its connection with it', async () => {
    const port = await freePort();
    const broker = createServer(keepAlive).listen(port, '127.0.0.1');
    const address = { transport: 'tcp', address: `127.0.0.1:${port}`, insecureTls: false } as const;
    let reading: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (reading = resolve));
    let answer: (symbols: readonly unknown[]) => void = () => undefined;
    const ask = (): Promise<unknown> => {
      reading();
      return new Promise((resolve) => (answer = resolve));
    };
    const config = new ConnectorConfig();
    const budget = new ConnectionBudget({ connectionsMax: 1, loginIntervalMs: 0 });
    const market = new VenueMarket(
      VENUE,
      {
        ...{ config, budget, nats: connection, log: quiet },
        stream: sessionOptions(config).stream,
        catalog: new VenueCatalog(VENUE),
        metrics: new ConnectorMetrics(new Registry()),
      },
      () => ({
        main: { ask },
        server: { main: address, stream: address },
        ...{ streamSessionId: 'of an account', serverNow: now() },
      }),
    );
    market.start();
    await asked;
    const stopped = market.stop();
    answer([]);
    await stopped;
    expect(budget.open).toBe(0);
    await new Promise((resolve) => broker.close(resolve));
  });
});
