/**
 * Appending: one call, one round trip, one transaction. The one writer knows where the log ends and says where everything
 * stands; here it is only seen that it is right about the end, which nobody else can move meanwhile, and written down.
 *
 * Events come as columns, one text each, split here: the cheapest way into Postgres that was measured
 * (arrays are parsed slowly, lines are split twice).
 * An id that the log knows makes all of it fail; the caller looks those up, leaves them out and calls again.
 * That is rare, and keeps the common path free of asking.
 */
export const APPEND_BATCH = `
  create function core.append_batch(
    this_writer uuid, head bigint, previous bytea, last bigint, next_digest bytea, moment timestamptz, build text,
    checksums bytea,
    ids text, types text, schema_versions text, accounts text, times text, correlations text, causations text,
    sources text, data_texts text, versions text, new_accounts text,
    answer_ids text, answer_ends text, answer_texts text,
    quarantined json, incarnation text, sequence bigint, batchid uuid
  ) returns void language plpgsql as $$
  declare
    s constant text := e'\\x1f';
    log core.log_head;
  begin
    update core.log_head set position = last, digest = next_digest,
      recorded_at = case when last > head then moment else recorded_at end,
      intake_incarnation = coalesce(incarnation, intake_incarnation),
      intake_sequence = coalesce(sequence, intake_sequence),
      intake_batchid = case when incarnation is null then intake_batchid else batchid end
    where singleton and writer = this_writer and position = head and digest = previous
    returning * into log;
    if not found then
      raise exception 'another writer has taken over' using errcode = 'LF001';
    end if;

    if last > head then
      if last + 100000 > log.partitioned_to then
        perform core.partition_until(last + 100000 + log.partition_events);
      end if;
      insert into core.event_identity (event_id, position)
      select id::uuid, head + n from string_to_table(ids, s) with ordinality as given(id, n);
      insert into core.event
      select head + n, account_id::uuid, version::bigint, event_id::uuid, type, schema_version::integer,
        time::timestamptz, moment, correlation_id::uuid, nullif(causation_id, '')::uuid, producer, data::json
      from rows from (
        string_to_table(ids, s), string_to_table(types, s), string_to_table(schema_versions, s),
        string_to_table(accounts, s), string_to_table(times, s), string_to_table(correlations, s),
        string_to_table(causations, s), string_to_table(sources, s), string_to_table(data_texts, s),
        string_to_table(versions, s)
      ) with ordinality as given(
        event_id, type, schema_version, account_id, time, correlation_id, causation_id, producer, data, version, n);
      insert into core.batch values (head + 1, last, moment, build, previous, next_digest, checksums);
    end if;

    if new_accounts <> '' then
      insert into core.account select id::uuid from string_to_table(new_accounts, s) as given(id);
    end if;
    if answer_ids <> '' then
      insert into core.command_answer
      select id::uuid, head + ends::bigint, answer::json
      from rows from (string_to_table(answer_ids, s), string_to_table(answer_ends, s), string_to_table(answer_texts, s))
        as given(id, ends, answer);
    end if;
    if quarantined is not null then
      insert into core.quarantine
      select q->>'messageId', moment, q->>'origin', q->>'reason', q->>'detail', decode(q->>'body', 'base64')
      from json_array_elements(quarantined) as q
      on conflict do nothing;
    end if;
  end $$;
`;
