/**
 * Appending: one call, one round trip, one transaction.
 *
 * Events come as columns, one text each, split here: the cheapest way into Postgres that was measured
 * (arrays are parsed slowly, lines are split twice). `ordinals` counts each account's events within the batch from 1.
 * If the log knows some of the ids nothing is written at all and they are returned with what is stored under them;
 * the caller leaves them out and calls again. That is rare, and keeps the common path free of special cases.
 *
 * The planner's guesses for a function over text are worth nothing, so the plan is pinned to index look-ups.
 */
export const APPEND_BATCH = `
  create function core.take_over(new_writer uuid) returns bigint language sql
  begin atomic
    update core.log_head set writer = new_writer where singleton returning position;
  end;

  create function core.append_batch(
    this_writer uuid, recorded text, build text,
    ids text, types text, schema_versions text, accounts text, times text, correlations text, causations text,
    sources text, data_texts text, ordinals text,
    answer_ids text, answer_ends text, answer_texts text,
    quarantined json, intake_incarnation text, intake_sequence bigint, intake_batchid uuid
  ) returns table (head bigint, recordedtime text, versions text, known json)
  language plpgsql
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
  declare
    s constant text := e'\\x1f';
    log core.log_head;
    added bigint;
    lines text;
    checksums bigint[];
    moment timestamptz;
    next_digest bytea;
  begin
    select * into log from core.log_head where singleton and writer = this_writer for update;
    if not found then
      raise exception 'another writer has taken over' using errcode = 'LF001';
    end if;

    -- Of one whose event was detached only that it is known: what it tells stands in a file.
    select json_agg(json_build_object('id', i.event_id, 'position', i.position, 'type', e.type, 'subject', e.account_id,
      'schemaversion', e.schema_version, 'data', e.data::text)) into known
    from string_to_table(ids, s) as given(id)
    join core.event_identity i on i.event_id = given.id::uuid
    left join core.event e on e.position = i.position;
    if known is not null then
      head := log.position;
      return next;
      return;
    end if;

    recorded := greatest(recorded collate "C", core.instant(log.recorded_at) collate "C");
    moment := recorded::timestamptz;
    if ids <> '' then
      if log.position + 100000 > log.partitioned_to then
        perform core.partition_until(log.position + 100000 + log.partition_events);
      end if;

      with placed as materialized (
        select log.position + n as position, coalesce(h.version, 0) + ordinal::bigint as version,
          h.version is null as is_new, event_id, type, schema_version, x.account_id,
          time, correlation_id, causation_id, producer, data
        from rows from (
          string_to_table(ids, s), string_to_table(types, s), string_to_table(schema_versions, s),
          string_to_table(accounts, s), string_to_table(times, s), string_to_table(correlations, s),
          string_to_table(causations, s), string_to_table(sources, s), string_to_table(data_texts, s),
          string_to_table(ordinals, s)
        ) with ordinality as x(
          event_id, type, schema_version, account_id, time, correlation_id, causation_id, producer, data, ordinal, n)
        left join core.account_head h on h.account_id = x.account_id::uuid
      ), identities as (
        insert into core.event_identity select p.event_id::uuid, p.position from placed p
      ), events as (
        insert into core.event
        select p.position, p.account_id::uuid, p.version, p.event_id::uuid, p.type, p.schema_version::integer, p.time::timestamptz,
          moment, p.correlation_id::uuid, nullif(p.causation_id, '')::uuid, p.producer, p.data::json
        from placed p
      ), new_heads as (
        insert into core.account_head
        select p.account_id::uuid, max(p.version) from placed p where p.is_new group by p.account_id
      ), heads as (
        update core.account_head h set version = r.version
        from (select p.account_id, max(p.version) as version from placed p where not p.is_new group by p.account_id) r
        where h.account_id = r.account_id::uuid
      ), spelled as (
        select p.position, p.version, concat_ws(s, p.position, p.version, recorded, p.event_id, p.type,
          p.schema_version, p.account_id, p.time, p.correlation_id, coalesce(p.causation_id, ''), p.producer, p.data) as line
        from placed p order by p.position
      )
      select count(*), string_agg(line, e'\\n'), array_agg(hashtextextended(line, 0)), string_agg(l.version::text, ',')
      into added, lines, checksums, versions from spelled l;

      next_digest := core.batch_digest(log.digest, log.position + 1, log.position + added, recorded, build, lines);
      insert into core.batch values (log.position + 1, log.position + added, moment, build, log.digest,
        next_digest, checksums);
      update core.log_head set position = log.position + added, recorded_at = moment,
        digest = next_digest where singleton;
    end if;

    insert into core.command_answer
    select a.id::uuid, log.position + a.ends::bigint, a.answer::json
    from rows from (string_to_table(answer_ids, s), string_to_table(answer_ends, s), string_to_table(answer_texts, s))
      as a(id, ends, answer);
    insert into core.quarantine
    select q->>'messageId', moment, q->>'origin', q->>'reason', q->>'detail', decode(q->>'body', 'base64')
    from json_array_elements(quarantined) as q
    on conflict do nothing;
    if intake_incarnation is not null then
      insert into core.intake_checkpoint (incarnation, sequence, batchid)
      values (intake_incarnation, intake_sequence, intake_batchid)
      on conflict (singleton) do update set incarnation = excluded.incarnation, sequence = excluded.sequence,
        batchid = excluded.batchid;
    end if;

    head := log.position;
    recordedtime := recorded;
    return next;
  end $$;
`;
