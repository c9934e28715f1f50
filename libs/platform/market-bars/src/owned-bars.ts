import type { Bar } from '@core/bars/bar';
import type { Range, Ranges } from '@core/bars/known-ranges';
import type { Instrument, Venue } from '@core/contracts/primitives';
import { patience } from '@core/service/postgres-patience';
import { endSilentHolder } from '@core/service/silent-holder';
import { withTimeout } from '@core/service/with-timeout';
import { DataSource, type QueryRunner } from 'typeorm';
import { BarStore, type VenueTerms } from './bar-store.ts';
import { marketEntities } from './entities.ts';

/** Advisory locks of the owners of venues; the second number is the venue's. */
const OWNER_LOCKS = 7_310_004;
/** How long a connection may take to be let go of. */
const CLOSING_MS = 2_000;

export interface OwnerAddress {
  readonly url: string;
  readonly venue: Venue;
  /** What takes longer has failed. */
  readonly timeoutMs: number;
}

/**
 * The bars of one venue as their owner writes them, on the connection that holds the venue's lock. Whatever fails here
 * leaves open who owns the venue: `close` it and open another.
 */
export class OwnedBars {
  private last: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly source: DataSource,
    private readonly runner: QueryRunner,
    private readonly venue: Venue,
    private readonly store: BarStore,
  ) {}

  /** Connects; the venue is owned once `hold` has said so. */
  static async open({ url, venue, timeoutMs }: OwnerAddress): Promise<OwnedBars> {
    const extra = { max: 1, keepAlive: true, ...patience(timeoutMs) };
    const source = new DataSource({ type: 'postgres', url, entities: marketEntities, extra });
    await source.initialize();
    const runner = source.createQueryRunner();
    return new OwnedBars(source, runner, venue, new BarStore(runner.manager));
  }

  /** Whether this connection owns the venue from now on; not while another does. */
  async hold(): Promise<boolean> {
    const sql = 'select pg_try_advisory_lock($1, hashtext($2)) as held';
    const rows = (await this.runner.query(sql, [OWNER_LOCKS, this.venue])) as { held: boolean }[];
    return rows[0]?.held === true;
  }

  /** Ends an owner that has shown no sign of life for so long; it writes or asks on this lock's connection all the time. */
  async endSilentOwner(silentMs: number): Promise<void> {
    const [key] = (await this.runner.query('select hashtext($1) as venue', [this.venue])) as { venue: number }[];
    const ask = (sql: string, values: unknown[]): Promise<unknown> => this.runner.query(sql, values);
    await endSilentHolder(ask, [OWNER_LOCKS, key?.venue ?? 0, 2], silentMs);
  }

  /** Rejects where the connection is lost, and the lock with it: of that an owner with nothing to write hears nothing. */
  async confirm(): Promise<void> {
    await this.inTurn(() => this.runner.query('select 1'));
  }

  terms(): Promise<VenueTerms | null> {
    return this.inTurn(() => this.store.terms(this.venue));
  }

  putTerms(terms: VenueTerms): Promise<void> {
    return this.inTurn(() => this.store.putTerms(this.venue, terms));
  }

  known(): Promise<ReadonlyMap<Instrument, Ranges>> {
    return this.inTurn(() => this.store.knownOf(this.venue));
  }

  draft(bars: ReadonlyMap<Instrument, Bar>): Promise<void> {
    return this.inTurn(() => this.store.draft(this.venue, bars));
  }

  settle(range: Range, bars: ReadonlyMap<Instrument, readonly Bar[]>): Promise<void> {
    return this.inTurn(() => this.store.settle(this.venue, range, bars));
  }

  /** Resolves at the latest after a while: a server that hangs is not waited for. */
  async close(): Promise<void> {
    const closed = this.runner.release().then(() => this.source.destroy());
    await withTimeout(closed, CLOSING_MS, () => undefined);
  }

  /** One connection, and transactions on it: each begins when the one before has ended. */
  private inTurn<Value>(task: () => Promise<Value>): Promise<Value> {
    const turn = this.last.then(task);
    this.last = turn.catch(() => undefined);
    return turn;
  }
}
