import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { SeenCheckpoint } from '../checker/run-record.ts';

const LOOK_MS = 500;
const KEPT_IN = `select table_schema as owner, table_name as kept from information_schema.tables
  where table_name in ('checkpoint', 'table_checkpoint') and table_schema <> 'core'`;

/** Looks at every checkpoint that is kept, again and again, and at the head of the log after each look. */
export class CheckpointWatch {
  readonly seen: SeenCheckpoint[] = [];
  private isOver = false;
  private readonly running: Promise<void>;

  constructor(private readonly pool: Pool) {
    this.running = this.look();
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.running;
  }

  private async look(): Promise<void> {
    while (!this.isOver) {
      await pause(LOOK_MS);
      // While the database is away nobody's checkpoint moves.
      await this.lookOnce().catch(() => undefined);
    }
  }

  private async lookOnce(): Promise<void> {
    const { rows } = await this.pool.query<{ owner: string; kept: string }>(KEPT_IN);
    if (rows.length === 0) return;
    const each = rows.map(({ owner, kept }) => {
      const build = kept === 'checkpoint' ? `''` : `'#' || build`;
      return `select '${owner} ' || name || ' ' || version || ${build} as reader, position from ${owner}.${kept}`;
    });
    const checkpoints = await this.pool.query<{ reader: string; position: string }>(each.join(' union all '));
    const head = await this.pool.query<{ position: string }>('select position from core.log_head');
    for (const { reader, position } of checkpoints.rows)
      this.seen.push({ reader, position: Number(position), head: Number(head.rows[0]?.position) });
  }
}
