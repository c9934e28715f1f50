/**
 * What is another text whenever the row of an integration or of its account is written: whoever remembers a sender asks
 * for it along with what they do, and needs to be told of no change. It is where both rows are and who wrote them; `id` is
 * SQL.
 */
export const senderVersion = (id: string): string => `(
  select concat_ws(' ', versioned.xmin, versioned.ctid, owned.xmin, owned.ctid)
  from registry.integration as versioned left join registry.account as owned on owned.id = versioned.account_id
  where versioned.id = ${id})`;
