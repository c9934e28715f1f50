/**
 * Partitions of `core.event`, made ahead of the head.
 * A partition is attached when it is ready: creating it in place would lock out readers of the whole log.
 * Runs with the rights of whoever migrated, because the writer has none to create tables.
 */
export const PARTITIONS = `
  create function core.partition_until(wanted bigint) returns void
  language plpgsql security definer set search_path = core, pg_temp as $$
  declare
    head core.log_head;
    name text;
  begin
    select * into head from core.log_head where singleton for update;
    while head.partitioned_to < wanted loop
      name := 'event_from_' || head.partitioned_to + 1;
      execute format('create table core.%I (like core.event including all)', name);
      execute format('create trigger insert_only before update or delete or truncate on core.%I
        for each statement execute function core.refuse_change()', name);
      execute format('alter table core.event attach partition core.%I for values from (%s) to (%s)',
        name, head.partitioned_to + 1, head.partitioned_to + head.partition_events + 1);
      head.partitioned_to := head.partitioned_to + head.partition_events;
    end loop;
    update core.log_head set partitioned_to = head.partitioned_to where singleton;
  end $$;
`;
