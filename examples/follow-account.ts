// Prints what the key sees: what stands, then what happens, through every interruption.
// WS_URL=ws://localhost:8082/ws WS_KEY=… npx tsx examples/follow-account.ts
import { connect, WsClientError, type Position, type SessionEvent } from '@trading-core/ws-client';

const { WS_URL: url = 'ws://localhost:8082/ws', WS_KEY: secretKey = '' } = process.env;

async function main(): Promise<void> {
  const client = connect({ url, secretKey, name: 'follow-account' });
  process.once('SIGINT', () => client.close());
  for await (const event of client) for (const line of linesOf(event)) console.log(line);
}

function linesOf(event: SessionEvent): readonly string[] {
  switch (event.type) {
    case 'snapshot':
      return [
        ...event.accounts.map(({ id, currency, balance }) => `account ${id} has ${balance} ${currency}`),
        ...event.positions.map((position) => `open ${wordsOf(position)}`),
      ];
    case 'account_event.account_update':
      return [`account ${event.accountId} has ${event.account.balance} ${event.account.currency}`];
    case 'position.created':
    case 'position.updated':
    case 'position.closed':
      return [`${event.type} ${wordsOf(event.position)}`];
    case 'pending_position.created':
    case 'pending_position.updated':
    case 'pending_position.canceled':
    case 'pending_position.failed':
    case 'pending_position.executed':
      return [`${event.type} ${event.pending.asset_pair} at ${event.pending.desire_price}`];
    case 'disconnected':
      return [`disconnected (${event.code} ${event.reason})`];
    default:
      return [event.type];
  }
}

const wordsOf = ({
  side,
  lots_amount: lots,
  asset_pair: instrument,
  asset_open_price: price,
  profit,
}: Position): string => `${side} ${lots} lots of ${instrument} at ${price}, profit ${profit}`;

main().catch((error: unknown) => {
  console.error(error instanceof WsClientError ? `${error.code}: ${error.message}` : error);
  process.exitCode = 1;
});
