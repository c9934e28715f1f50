import { MarketClient } from '@core/bus/market-client';
import { connectNats } from '@core/bus/nats-connection';
import { anInstrument } from '@core/contracts/market/example.fixture';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import { ThrowawayNats } from '@core/testing/throwaway-nats';
import { until } from '@core/testing/until';
import type { NatsConnection } from 'nats';
import { Registry } from 'prom-client';
import type { InstrumentList } from '../broker-adapter.ts';
import { QuestionRefused } from '../broker-failure.ts';
import { ConnectorMetrics } from '../metrics.ts';
import { quietSession } from '../quiet-session.fixture.ts';
import { MarketSettings, QuestionSettings } from './market-settings.ts';
import { VenueCatalog } from './venue-catalog.ts';
import { VenueMarket, type MarketSession } from './venue-market.ts';

const VENUE = 'sim';
const quiet = { log: () => undefined, warn: () => undefined, error: () => undefined };
describe('a market', () => {
  let nats: ThrowawayNats;
  let connection: NatsConnection;
  /** What its stream was asked for, and how many streams are open. */
  let subscribed: string[];
  let open: number;

  beforeAll(async () => {
    nats = await ThrowawayNats.start();
    connection = await connectNats({ url: nats.url, name: 'spec' });
  });
  afterAll(async () => {
    await connection?.close();
    await nats?.stop();
  });
  beforeEach(() => {
    subscribed = [];
    open = 0;
  });

  /** Prices that never move. */
  const prices: MarketSession['prices'] = async (_terms, onClosed, signal) => {
    open += 1;
    let isOpen = true;
    const close = (reason: string): void => {
      if (!isOpen) return;
      isOpen = false;
      open -= 1;
      onClosed(reason);
    };
    signal.addEventListener('abort', () => close('given up'));
    return {
      subscribe: async ({ instrument }) => void subscribed.push(instrument),
      drain: () => ({ quotes: [], received: 0, unreadable: 0 }),
      quote: () => null,
      close,
    };
  };

  function marketOf(instruments: () => Promise<InstrumentList>, settings?: Partial<MarketSettings>): VenueMarket {
    const session = quietSession({ instruments, prices });
    return new VenueMarket(VENUE, {
      ...{ nats: connection, log: quiet, questions: new QuestionSettings(), market: new MarketSettings(settings) },
      catalog: new VenueCatalog(),
      switches: { isOff: () => false },
      metrics: new ConnectorMetrics(new Registry(), 'spec'),
      candlesBackMs: () => Infinity,
      session: () => session,
    });
  }

  const listed = (...names: string[]): InstrumentList => {
    const instruments: InstrumentSpec[] = names.map((instrument) => anInstrument({ venue: VENUE, instrument }));
    return { instruments, quotes: [], unreadable: [] };
  };

  it('that is given up while it reads the instruments ends all the same, and nothing of it is left open', async () => {
    let reading: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (reading = resolve));
    let answer: (list: InstrumentList) => void = () => undefined;
    const market = marketOf(() => {
      reading();
      return new Promise((resolve) => (answer = resolve));
    });
    market.start();
    await asked;
    expect(await new MarketClient(connection).snapshot(VENUE, 200)).toBeNull();
    const stopped = market.stop();
    answer(listed());
    await stopped;
    expect(open).toBe(0);
  });

  it('reads its instruments again, listens to the new ones, and lives with a broker that refuses', async () => {
    const refuse = (): never => {
      throw new QuestionRefused('broker-error', 'Internal error');
    };
    const both = (): InstrumentList => listed('EURUSD', 'GBPUSD');
    const answers = [refuse, () => listed('EURUSD'), refuse, both];
    let asked = 0;
    const market = marketOf(
      async () => {
        asked += 1;
        return (answers[asked - 1] ?? both)();
      },
      { instrumentsMs: 200 },
    );
    market.start();
    await until(() => subscribed.includes('GBPUSD'));
    expect(subscribed).toEqual(['EURUSD', 'GBPUSD']);
    expect(asked).toBeGreaterThanOrEqual(4);
    await market.stop();
    expect(open).toBe(0);
  });
});
