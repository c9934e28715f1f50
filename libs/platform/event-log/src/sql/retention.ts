import { WRITER_ROLE_NAME } from './writer-role.ts';

/** Held by whoever forgets until it is committed; a writer that takes over waits for it before it reads what was. */
export const FORGETTING_LOCK = 7_310_006;

const RETENTION_TABLES = `
  create table core.retention (
    singleton boolean primary key default true check (singleton),
    -- Ids of events up to here, answers of commands before here, settled cases of before then.
    ids_to bigint not null default 0,
    answers_to bigint not null default 0,
    cases_before timestamptz not null default '-infinity',
    filter_bytes integer not null default 0,
    least_age interval not null default '20 hours'
  );
  insert into core.retention default values;
  create table core.forgotten_ids (piece integer primary key, bits bytea not null);

  -- An id that came again is known again for a while: since when.
  alter table core.event_identity add column again_at timestamptz;
  create index event_identity_again on core.event_identity (again_at) where again_at is not null;
`;

/**
 * What the ledger keeps beside the log is forgotten in time. The writer's role may delete nothing: it calls these, which
 * forget for the present writer only, and nothing that is younger than `least_age`.
 * `forgotten_ids` is one filter of a fixed size in pieces: an id is in it before its row goes.
 */
export const FORGETTING = `
  create function core.require_forgetter(this_writer uuid) returns core.retention language plpgsql as $$
  declare kept core.retention;
  begin
    perform pg_advisory_xact_lock_shared(${FORGETTING_LOCK});
    if not exists (select from core.log_head where writer = this_writer) then
      raise exception 'another writer has taken over' using errcode = 'LF001';
    end if;
    select * into kept from core.retention;
    return kept;
  end $$;

  -- By the batch, which stays where it is when its events are detached.
  create function core.recorded_at(at bigint) returns timestamptz language sql stable
  return (select b.recorded_at from core.batch b where b.first <= at and b.last >= at order by b.first desc limit 1);

  create function core.require_old(moment timestamptz, least_age interval) returns void language plpgsql as $$
  begin
    if moment is null or moment > now() - least_age then
      raise exception 'it is too young to be forgotten' using errcode = 'insufficient_privilege';
    end if;
  end $$;

  create function core.keep_forgotten(this_writer uuid, pieces integer[], bits bytea[], size integer) returns void
  language plpgsql security definer set search_path = core, pg_temp as $$
  declare kept core.retention := core.require_forgetter(this_writer);
  begin
    if kept.filter_bytes <> size then
      delete from core.forgotten_ids;
      update core.retention set filter_bytes = size;
    end if;
    insert into core.forgotten_ids select * from unnest(pieces, bits)
    on conflict (piece) do update set bits = excluded.bits;
  end $$;

  -- detached_ids: those up to there whose events are in files, and not in the table.
  create function core.forget_ids(this_writer uuid, upto bigint, detached_ids uuid[]) returns bigint
  language plpgsql security definer set search_path = core, pg_temp as $$
  declare
    kept core.retention := core.require_forgetter(this_writer);
    gone bigint;
  begin
    perform core.require_old(core.recorded_at(upto), kept.least_age);
    delete from core.event_identity where again_at is null and position <= upto and event_id in (
      select event_id from core.event where position > kept.ids_to and position <= upto
      union all select unnest(detached_ids));
    get diagnostics gone = row_count;
    update core.retention set ids_to = greatest(ids_to, upto);
    return gone;
  end $$;

  create function core.forget_again(this_writer uuid, before timestamptz) returns bigint
  language plpgsql security definer set search_path = core, pg_temp as $$
  declare
    kept core.retention := core.require_forgetter(this_writer);
    gone bigint;
  begin
    perform core.require_old(before, kept.least_age);
    delete from core.event_identity where again_at < before and position <= kept.ids_to;
    get diagnostics gone = row_count;
    return gone;
  end $$;

  -- Where checkpoints are signed each says what was answered within it: all of that goes at once.
  create function core.forget_answers(this_writer uuid, upto bigint) returns bigint
  language plpgsql security definer set search_path = core, pg_temp as $$
  declare
    kept core.retention := core.require_forgetter(this_writer);
    gone bigint;
  begin
    perform core.require_old(core.recorded_at(upto), kept.least_age);
    if exists (select from core.checkpoint) and not exists (select from core.checkpoint where last = upto) then
      raise exception 'answers are forgotten by whole checkpoints' using errcode = 'insufficient_privilege';
    end if;
    delete from core.command_answer where position < upto;
    get diagnostics gone = row_count;
    update core.retention set answers_to = greatest(answers_to, upto);
    return gone;
  end $$;

  -- Cases that somebody settled; what became of each stands in the log.
  create function core.forget_cases(this_writer uuid, system_account uuid, settling text[], before timestamptz)
  returns bigint language plpgsql security definer set search_path = core, pg_temp as $$
  declare
    kept core.retention := core.require_forgetter(this_writer);
    gone bigint;
  begin
    perform core.require_old(before, kept.least_age);
    if not exists (select from core.quarantine where received_at < before) then return 0; end if;
    delete from core.quarantine where received_at < before and (settled_at < before or message_id in (
      select e.data->>'messageId' from core.event e
      where e.account_id = system_account and e.type = any(settling) and e.recorded_at < before));
    get diagnostics gone = row_count;
    update core.retention set cases_before = greatest(cases_before, before);
    return gone;
  end $$;

  revoke execute on function core.keep_forgotten, core.forget_ids, core.forget_again, core.forget_answers,
    core.forget_cases from public;
  do $$ begin
    if exists (select from pg_roles where rolname = '${WRITER_ROLE_NAME}') then
      grant select on core.retention, core.forgotten_ids to ${WRITER_ROLE_NAME};
      grant update (again_at) on core.event_identity to ${WRITER_ROLE_NAME};
      grant execute on function core.keep_forgotten, core.forget_ids, core.forget_again, core.forget_answers,
        core.forget_cases to ${WRITER_ROLE_NAME};
    end if;
  end $$;
`;

export const RETENTION = RETENTION_TABLES + FORGETTING;

export const RETENTION_UNDONE = `
  drop function core.keep_forgotten, core.forget_ids, core.forget_again, core.forget_answers, core.forget_cases,
    core.require_forgetter, core.require_old, core.recorded_at;
  drop table core.retention, core.forgotten_ids;
  alter table core.event_identity drop column again_at`;
