import { WRITER_ROLE_NAME } from './writer-role.ts';

/** Checkpoints as the database keeps them: for who asks there, and no proof against whoever owns it. */
export const CHECKPOINTS = `
  create table core.checkpoint (last bigint primary key, first bigint not null unique, signed json not null);
  create trigger insert_only before update or delete or truncate on core.checkpoint
    for each statement execute function core.refuse_change();
  create index command_answer_by_position on core.command_answer (position);
  do $$ begin
    if exists (select from pg_roles where rolname = '${WRITER_ROLE_NAME}') then
      grant select, insert on core.checkpoint to ${WRITER_ROLE_NAME};
    end if;
  end $$;
`;
