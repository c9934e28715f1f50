/**
 * The tables of the log. `event` and `batch` are only ever inserted into, triggers see to it;
 * the others are bookkeeping of the one writer, changed in the same transaction.
 */
export const TABLES = `
  create table core.event (
    position bigint not null,
    account_id uuid not null,
    version bigint not null,
    event_id uuid not null,
    type text not null,
    schema_version integer not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null,
    correlation_id uuid not null,
    causation_id uuid,
    producer text not null,
    data json not null,
    primary key (position)
  ) partition by range (position);
  create index event_of_account on core.event (account_id, version);
  create index event_of_correlation on core.event (correlation_id);

  -- One row per committed batch that added events; each digest covers the one before it and the batch's lines.
  -- checksums: eight bytes an event, no proof of anything, but they tell which row of a wrong batch it is.
  create table core.batch (
    first bigint primary key,
    last bigint not null,
    recorded_at timestamptz not null,
    producer text not null,
    previous_digest bytea not null,
    digest bytea not null,
    checksums bytea not null
  );

  -- Which ids the log holds. Kept apart from the events so that it need not be partitioned with them.
  create table core.event_identity (event_id uuid primary key, position bigint not null);
  -- All that have events; how many each has stands in those.
  create table core.account (account_id uuid primary key);

  -- Where the log ends, who may write on, and where in the intake that one stands: one row, for each batch changes it.
  -- Whoever appends holds its lock until the commit.
  create table core.log_head (
    singleton boolean primary key default true check (singleton),
    position bigint not null,
    recorded_at timestamptz not null,
    digest bytea not null,
    writer uuid,
    partitioned_to bigint not null,
    partition_events bigint not null,
    intake_incarnation text,
    intake_sequence bigint,
    intake_batchid uuid
  );
  insert into core.log_head (position, recorded_at, digest, writer, partitioned_to, partition_events)
  values (0, '-infinity', '', null, 0, 5000000);

  create table core.command_answer (command_id uuid primary key, position bigint not null, answer json not null);
  create table core.quarantine (
    message_id text primary key,
    received_at timestamptz not null,
    origin text not null,
    reason text not null,
    detail text not null,
    body bytea not null
  );

  create function core.refuse_change() returns trigger language plpgsql as $$
  begin
    raise exception 'the log is insert only: no % on %', tg_op, tg_table_name using errcode = 'insufficient_privilege';
  end $$;
  create trigger insert_only before update or delete or truncate on core.event
    for each statement execute function core.refuse_change();
  create trigger insert_only before update or delete or truncate on core.batch
    for each statement execute function core.refuse_change();

  create function core.instant(moment timestamptz) returns text language sql stable parallel safe
  return to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

  -- One event as text, in the order of the fields that readers and digests rely on (stored-line.ts).
  create function core.event_line(e core.event) returns text language sql stable parallel safe
  return concat_ws(e'\\x1f', e.position, e.version, core.instant(e.recorded_at), e.event_id, e.type, e.schema_version,
    e.account_id, core.instant(e.occurred_at), e.correlation_id, coalesce(e.causation_id::text, ''), e.producer, e.data);
`;
