import { XAPI, type STREAMING_TICK_RECORD } from 'xapi-node';

// A program of its own, because a test's process cannot be told to trust a certificate. It trades with the npm package
// `xapi-node` and prints what that saw as one line of JSON. Arguments: host and port of secure WebSockets.

type Change = { readonly position: number };

async function main(host: string): Promise<void> {
  const client = new XAPI({ accountId: '10001', password: 'demo-10001', accountType: 'demo', host });
  await client.connect();
  const { data: version } = await client.Socket.send.getVersion();
  const { data: gold } = await client.Socket.send.getSymbol('GOLD');

  const tick = new Promise<STREAMING_TICK_RECORD>((resolve) => client.Stream.listen.getTickPrices(resolve));
  await client.Stream.subscribe.getTickPrices('EURUSD');
  await client.Stream.subscribe.getTrades();
  await client.Stream.subscribe.getTradeStatus();

  const opened = next(client, 'CREATED');
  const bought = await client.trading.buy({ symbol: 'EURUSD', volume: 0.1 }).transactionStatus;
  const { position } = await opened;
  const seenOpen = client.trading.openPositions?.length;
  const closed = next(client, 'DELETE');
  const sold = await client.trading.close({ order: position, volume: 0.1 }).transactionStatus;
  const closedPosition = (await closed).position;

  const placed = next(client, 'CREATED');
  await client.trading.buy({ symbol: 'EURUSD', volume: 0.2, limit: 1.01 }).transactionStatus;
  const { position: order } = await placed;
  const deleted = await client.trading.close({ order, volume: 0.2 }).transactionStatus;

  const seen = { version: version.returnData, gold: gold.returnData, tick: await tick, bought, seenOpen, position };
  process.stdout.write(`${JSON.stringify({ ...seen, sold, closedPosition, order, deleted })}\n`);
  await client.disconnect();
  process.exit(0);
}

/** The next change of a kind that the client noticed. */
const next = (client: XAPI, key: 'CREATED' | 'DELETE'): Promise<Change> =>
  new Promise((resolve) => {
    client.onTransactionUpdate((update) => {
      if (update.key === key) resolve(update.trade);
    });
  });

main(process.argv[2] ?? '').catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
