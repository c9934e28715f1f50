import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Quote } from '@core/contracts/market/quote';
import type { ContractTerms, Instrument } from '@core/contracts/primitives';
import { SingleFlight } from '@core/kernel/single-flight';
import type { BrokerSession } from '../broker-adapter.ts';
import { QuestionRefused } from '../broker-failure.ts';

/** What stands for an instrument that the broker lists no more and an old trade still names. */
const DELISTED: ContractTerms = { contractSize: '1', baseCurrency: '', quoteCurrency: '', digits: 5 };

/** The instruments of one venue, as any of its sessions read them; shared by all accounts of this process. */
export class VenueCatalog {
  /** Counts changes, for those who publish. */
  revision = 0;
  /** What of the last reading could not be understood, with the reason. */
  unreadable: readonly string[] = [];
  /** The prices they were listed with, even where none comes since. */
  listedQuotes: readonly Quote[] = [];
  private specs: ReadonlyMap<Instrument, InstrumentSpec> = new Map();
  private readonly delisted = new Set<Instrument>();
  private readonly loading = new SingleFlight();
  private loadedMs = -Infinity;

  get instruments(): readonly InstrumentSpec[] {
    return [...this.specs.values()];
  }

  /** When they were last read, on the steady clock. */
  get readMs(): number {
    return this.loadedMs;
  }

  get isLoaded(): boolean {
    return this.loadedMs > -Infinity;
  }

  /** Null while nobody knows the instruments. */
  isKnown(instrument: Instrument): boolean | null {
    return this.isLoaded ? this.specs.has(instrument) : null;
  }

  /** Null while nobody knows the instruments, and of one that there is not. */
  isTradable(instrument: Instrument): boolean | null {
    return this.specs.get(instrument)?.tradable ?? null;
  }

  contractOf(instrument: Instrument): ContractTerms | null {
    const known = this.specs.get(instrument)?.contract;
    return known ?? (this.delisted.has(instrument) ? DELISTED : null);
  }

  /** Reads all of them, unless that was done within `maxAgeMs`; one reading at a time serves everyone. */
  async load(session: Pick<BrokerSession, 'instruments'>, maxAgeMs: number): Promise<void> {
    if (performance.now() - this.loadedMs < maxAgeMs) return;
    await this.loading.run(() => this.read(session));
  }

  /** Reads one that a trade names and the list did not have. */
  async loadOne(session: Pick<BrokerSession, 'instrument'>, instrument: Instrument): Promise<void> {
    try {
      const spec = await session.instrument(instrument);
      if (spec) this.replace(new Map(this.specs).set(instrument, spec));
      else this.delisted.add(instrument);
    } catch (error) {
      if (!(error instanceof QuestionRefused)) throw error;
      this.delisted.add(instrument);
    }
  }

  private async read(session: Pick<BrokerSession, 'instruments'>): Promise<void> {
    const { instruments, quotes, unreadable } = await session.instruments();
    this.unreadable = unreadable;
    this.replace(new Map(instruments.map((spec) => [spec.instrument, spec])));
    this.listedQuotes = quotes;
    this.loadedMs = performance.now();
  }

  private replace(specs: ReadonlyMap<Instrument, InstrumentSpec>): void {
    const before = JSON.stringify([...this.specs.values()]);
    this.specs = specs;
    if (JSON.stringify([...specs.values()]) !== before) this.revision += 1;
  }
}
