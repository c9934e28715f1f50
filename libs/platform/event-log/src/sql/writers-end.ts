import { APPEND_BATCH } from './append-batch.ts';
import { FORGETTING } from './retention.ts';
import { WRITER_ROLE } from './writer-role.ts';

/**
 * Brings a log to the shape in which its writer knows where it ends (docs/decisions/0098); one that was made in that
 * shape stays as it is. The checksums are made anew of the rows as they stand: what these are the digests say as before.
 */
export const WRITERS_END = `
  do $upgrade$ begin
    if to_regclass('core.account_head') is null then return; end if;

    create table core.account (account_id uuid primary key);
    insert into core.account select account_id from core.account_head;
    drop table core.account_head;

    alter table core.log_head
      add column intake_incarnation text, add column intake_sequence bigint, add column intake_batchid uuid;
    update core.log_head set intake_incarnation = incarnation, intake_sequence = sequence, intake_batchid = batchid
      from core.intake_checkpoint;
    drop table core.intake_checkpoint;

    alter table core.batch disable trigger insert_only, add column sums bytea;
    update core.batch b set sums = (
      select string_agg(substring(sha256(convert_to(core.event_line(e), 'UTF8')) for 8), '' order by e.position)
      from core.event e where e.position between b.first and b.last);
    alter table core.batch drop column checksums;
    alter table core.batch rename column sums to checksums;
    alter table core.batch alter column checksums set not null, enable trigger insert_only;

    drop function core.take_over, core.append_batch, core.batch_digest, core.keep_forgotten, core.forget_ids,
      core.forget_again, core.forget_answers, core.forget_cases, core.require_forgetter, core.require_old;
    ${APPEND_BATCH}
    ${FORGETTING}
    ${WRITER_ROLE}
  end $upgrade$`;
