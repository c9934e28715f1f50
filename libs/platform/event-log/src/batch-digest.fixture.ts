/** What `batchDigest` and `lineChecksum` make, in SQL, for whoever alters a log and knows how they are made. */
export const DIGESTS_IN_SQL = `
  create function pg_temp.batch_digest(previous bytea, first bigint, last bigint, recorded text, producer text, lines text)
  returns bytea language sql return
    sha256(previous || convert_to(concat_ws(e'\\x1f', first, last, recorded, producer) || e'\\n' || lines, 'UTF8'));
  create function pg_temp.checksums(from_position bigint, to_position bigint) returns bytea language sql return (
    select string_agg(substring(sha256(convert_to(core.event_line(e), 'UTF8')) for 8), '' order by position)
    from core.event e where position between from_position and to_position);`;
