import type { AccountId, TraderId, Venue } from '@core/contracts/primitives';
import { withClient } from '@core/testing/fresh-database';

/** Straight into the tables: what it costs to add people is nothing of what is measured. */
export async function registerAccounts(
  url: string,
  venue: Venue,
  accounts: readonly { readonly id: AccountId; readonly traderId: TraderId }[],
): Promise<void> {
  await withClient(url, async (client) => {
    const [ids, traders] = [accounts.map(({ id }) => id), accounts.map(({ traderId }) => traderId)];
    const endpoint = JSON.stringify({ quotesOf: venue });
    await client.query(`insert into registry.broker (venue, protocol, endpoint) values ($1, 'paper', $2)`, [
      ...[venue, endpoint],
    ]);
    await client.query(
      `insert into registry.trader (id, login, password_hash)
       select distinct id, id::text, 'none' from unnest($1::uuid[]) as id`,
      [traders],
    );
    await client.query(
      `insert into registry.account (id, trader_id, venue, broker_login, name, mode, enabled)
       select id, trader, $3, id::text, 'bench', 'demo', true from unnest($1::uuid[], $2::uuid[]) as a (id, trader)`,
      [ids, traders, venue],
    );
  });
}
