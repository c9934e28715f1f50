import { MarketClient } from '@core/bus/market-client';
import { connectNats } from '@core/bus/nats-connection';
import { now } from '@core/service/clock';
import { freePort } from '@core/testing/free-port';
import { NatsServer } from '@core/testing/nats-server';
import { until } from '@core/testing/until';
import type { NatsConnection } from 'nats';
import { createServer, type Server, type Socket } from 'node:net';
import { Registry } from 'prom-client';
import { ConnectionBudget } from '../accounts/connection-budget.ts';
import { ConnectorConfig } from '../../../../apps/xapi-connector/src/config.ts';
import { ConnectorMetrics } from '../metrics.ts';
import { sessionOptions } from '../../../../apps/xapi-connector/src/session-options.ts';
import { CommandRefused } from '../../../../apps/xapi-connector/src/transport/main-connection.ts';
import { VenueCatalog } from './venue-catalog.ts';
import { VenueMarket } from './venue-market.ts';

const VENUE = 'sim';
const WAIT_MS = 10_000;
const quiet = { log: () => undefined, warn: () => undefined, error: () => undefined };

/** As much of a SYMBOL_RECORD as an instrument is made of. */
const symbolOf = (symbol: string) => ({
  ...{ symbol, description: symbol, categoryName: 'FX', currency: 'EUR', currencyPair: true, currencyProfit: 'USD' },
  ...{ contractSize: 100_000, leverage: 1, lotMin: 0.01, lotMax: 50, lotStep: 0.01, precision: 5, pipsPrecision: 4 },
  ...{ tickSize: 0.00001, stopsLevel: 0, swapLong: 0, swapShort: 0 },
});

describe('a market', () => {
  let nats: NatsServer;
  let connection: NatsConnection;
  let broker: Server;
  let port: number;
  let budget: ConnectionBudget;
  /** What the streaming connection was told. */
  let heard: string;

  beforeAll(async () => {
    nats = await NatsServer.start();
    connection = await connectNats({ url: nats.url, name: 'spec' });
  }, 30_000);
  afterAll(async () => {
    await connection?.close();
    await nats?.stop();
  });
  beforeEach(async () => {
    heard = '';
    port = await freePort();
    broker = createServer(keepAlive).listen(port, '127.0.0.1');
    budget = new ConnectionBudget({ connectionsMax: 1, loginIntervalMs: 0 });
  });
  afterEach(() => new Promise((resolve) => broker.close(resolve)));

  /** A stream that goes on for as long as somebody listens. */
  function keepAlive(socket: Socket): void {
    const beat = setInterval(() => socket.write('{"command":"keepAlive","data":{"timestamp":1}}\n\n'), 100);
    socket.on('data', (bytes) => (heard += bytes.toString())).on('close', () => clearInterval(beat));
  }

  function marketOf(ask: () => Promise<unknown>, settings: Partial<ConnectorConfig> = {}): VenueMarket {
    const address = { transport: 'tcp', address: `127.0.0.1:${port}`, insecureTls: false } as const;
    const config = new ConnectorConfig(settings);
    return new VenueMarket(
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
  }

  it('that is given up while it reads the instruments ends all the same, and its connection with it', async () => {
    let reading: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (reading = resolve));
    let answer: (symbols: readonly unknown[]) => void = () => undefined;
    const market = marketOf(() => {
      reading();
      return new Promise((resolve) => (answer = resolve));
    });
    market.start();
    await asked;
    expect(await new MarketClient(connection).snapshot(VENUE, 200)).toBeNull();
    const stopped = market.stop();
    answer([]);
    await stopped;
    expect(budget.open).toBe(0);
  });

  it('reads its instruments again, listens to the new ones, and lives with a broker that refuses', async () => {
    const refuse = (): never => {
      throw new CommandRefused('getAllSymbols', 'SE199', 'Internal error');
    };
    const answers = [refuse, () => [symbolOf('EURUSD')], refuse, () => ['EURUSD', 'GBPUSD'].map(symbolOf)];
    let asked = 0;
    const market = marketOf(
      async () => {
        asked += 1;
        return (answers[asked - 1] ?? answers[3] ?? refuse)();
      },
      { instrumentsMs: 200, commandIntervalMs: 0 },
    );
    market.start();
    await until(() => heard.includes('"symbol":"GBPUSD"'), WAIT_MS);
    expect(heard.match(/"symbol":"EURUSD"/g)).toHaveLength(1);
    expect(asked).toBeGreaterThanOrEqual(4);
    await market.stop();
    expect(budget.open).toBe(0);
  });
});
