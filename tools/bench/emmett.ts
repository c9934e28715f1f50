import type { Event } from '@core/contracts/event';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { poolOf, type EventStore } from './one-a-call.ts';

const MANIFEST = join(__dirname, 'emmett');
const FETCHED = join('.data', 'bench-emmett');
const PACKAGE = '@event-driven-io/emmett-postgresql';

/** What of its API is called here. */
interface Emmett {
  getPostgreSQLEventStore(url: string, options: { readonly connectionOptions: { readonly pool: Pool } }): Store;
}

interface Store {
  readonly schema: { migrate(): Promise<unknown> };
  appendToStream(stream: string, events: readonly object[]): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * Emmett's event store: one call of its function, one transaction for each event. Its packages state no licence, so no
 * dependency of ours brings them: they are fetched, as their lock file says, by whoever asks to measure beside them.
 */
export class EmmettStore implements EventStore {
  private constructor(
    private readonly store: Store,
    private readonly pool: Pool,
  ) {}

  static fetch(): void {
    if (existsSync(join(FETCHED, 'node_modules', PACKAGE))) return;
    mkdirSync(FETCHED, { recursive: true });
    cpSync(MANIFEST, FETCHED, { recursive: true });
    execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: FETCHED, stdio: 'inherit' });
  }

  static async open(url: string, connections: number): Promise<EmmettStore> {
    const load = createRequire(join(process.cwd(), FETCHED, 'package.json'));
    const { getPostgreSQLEventStore } = load(PACKAGE) as Emmett;
    const pool = poolOf(url, connections);
    const store = getPostgreSQLEventStore(url, { connectionOptions: { pool } });
    await store.schema.migrate();
    return new EmmettStore(store, pool);
  }

  append({ type, data, subject, ...metadata }: Event): Promise<unknown> {
    return this.store.appendToStream(subject, [{ type, data, metadata }]);
  }

  async close(): Promise<void> {
    await this.store.close();
    await this.pool.end();
  }
}
