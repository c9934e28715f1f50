import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { ContractTerms, Instrument, Venue } from '@core/contracts/primitives';
import { translateSymbol } from '@core/xapi/translate/symbol';
import { CommandRefused, type MainConnection } from '../../../../apps/xapi-connector/src/transport/main-connection.ts';

/** What stands for an instrument that the broker lists no more and an old trade still names. */
const DELISTED: ContractTerms = { contractSize: '1', baseCurrency: '', quoteCurrency: '', digits: 5 };

/** Whatever questions can be put through. */
export type Asks = Pick<MainConnection, 'ask'>;

/** The instruments of one venue, as any of its sessions read them; shared by all accounts of this process. */
export class VenueCatalog {
  /** Counts changes, for those who publish. */
  revision = 0;
  /** Symbols of the last reading that could not be understood, with the reason. */
  unreadable: readonly string[] = [];
  /** The symbols as they were read last: they carry prices even where no tick comes. */
  records: readonly unknown[] = [];
  private specs: ReadonlyMap<Instrument, InstrumentSpec> = new Map();
  private readonly delisted = new Set<Instrument>();
  private loading: Promise<void> | null = null;
  private loadedMs = -Infinity;

  constructor(readonly venue: Venue) {}

  get instruments(): readonly InstrumentSpec[] {
    return [...this.specs.values()];
  }

  get isLoaded(): boolean {
    return this.loadedMs > -Infinity;
  }

  contractOf(instrument: Instrument): ContractTerms | null {
    const known = this.specs.get(instrument)?.contract;
    return known ?? (this.delisted.has(instrument) ? DELISTED : null);
  }

  digitsOf(instrument: Instrument): number | null {
    return this.specs.get(instrument)?.contract.digits ?? null;
  }

  /** Reads all of them, unless that was done within `maxAgeMs`; one reading at a time serves everyone. */
  async load(main: Asks, maxAgeMs: number): Promise<void> {
    if (performance.now() - this.loadedMs < maxAgeMs) return;
    this.loading ??= this.read(main).finally(() => (this.loading = null));
    await this.loading;
  }

  /** Reads one that a trade names and the list did not have. */
  async loadOne(main: Asks, symbol: Instrument): Promise<void> {
    try {
      const spec = translateSymbol(this.venue, await main.ask('getSymbol', { symbol }));
      if (spec.ok) this.replace(new Map(this.specs).set(symbol, spec.value));
      else this.delisted.add(symbol);
    } catch (error) {
      if (!(error instanceof CommandRefused)) throw error;
      this.delisted.add(symbol);
    }
  }

  private async read(main: Asks): Promise<void> {
    const answer = await main.ask('getAllSymbols', {});
    if (!Array.isArray(answer)) throw new CommandRefused('getAllSymbols', '', 'not a list');
    const specs = answer.map((record) => translateSymbol(this.venue, record));
    this.unreadable = specs.flatMap((spec) => (spec.ok ? [] : [spec.error]));
    this.replace(new Map(specs.flatMap((spec) => (spec.ok ? [[spec.value.instrument, spec.value]] : []))));
    this.records = answer;
    this.loadedMs = performance.now();
  }

  private replace(specs: ReadonlyMap<Instrument, InstrumentSpec>): void {
    const before = JSON.stringify([...this.specs.values()]);
    this.specs = specs;
    if (JSON.stringify([...specs.values()]) !== before) this.revision += 1;
  }
}
