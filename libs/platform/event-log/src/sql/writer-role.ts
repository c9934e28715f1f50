/** The role the writer works under: it may insert into the log and change nothing in it. */
export const WRITER_ROLE_NAME = 'trading_core_writer';

/**
 * Creates the role and its grants where the migrating user may; roles belong to the whole server, so another database
 * may have made it already. Where creating is not allowed and nobody did, the writer keeps its login's own rights,
 * the triggers remain, and the ledger says so at start.
 */
export const WRITER_ROLE = `
  do $$
  begin
    if not exists (select from pg_roles where rolname = '${WRITER_ROLE_NAME}') then
      begin
        create role ${WRITER_ROLE_NAME} nologin;
      exception
        when duplicate_object or unique_violation then null;
        when insufficient_privilege then return;
      end;
    end if;
    if not pg_has_role(current_user, '${WRITER_ROLE_NAME}', 'member') then
      begin
        execute format('grant ${WRITER_ROLE_NAME} to %I', current_user);
      exception when insufficient_privilege then return;
      end;
    end if;
    grant usage on schema core to ${WRITER_ROLE_NAME};
    grant select on all tables in schema core to ${WRITER_ROLE_NAME};
    grant insert on core.event, core.batch, core.event_identity, core.account, core.command_answer, core.quarantine
      to ${WRITER_ROLE_NAME};
    grant update on core.log_head to ${WRITER_ROLE_NAME};
  end $$;
`;
