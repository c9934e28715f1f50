import type { Event } from '@core/contracts/event';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import { KeyedQueue } from '@core/kernel/keyed-queue';
import { PrimaryClient } from '@core/service/primary-client';
import type { Client } from 'pg';
import type { DetachedLog } from './detached/detached-log.ts';
import { whileNothingMoves, type DetachedRange } from './detached/detached-ranges.ts';
import { causationIn } from './detached/log-section.ts';
import { Forgetting, remade, type ForgottenCounts, type Horizons } from './forgetting.ts';
import { ForgottenIds } from './forgotten-ids.ts';
import { giveUpRights } from './give-up-rights.ts';
import { FORGETTING_LOCK } from './sql/retention.ts';

interface MemoryOptions {
  readonly url: string;
  /** Memory for which ids were forgotten. */
  readonly forgottenBytes?: number;
}

const CONNECT_TIMEOUT_MS = 10_000;
const FORGOTTEN_BYTES = 1_048_576;

/** What was forgotten and comes again is known again: its sender asks the log for it by its id. */
const KNOW_AGAIN = `
  insert into core.event_identity (event_id, position, again_at)
  select event_id, position, now() from core.event where account_id = any($1::uuid[]) and event_id = any($2::uuid[])
  on conflict (event_id) do update set again_at = now()`;

/** The same of what was found in files. */
const KNOW_PLACES = `
  insert into core.event_identity (event_id, position, again_at)
  select id, position, now() from unnest($1::uuid[], $2::bigint[]) as found(id, position)
  on conflict (event_id) do update set again_at = now()`;

/** What led to events of an account. */
const CAUSES = 'select distinct causation_id as id from core.event where account_id = $1 and causation_id is not null';
const UNANSWERED = `select id from unnest($1::uuid[]) as led(id)
  where not exists (select from core.command_answer where command_id = id)`;

/** What a writer has forgotten, and finds in the log where it comes again. */
export class WriterMemory {
  private forgotten = new ForgottenIds(new Uint8Array(1));
  private readonly changes = new KeyedQueue(0);

  constructor(
    /** The one that appends, so that what is known again is known to what comes after it. */
    private readonly client: Client,
    private readonly writer: Uuid,
    private readonly options: MemoryOptions,
    private readonly detached: DetachedLog,
  ) {}

  /** Whoever wrote before may be about to forget: it has done so, or never will, before what is forgotten is read. */
  async load(): Promise<void> {
    await this.client.query('select pg_advisory_lock($1)', [FORGETTING_LOCK]);
    await this.client.query('select pg_advisory_unlock($1)', [FORGETTING_LOCK]);
    this.forgotten = await ForgottenIds.load(this.client, this.size);
  }

  mayHave(id: Uuid): boolean {
    return this.forgotten.mayHave(id);
  }

  /** From 0 to 1. */
  get fill(): number {
    return this.forgotten.fill;
  }

  /** Looks at all events of their accounts, and for their ids into every file. */
  async knowAgain(events: readonly Event[]): Promise<void> {
    const accounts = [...new Set(events.map(({ subject }) => subject))];
    const values = [accounts, events.map(({ id }) => id)];
    const places = await whileNothingMoves(this.client, async (ranges) => {
      await this.client.query({ name: 'core-know-again', text: KNOW_AGAIN, values });
      return this.placesInFiles(ranges, events);
    });
    if (places.size > 0) await this.client.query(KNOW_PLACES, [[...places.keys()], [...places.values()]]);
  }

  /** `noneAppends` resolves when what looked into the filter is over. */
  forget(horizons: Horizons, noneAppends: () => Promise<unknown>): Promise<ForgottenCounts> {
    return this.changing(async (client) => {
      if (this.forgotten.size !== this.size) {
        const made = await remade(client, this.size, this.detached);
        await made.save(client, this.writer);
        this.forgotten = made;
      }
      return new Forgetting(client, this.writer, this.forgotten, noneAppends, this.detached).round(horizons);
    });
  }

  /** They are remembered as forgotten before anybody may ask for them again. */
  lookUpCommandsOf(account: AccountId): Promise<void> {
    return this.changing(async (client) => {
      const causes = await whileNothingMoves(client, async (ranges) => {
        const { rows: led } = await client.query<{ id: Uuid }>(CAUSES, [account]);
        return new Set([...led.map(({ id }) => id), ...(await this.causesInFiles(ranges, account))]);
      });
      const { rows } = await client.query<{ id: Uuid }>(UNANSWERED, [[...causes]]);
      const ids = rows.map(({ id }) => id);
      if (ids.length === 0) return;
      this.forgotten.add(ids);
      await this.forgotten.save(client, this.writer);
    });
  }

  private async placesInFiles(
    ranges: readonly DetachedRange[],
    events: readonly Event[],
  ): Promise<ReadonlyMap<Uuid, number>> {
    const places = new Map<Uuid, number>();
    for (const { id } of events)
      for (const [found, position] of await this.detached.places(ranges, id)) places.set(found, position);
    return places;
  }

  private async causesInFiles(ranges: readonly DetachedRange[], account: AccountId): Promise<readonly Uuid[]> {
    const causes: Uuid[] = [];
    for await (const lines of this.detached.ofAccount(ranges, account))
      causes.push(...lines.map(causationIn).filter((cause) => cause !== ''));
    return causes;
  }

  /** One after the other, on a connection of its own, so that nothing waits for it. */
  private changing<Result>(work: (client: PrimaryClient) => Promise<Result>): Promise<Result> {
    return this.changes.always('forgotten', () => this.connected(work));
  }

  private async connected<Result>(work: (client: PrimaryClient) => Promise<Result>): Promise<Result> {
    const client = new PrimaryClient({
      connectionString: this.options.url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await giveUpRights(client);
      return await work(client);
    } finally {
      await client.end();
    }
  }

  private get size(): number {
    return this.options.forgottenBytes ?? FORGOTTEN_BYTES;
  }
}
