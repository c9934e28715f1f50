SET check_function_bodies = false;
CREATE SCHEMA core;
CREATE FUNCTION core.append_batch(this_writer uuid, recorded text, build text, ids text, types text, schema_versions text, accounts text, times text, correlations text, causations text, sources text, data_texts text, ordinals text, answer_ids text, answer_ends text, answer_texts text, quarantined json, intake_incarnation text, intake_sequence bigint, intake_batchid uuid) RETURNS TABLE(head bigint, recordedtime text, versions text, known json)
    LANGUAGE plpgsql
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
  declare
    s constant text := e'\x1f';
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
    select json_agg(json_build_object('id', e.event_id, 'position', e.position, 'type', e.type, 'subject', e.account_id,
      'schemaversion', e.schema_version, 'data', e.data::text)) into known
    from string_to_table(ids, s) as given(id)
    join core.event_identity i on i.event_id = given.id::uuid
    join core.event e on e.position = i.position;
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
      select count(*), string_agg(line, e'\n'), array_agg(hashtextextended(line, 0)), string_agg(l.version::text, ',')
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
CREATE FUNCTION core.batch_digest(previous bytea, first bigint, last bigint, recorded text, producer text, lines text) RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN sha256((previous || convert_to(((concat_ws(''::text, first, last, recorded, producer) || '
'::text) || lines), 'UTF8'::name)));
CREATE FUNCTION core.instant(moment timestamp with time zone) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN to_char((moment AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'::text);
CREATE TABLE core.event (
    "position" bigint NOT NULL,
    account_id uuid NOT NULL,
    version bigint NOT NULL,
    event_id uuid NOT NULL,
    type text NOT NULL,
    schema_version integer NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    correlation_id uuid NOT NULL,
    causation_id uuid,
    producer text NOT NULL,
    data json NOT NULL
)
PARTITION BY RANGE ("position");
CREATE FUNCTION core.event_line(e core.event) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN concat_ws(''::text, (e)."position", (e).version, core.instant((e).recorded_at), (e).event_id, (e).type, (e).schema_version, (e).account_id, core.instant((e).occurred_at), (e).correlation_id, COALESCE(((e).causation_id)::text, ''::text), (e).producer, (e).data);
CREATE FUNCTION core.forget_again(this_writer uuid, before timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'pg_temp'
    AS $$
  declare
    kept core.retention := core.require_forgetter(this_writer);
    gone bigint;
  begin
    perform core.require_old(before, kept.least_age);
    delete from core.event_identity where again_at < before and position <= kept.ids_to;
    get diagnostics gone = row_count;
    return gone;
  end $$;
CREATE FUNCTION core.forget_answers(this_writer uuid, upto bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'pg_temp'
    AS $$
  declare
    kept core.retention := core.require_forgetter(this_writer);
    gone bigint;
  begin
    perform core.require_old((select recorded_at from core.event where position = upto), kept.least_age);
    if exists (select from core.checkpoint) and not exists (select from core.checkpoint where last = upto) then
      raise exception 'answers are forgotten by whole checkpoints' using errcode = 'insufficient_privilege';
    end if;
    delete from core.command_answer where position < upto;
    get diagnostics gone = row_count;
    update core.retention set answers_to = greatest(answers_to, upto);
    return gone;
  end $$;
CREATE FUNCTION core.forget_cases(this_writer uuid, system_account uuid, settling text[], before timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'pg_temp'
    AS $$
  declare
    kept core.retention := core.require_forgetter(this_writer);
    gone bigint;
  begin
    perform core.require_old(before, kept.least_age);
    if not exists (select from core.quarantine where received_at < before) then return 0; end if;
    delete from core.quarantine where received_at < before and message_id in (
      select e.data->>'messageId' from core.event e
      where e.account_id = system_account and e.type = any(settling) and e.recorded_at < before);
    get diagnostics gone = row_count;
    update core.retention set cases_before = greatest(cases_before, before);
    return gone;
  end $$;
CREATE FUNCTION core.forget_ids(this_writer uuid, upto bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'pg_temp'
    AS $$
  declare
    kept core.retention := core.require_forgetter(this_writer);
    gone bigint;
  begin
    perform core.require_old((select recorded_at from core.event where position = upto), kept.least_age);
    delete from core.event_identity where again_at is null and event_id in (
      select event_id from core.event where position > kept.ids_to and position <= upto);
    get diagnostics gone = row_count;
    update core.retention set ids_to = greatest(ids_to, upto);
    return gone;
  end $$;
CREATE FUNCTION core.keep_forgotten(this_writer uuid, pieces integer[], bits bytea[], size integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'pg_temp'
    AS $$
  declare kept core.retention := core.require_forgetter(this_writer);
  begin
    if kept.filter_bytes <> size then
      delete from core.forgotten_ids;
      update core.retention set filter_bytes = size;
    end if;
    insert into core.forgotten_ids select * from unnest(pieces, bits)
    on conflict (piece) do update set bits = excluded.bits;
  end $$;
CREATE FUNCTION core.partition_until(wanted bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'pg_temp'
    AS $$
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
CREATE FUNCTION core.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
  begin
    raise exception 'the log is insert only: no % on %', tg_op, tg_table_name using errcode = 'insufficient_privilege';
  end $$;
CREATE TABLE core.retention (
    singleton boolean DEFAULT true NOT NULL,
    ids_to bigint DEFAULT 0 NOT NULL,
    answers_to bigint DEFAULT 0 NOT NULL,
    cases_before timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    filter_bytes integer DEFAULT 0 NOT NULL,
    least_age interval DEFAULT '20:00:00'::interval NOT NULL,
    CONSTRAINT retention_singleton_check CHECK (singleton)
);
CREATE FUNCTION core.require_forgetter(this_writer uuid) RETURNS core.retention
    LANGUAGE plpgsql
    AS $$
  declare kept core.retention;
  begin
    perform pg_advisory_xact_lock_shared(7310006);
    if not exists (select from core.log_head where writer = this_writer) then
      raise exception 'another writer has taken over' using errcode = 'LF001';
    end if;
    select * into kept from core.retention;
    return kept;
  end $$;
CREATE FUNCTION core.require_old(moment timestamp with time zone, least_age interval) RETURNS void
    LANGUAGE plpgsql
    AS $$
  begin
    if moment is null or moment > now() - least_age then
      raise exception 'it is too young to be forgotten' using errcode = 'insufficient_privilege';
    end if;
  end $$;
CREATE TABLE core.log_head (
    singleton boolean DEFAULT true NOT NULL,
    "position" bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    digest bytea NOT NULL,
    writer uuid,
    partitioned_to bigint NOT NULL,
    partition_events bigint NOT NULL,
    CONSTRAINT log_head_singleton_check CHECK (singleton)
);
CREATE FUNCTION core.take_over(new_writer uuid) RETURNS bigint
    LANGUAGE sql
    BEGIN ATOMIC
 UPDATE core.log_head SET writer = take_over.new_writer
   WHERE log_head.singleton
   RETURNING log_head."position";
END;
CREATE TABLE core.account_head (
    account_id uuid NOT NULL,
    version bigint NOT NULL
)
WITH (fillfactor='50');
CREATE TABLE core.batch (
    first bigint NOT NULL,
    last bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    producer text NOT NULL,
    previous_digest bytea NOT NULL,
    digest bytea NOT NULL,
    checksums bigint[] NOT NULL
);
CREATE TABLE core.checkpoint (
    last bigint NOT NULL,
    first bigint NOT NULL,
    signed json NOT NULL
);
CREATE TABLE core.command_answer (
    command_id uuid NOT NULL,
    "position" bigint NOT NULL,
    answer json NOT NULL
);
CREATE TABLE core.event_from_1 (
    "position" bigint NOT NULL,
    account_id uuid NOT NULL,
    version bigint NOT NULL,
    event_id uuid NOT NULL,
    type text NOT NULL,
    schema_version integer NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    correlation_id uuid NOT NULL,
    causation_id uuid,
    producer text NOT NULL,
    data json NOT NULL
);
CREATE TABLE core.event_from_5000001 (
    "position" bigint NOT NULL,
    account_id uuid NOT NULL,
    version bigint NOT NULL,
    event_id uuid NOT NULL,
    type text NOT NULL,
    schema_version integer NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    correlation_id uuid NOT NULL,
    causation_id uuid,
    producer text NOT NULL,
    data json NOT NULL
);
CREATE TABLE core.event_identity (
    event_id uuid NOT NULL,
    "position" bigint NOT NULL,
    again_at timestamp with time zone
);
CREATE TABLE core.forgotten_ids (
    piece integer NOT NULL,
    bits bytea NOT NULL
);
CREATE TABLE core.intake_checkpoint (
    singleton boolean DEFAULT true NOT NULL,
    incarnation text NOT NULL,
    sequence bigint NOT NULL,
    batchid uuid,
    CONSTRAINT intake_checkpoint_singleton_check CHECK (singleton)
);
CREATE TABLE core.migrations (
    id integer NOT NULL,
    "timestamp" bigint NOT NULL,
    name character varying NOT NULL
);
CREATE SEQUENCE core.migrations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE core.migrations_id_seq OWNED BY core.migrations.id;
CREATE TABLE core.quarantine (
    message_id text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    origin text NOT NULL,
    reason text NOT NULL,
    detail text NOT NULL,
    body bytea NOT NULL
);
ALTER TABLE ONLY core.event ATTACH PARTITION core.event_from_1 FOR VALUES FROM ('1') TO ('5000001');
ALTER TABLE ONLY core.event ATTACH PARTITION core.event_from_5000001 FOR VALUES FROM ('5000001') TO ('10000001');
ALTER TABLE ONLY core.migrations ALTER COLUMN id SET DEFAULT nextval('core.migrations_id_seq'::regclass);
INSERT INTO core.account_head VALUES ('00000000-0000-4000-8000-00000000acc1', 4);
INSERT INTO core.account_head VALUES ('00000000-0000-4000-8000-00000000acc2', 2);
INSERT INTO core.batch VALUES (1, 1, '2026-01-05 10:00:00.000001+00', 'ledger@0.1.0', '\x', '\x1f39615b71ce87a3edb97068b14604ad57f39c8c7da28f7330d366ef81c5a364', '{5014449736300742756}');
INSERT INTO core.batch VALUES (2, 4, '2026-01-05 10:00:01+00', 'ledger@0.1.0', '\x1f39615b71ce87a3edb97068b14604ad57f39c8c7da28f7330d366ef81c5a364', '\xf0cdab023d3b005b9e595da53813333808aa5370355e472783f2e80838f30f0a', '{-8673692443243408823,5223961829865251544,6444759677598842467}');
INSERT INTO core.batch VALUES (5, 6, '2026-01-05 10:00:03.123456+00', 'ledger@0.1.0', '\xf0cdab023d3b005b9e595da53813333808aa5370355e472783f2e80838f30f0a', '\x55f69c351cf7248c5161c4c472081e65389888f38a669716d0502837dd42e3a1', '{491621520559946697,-3883084289207753141}');
INSERT INTO core.command_answer VALUES ('00000000-0000-4000-8000-00000000c001', 1, '{"ok":true,"position":0,"eventIds":["00000000-0000-4000-8000-00000000e001"],"content":"00000000-0000-4000-8000-00000000c002"}');
INSERT INTO core.event_from_1 VALUES (1, '00000000-0000-4000-8000-00000000acc1', 1, '00000000-0000-4000-8000-00000000e001', 'AccountRegistered', 2, '2026-01-05 10:00:00+00', '2026-01-05 10:00:00.000001+00', '00000000-0000-4000-8000-0000000000c0', NULL, 'example@0.0.0', '{"traderId":"00000000-0000-4000-8000-000000007ade","venue":"demo","mode":"demo"}');
INSERT INTO core.event_from_1 VALUES (2, '00000000-0000-4000-8000-00000000acc1', 2, '00000000-0000-4000-8000-00000000e002', 'AccountUpdated', 1, '2026-01-05 10:00:00+00', '2026-01-05 10:00:01+00', '00000000-0000-4000-8000-0000000000c0', NULL, 'example@0.0.0', '{"currency":"USD","leverage":"100","group":"demo","tradingDisabled":false}');
INSERT INTO core.event_from_1 VALUES (3, '00000000-0000-4000-8000-00000000acc2', 1, '00000000-0000-4000-8000-00000000e003', 'AccountRegistered', 2, '2026-01-05 10:00:00+00', '2026-01-05 10:00:01+00', '00000000-0000-4000-8000-0000000000c0', NULL, 'example@0.0.0', '{"traderId":"00000000-0000-4000-8000-000000007ade","venue":"demo","mode":"demo"}');
INSERT INTO core.event_from_1 VALUES (4, '00000000-0000-4000-8000-00000000acc1', 3, '00000000-0000-4000-8000-00000000e004', 'PositionOpened', 1, '2026-01-05 10:00:00+00', '2026-01-05 10:00:01+00', '00000000-0000-4000-8000-0000000000c0', NULL, 'example@0.0.0', '{"positionId":"00000000-0000-4000-8000-000000009001","brokerPosition":"500000107","orderId":"00000000-0000-4000-8000-0000000000d1","instrument":"EURUSD","contract":{"contractSize":"100000","baseCurrency":"EUR","quoteCurrency":"USD","digits":5,"pipSize":"0.0001"},"side":"buy","volumeLots":"0.1","price":"1.1","openedAt":"2026-01-05T10:00:00.123000Z","stopLoss":"1.09","takeProfit":"1.12","trailingPoints":null,"commission":"0","swap":"0","comment":null,"signal":null,"inferred":false}');
INSERT INTO core.event_from_1 VALUES (5, '00000000-0000-4000-8000-00000000acc2', 2, '00000000-0000-4000-8000-00000000e005', 'BalanceChanged', 1, '2026-01-05 10:00:00+00', '2026-01-05 10:00:03.123456+00', '00000000-0000-4000-8000-0000000000c0', NULL, 'example@0.0.0', '{"balance":"10010","credit":"0","operation":{"type":"trading","delta":"10","reference":"00000000-0000-4000-8000-000000000905","comment":null}}');
INSERT INTO core.event_from_1 VALUES (6, '00000000-0000-4000-8000-00000000acc1', 4, '00000000-0000-4000-8000-00000000e006', 'EquityMarked', 1, '2026-01-05 10:00:00+00', '2026-01-05 10:00:03.123456+00', '00000000-0000-4000-8000-0000000000c0', NULL, 'example@0.0.0', '{"balance":"10000","credit":"0","equity":"10010","margin":"110","marginFree":"9890","marginLevel":"9100"}');
INSERT INTO core.event_identity VALUES ('00000000-0000-4000-8000-00000000e001', 1, NULL);
INSERT INTO core.event_identity VALUES ('00000000-0000-4000-8000-00000000e002', 2, NULL);
INSERT INTO core.event_identity VALUES ('00000000-0000-4000-8000-00000000e003', 3, NULL);
INSERT INTO core.event_identity VALUES ('00000000-0000-4000-8000-00000000e004', 4, NULL);
INSERT INTO core.event_identity VALUES ('00000000-0000-4000-8000-00000000e005', 5, NULL);
INSERT INTO core.event_identity VALUES ('00000000-0000-4000-8000-00000000e006', 6, NULL);
INSERT INTO core.intake_checkpoint VALUES (true, '2026-01-05', 18, '00000000-0000-4000-8000-0000000000bb');
INSERT INTO core.log_head VALUES (true, 6, '2026-01-05 10:00:03.123456+00', '\x55f69c351cf7248c5161c4c472081e65389888f38a669716d0502837dd42e3a1', '01a22ff3-37ba-78f3-ab1b-a6496219a399', 10000000, 5000000);
INSERT INTO core.migrations VALUES (1, 1700000000000, 'Core1700000000000');
INSERT INTO core.migrations VALUES (2, 1700000000001, 'Checkpoints1700000000001');
INSERT INTO core.migrations VALUES (3, 1799200000000, 'Retention1799200000000');
INSERT INTO core.retention VALUES (true, 0, 0, '-infinity', 0, '20:00:00');
ALTER TABLE ONLY core.migrations
    ADD CONSTRAINT "PK_8c82d7f526340ab734260ea46be" PRIMARY KEY (id);
ALTER TABLE ONLY core.account_head
    ADD CONSTRAINT account_head_pkey PRIMARY KEY (account_id);
ALTER TABLE ONLY core.batch
    ADD CONSTRAINT batch_pkey PRIMARY KEY (first);
ALTER TABLE ONLY core.checkpoint
    ADD CONSTRAINT checkpoint_first_key UNIQUE (first);
ALTER TABLE ONLY core.checkpoint
    ADD CONSTRAINT checkpoint_pkey PRIMARY KEY (last);
ALTER TABLE ONLY core.command_answer
    ADD CONSTRAINT command_answer_pkey PRIMARY KEY (command_id);
ALTER TABLE ONLY core.event
    ADD CONSTRAINT event_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY core.event_from_1
    ADD CONSTRAINT event_from_1_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY core.event_from_5000001
    ADD CONSTRAINT event_from_5000001_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY core.event_identity
    ADD CONSTRAINT event_identity_pkey PRIMARY KEY (event_id);
ALTER TABLE ONLY core.forgotten_ids
    ADD CONSTRAINT forgotten_ids_pkey PRIMARY KEY (piece);
ALTER TABLE ONLY core.intake_checkpoint
    ADD CONSTRAINT intake_checkpoint_pkey PRIMARY KEY (singleton);
ALTER TABLE ONLY core.log_head
    ADD CONSTRAINT log_head_pkey PRIMARY KEY (singleton);
ALTER TABLE ONLY core.quarantine
    ADD CONSTRAINT quarantine_pkey PRIMARY KEY (message_id);
ALTER TABLE ONLY core.retention
    ADD CONSTRAINT retention_pkey PRIMARY KEY (singleton);
CREATE INDEX command_answer_by_position ON core.command_answer USING btree ("position");
CREATE INDEX event_of_account ON ONLY core.event USING btree (account_id, version);
CREATE INDEX event_from_1_account_id_version_idx ON core.event_from_1 USING btree (account_id, version);
CREATE INDEX event_of_correlation ON ONLY core.event USING btree (correlation_id);
CREATE INDEX event_from_1_correlation_id_idx ON core.event_from_1 USING btree (correlation_id);
CREATE INDEX event_from_5000001_account_id_version_idx ON core.event_from_5000001 USING btree (account_id, version);
CREATE INDEX event_from_5000001_correlation_id_idx ON core.event_from_5000001 USING btree (correlation_id);
CREATE INDEX event_identity_again ON core.event_identity USING btree (again_at) WHERE (again_at IS NOT NULL);
ALTER INDEX core.event_of_account ATTACH PARTITION core.event_from_1_account_id_version_idx;
ALTER INDEX core.event_of_correlation ATTACH PARTITION core.event_from_1_correlation_id_idx;
ALTER INDEX core.event_pkey ATTACH PARTITION core.event_from_1_pkey;
ALTER INDEX core.event_of_account ATTACH PARTITION core.event_from_5000001_account_id_version_idx;
ALTER INDEX core.event_of_correlation ATTACH PARTITION core.event_from_5000001_correlation_id_idx;
ALTER INDEX core.event_pkey ATTACH PARTITION core.event_from_5000001_pkey;
CREATE TRIGGER insert_only BEFORE DELETE OR UPDATE OR TRUNCATE ON core.batch FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();
CREATE TRIGGER insert_only BEFORE DELETE OR UPDATE OR TRUNCATE ON core.checkpoint FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();
CREATE TRIGGER insert_only BEFORE DELETE OR UPDATE OR TRUNCATE ON core.event FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();
CREATE TRIGGER insert_only BEFORE DELETE OR UPDATE OR TRUNCATE ON core.event_from_1 FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();
CREATE TRIGGER insert_only BEFORE DELETE OR UPDATE OR TRUNCATE ON core.event_from_5000001 FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();
SELECT pg_catalog.setval('core.migrations_id_seq', 3, true);
