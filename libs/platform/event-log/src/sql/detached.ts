import { WRITER_ROLE_NAME } from './writer-role.ts';

/**
 * Which parts of the log lie in files: the beginning of it, without a hole. A file ends where a checkpoint ends, so it may
 * hold more than its partition did; what it holds beyond that is in the table too.
 * What the writer would have to look up in files is noted where it looks anyway: which number an account had reached and
 * whether it had departed, and which cases of the quarantine were settled.
 */
export const DETACHED = `
  create table core.detached (
    first bigint primary key,
    last bigint not null unique,
    partition_last bigint not null,
    file text not null,
    bytes bigint not null,
    sha256 text not null,
    detached_at timestamptz not null default now(),
    operator text not null,
    note text not null,
    is_told boolean not null default false
  );
  alter table core.account add column detached_version bigint not null default 0, add column departed_version bigint;
  alter table core.quarantine add column settled_at timestamptz;
  do $$ begin
    if exists (select from pg_roles where rolname = '${WRITER_ROLE_NAME}') then
      grant select on core.detached to ${WRITER_ROLE_NAME};
    end if;
  end $$;
`;

export const DETACHED_UNDONE = `
  drop table core.detached;
  alter table core.account drop column detached_version, drop column departed_version;
  alter table core.quarantine drop column settled_at`;
