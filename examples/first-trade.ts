// Buys 0.01 lots of EURUSD on the first account that the key sees, and waits for the position.
import { connect } from '@trading-core/ws-client';

const { WS_URL: url = 'ws://localhost:8082/ws', WS_KEY: secretKey = '' } = process.env;

async function main(): Promise<void> {
  const client = connect({ url, secretKey });
  const [account] = await client.getAccounts();
  if (!account) throw new Error('this key sees no account');
  const order = await client.placeOrder({
    ...{ account_id: account.id, asset_pair: 'EURUSD', side: 'Buy' },
    ...{ order_type: 'Market', lots_amount: 0.01 },
  });
  console.log(`order ${order.request_id} is ${order.state}`);

  for await (const event of client) {
    if (event.type === 'request_update')
      console.log(`the order is ${event.request.state} ${event.request.message ?? ''}`);
    if (event.type === 'position.created' && event.position.open_process_id === order.request_id) {
      console.log(`position.created ${event.position.id} at ${event.position.asset_open_price}`);
      return;
    }
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
