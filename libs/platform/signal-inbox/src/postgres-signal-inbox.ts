import type { Uuid } from '@core/contracts/primitives';
import { Together } from '@core/service/together';
import { senderVersion } from '@core/registry/sender-version';
import { patience } from '@core/service/postgres-patience';
import type { OnApplicationShutdown } from '@nestjs/common';
import { Pool } from 'pg';
import { migrateSignalInbox } from './migrations.ts';
import {
  SignalInbox,
  type EarlierDelivery,
  type PendingDelivery,
  type Received,
  type DeliveryConclusion,
} from './signal-inbox.ts';

const CONNECTIONS = 4;
/** As many as are taken on at once, and as are forgotten at once. */
const CLAIMED_MAX = 1_000;
const FORGOTTEN_MAX = 10_000;
/** As many are kept by one statement, each with a body of some kilobytes. */
const TOGETHER_MAX = 100;

/**
 * A plan that was made while the table was empty reads all of it for each group until somebody analyses it: whatever is
 * asked here is found by an index.
 */
const BY_INDEX = ['seqscan', 'hashjoin', 'mergejoin'].map((way) => `-c enable_${way}=off`).join(' ');

/** Answers that turned a delivery away: the same again is a new attempt. */
const TURNED_AWAY = '401, 429, 502, 503';

/** What comes or ends at the same time is written together, in the order of its arrival. */
const putting = (condition: string): string => `
  insert into proquant_webhook.delivery as known
    (id, integration_id, account_id, token_hash, registration, type, strategy_id, sent_at, body, bytes, sha256, look_at)
  select id, "integrationId", "accountId", "tokenHash", registration, type, "strategyId", "sentAt", body, bytes, sha256,
    now() + $2 * interval '1 ms'
  from rows from (json_to_recordset($1::json) as (
    id uuid, "integrationId" text, "accountId" uuid, "tokenHash" text, registration text, type text,
    "strategyId" text, "sentAt" timestamptz, body text, bytes integer, sha256 text, version text)) with ordinality
  ${condition}
  order by ordinality
  on conflict (id) do update set
    deliveries = known.deliveries + 1,
    account_id = coalesce(excluded.account_id, known.account_id),
    token_hash = case when excluded.token_hash is null then null else known.token_hash end,
    state = case when known.status in (${TURNED_AWAY}) then 'pending' else known.state end,
    look_at = greatest(known.look_at, excluded.look_at)
  returning id, deliveries, status`;
const PUT = putting('');
const PUT_OF_KNOWN = putting(
  `where case when version is null then true else version = ${senderVersion('"integrationId"::uuid')} end`,
);
const CONCLUDE = `
  update proquant_webhook.delivery as known
  set state = said.state, status = said.status, verdict = said.verdict, detail = said.detail, answered_at = now()
  from json_to_recordset($1::json) as said (id uuid, state text, status integer, verdict text, detail text)
  where known.id = said.id
    and (known.state, known.status, known.verdict) is distinct from (said.state, said.status, said.verdict)`;

/** In the table of proquant-webhook's own schema (`migrateSignalInbox`). */
export class PostgresSignalInbox extends SignalInbox implements OnApplicationShutdown {
  private readonly arriving = new Together((received: readonly Arriving[]) => this.keep(received), TOGETHER_MAX, idOf);
  private readonly ending = new Together((ended: readonly Ended[]) => this.end(ended), TOGETHER_MAX, idOf);

  private constructor(
    private readonly pool: Pool,
    /** What is written here is on disk with the next commit of anybody who waits for theirs. */
    private readonly relaxed: Pool,
    private readonly leaseMs: number,
  ) {
    super();
  }

  /**
   * Brought up to date first. Senders wait `timeoutMs` for the database at most; `leaseMs` is how long whoever took a
   * delivery on has time before it is looked at again.
   */
  static async open(url: string, timeoutMs: number, leaseMs: number): Promise<PostgresSignalInbox> {
    await migrateSignalInbox(url);
    const open = (max: number, more = ''): Pool => {
      const options = `${BY_INDEX}${more}`;
      const pool = new Pool({ connectionString: url, max, options, keepAlive: true, ...patience(timeoutMs) });
      // A connection that broke while idle is replaced; whoever needs one that cannot be had gets the error.
      pool.on('error', () => undefined);
      return pool;
    };
    return new PostgresSignalInbox(open(CONNECTIONS), open(1, ' -c synchronous_commit=off'), leaseMs);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.pool.end(), this.relaxed.end()]);
  }

  override async put(received: Received): Promise<EarlierDelivery | null> {
    const before = await this.arriving.run({ ...received, version: null });
    if (before === 'changed') throw new Error('every delivery of no version is a row');
    return before;
  }

  override putOf(version: string, received: Received): Promise<EarlierDelivery | null | 'changed'> {
    return this.arriving.run({ ...received, version });
  }

  override conclude(id: Uuid, conclusion: DeliveryConclusion): Promise<void> {
    return this.ending.run({ ...conclusion, id, isAwaited: true });
  }

  override concludeSoon(id: Uuid, conclusion: DeliveryConclusion): Promise<void> {
    return this.ending.run({ ...conclusion, id, isAwaited: false });
  }

  override async claim(which: 'due' | 'all'): Promise<readonly PendingDelivery[]> {
    const { rows } = await this.pool.query<PendingDelivery>({
      text: `
        with due as (
          select id from proquant_webhook.delivery
          where state = 'pending' and body is not null and (look_at <= now() or $2)
          order by arrival limit ${CLAIMED_MAX} for update skip locked
        ), claimed as (
          update proquant_webhook.delivery as claimed
          set look_at = now() + greatest($1 * interval '1 ms', least(now() - received_at, interval '1 minute'))
          from due where claimed.id = due.id
          returning claimed.*
        )
        select id, integration_id as "integrationId", token_hash as "tokenHash", registration, body
        from claimed order by arrival`,
      values: [this.leaseMs, which === 'all'],
    });
    return rows;
  }

  override async reopen(id: Uuid): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `update proquant_webhook.delivery set state = 'pending', replays = replays + 1, look_at = now() where id = $1 and body is not null`,
      [id],
    );
    return rowCount === 1;
  }

  override async forget(days: number): Promise<void> {
    await this.pool.query(
      `delete from proquant_webhook.delivery where id in (
         select id from proquant_webhook.delivery
         where received_at < now() - $1 * interval '1 day' and state <> 'pending'
         order by arrival limit ${FORGOTTEN_MAX})`,
      [days],
    );
  }

  private async keep(received: readonly Arriving[]): Promise<(EarlierDelivery | null | 'changed')[]> {
    const isPlain = received.every(({ version }) => version === null);
    const isVouched = received.every(({ version }) => version !== null);
    const { rows } = await (isVouched ? this.relaxed : this.pool).query<{
      id: Uuid;
      deliveries: number;
      status: number | null;
    }>({
      ...(isPlain ? { name: 'put-deliveries', text: PUT } : { name: 'put-deliveries-of-known', text: PUT_OF_KNOWN }),
      values: [JSON.stringify(received), this.leaseMs],
    });
    const kept = new Map(rows.map((row) => [row.id, row]));
    return received.map(({ id }) => {
      const row = kept.get(id);
      if (!row) return 'changed';
      return row.deliveries > 1 ? { status: row.status } : null;
    });
  }

  private async end(ended: readonly Ended[]): Promise<void[]> {
    const pool = ended.some(({ isAwaited }) => isAwaited) ? this.pool : this.relaxed;
    await pool.query({ name: 'conclude-deliveries', text: CONCLUDE, values: [JSON.stringify(ended)] });
    return ended.map(() => undefined);
  }
}

/** `version` is null where its sender was asked for, or is not known. */
type Arriving = Received & { readonly version: string | null };

type Ended = DeliveryConclusion & { readonly id: Uuid; readonly isAwaited: boolean };

const idOf = ({ id }: { readonly id: Uuid }): Uuid => id;
