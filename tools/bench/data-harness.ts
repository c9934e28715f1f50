import { barOf, type Bar } from '@core/bars/bar';
import type { Instrument, Venue } from '@core/contracts/primitives';
import { divide } from '@core/kernel/decimal';
import { Supervisor } from '@core/machine/supervisor';
import { migrateMarketBars } from '@core/market-bars/migrations';
import { OwnedBars } from '@core/market-bars/owned-bars';
import { openRegistry } from '@core/registry/registry';
import { newId } from '@core/service/clock';
import { BenchMarket } from './bench-market.ts';
import { Metrics } from './metrics.ts';
import type { Servers } from './servers.ts';

const VENUE: Venue = 'bench';
const DAY_MS = 86_400_000;
const MINUTES = 1_440;
const CODES = 'ABCDEFGHIJKLMNOPQRSTUVWXY';
/** Pairs of currencies that nobody has: as many as a broker quotes all the time. */
const INSTRUMENTS = [...CODES].flatMap((code) => [`AA${code}USD`, `BB${code}USD`]);

interface Process {
  readonly port: number;
  cpuMs(): Promise<number>;
}

/** The owner of a venue's bars and a gateway that tells them, and the venue, which is this process. */
export class DataHarness {
  /** One whose minutes of a whole day are settled. */
  readonly charted: Instrument = 'AAAUSD';

  private constructor(
    private readonly supervisor: Supervisor,
    readonly market: BenchMarket,
    readonly gateway: Process,
    /** Milliseconds of CPU that the owner of the bars has used. */
    readonly ownerCpuMs: () => Promise<number>,
    /** The charted day, in seconds since 1970. */
    readonly day: { readonly from: number; readonly to: number },
  ) {}

  static async open({ databaseUrl, natsUrl, ports, logs }: Servers): Promise<DataHarness> {
    const dayMs = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS;
    await settle(databaseUrl, 'AAAUSD', dayMs);
    await register(databaseUrl);
    const [http, gatewayOps, ownerOps, ledgerOps] = [
      await ports.claim('data-http', 0),
      await ports.claim('data-gateway-ops', 0),
      await ports.claim('market-data-ops', 0),
      await ports.claim('data-ledger-ops', 0),
    ];
    const cpuOf = (opsPort: number) => async () => (await Metrics.read(opsPort)).cpuMs;
    const harness = new DataHarness(
      new Supervisor(logs, console.log),
      await BenchMarket.open(natsUrl, VENUE, INSTRUMENTS),
      { port: http, cpuMs: cpuOf(gatewayOps) },
      cpuOf(ownerOps),
      { from: dayMs / 1_000, to: dayMs / 1_000 + (MINUTES - 1) * 60 },
    );
    const env = { DATABASE_URL: databaseUrl, NATS_URL: natsUrl, LOG_LEVEL: 'warn' };
    const data = { PORT: String(http), DATA_VENUE: VENUE, DATA_AUTH: 'none' };
    try {
      await harness.supervisor.start({ name: 'ledger', opsPort: ledgerOps, env });
      await harness.supervisor.start(
        { name: 'tv-gateway', opsPort: gatewayOps, env: { ...env, ...data } },
        { name: 'market-data', opsPort: ownerOps, env: { ...env, BARS_VENUES: VENUE } },
      );
      return harness;
    } catch (error) {
      await harness.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.supervisor.stop();
    await this.market.close();
  }
}

async function register(url: string): Promise<void> {
  const registry = await openRegistry({ url, newId });
  try {
    await registry.putBroker({ venue: VENUE, protocol: 'paper', endpoint: { quotesOf: VENUE } });
  } finally {
    await registry.close();
  }
}

/** As an owner that heard them would have left them. */
async function settle(url: string, instrument: Instrument, fromMs: number): Promise<void> {
  await migrateMarketBars(url);
  const owned = await OwnedBars.open({ url, venue: VENUE, timeoutMs: 60_000 });
  try {
    if (!(await owned.hold())) throw new Error('another owns the bars');
    await owned.putTerms({ floorMs: fromMs, dayZone: 'Etc/UTC' });
    const bars = Array.from({ length: MINUTES }, (_, minute): Bar => {
      const price = divide(`${110_000 + ((minute * 37) % 500)}`, '100000');
      return { ...barOf(fromMs + minute * 60_000, price), volume: 60 };
    });
    await owned.settle({ fromMs, untilMs: fromMs + DAY_MS }, new Map([[instrument, bars]]));
  } finally {
    await owned.close();
  }
}
