import { anEvent, exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import { fuzz } from '@core/testing/fuzz';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { WsSessionHarness } from './ws-session-harness.fixture.ts';

const UNBOUND = {
  ...{ INBOUND_PER_SECOND: '1000', INBOUND_BURST: '10000', INBOUND_FRAME_MAX_BYTES: '1048576' },
  ...{ CONNECTS_PER_MINUTE: '100000', REFUSALS_PER_MINUTE: '10000', PONG_TIMEOUT_MS: '600000' },
};
const said = (body: unknown): string => JSON.stringify({ message_id: 'm1', message_type: { client_message: body } });
const ENTRY = said({
  auth_request: { secret_key: 'secret', features: ['error', 'responses', 'subscribe', 'snapshot'] },
});
const WHOSE = { process_id: 'p-1', account_id: exampleAccount };
const PRICES = { sl_in_instrument_price: 1.05, tp_in_instrument_price: null };
const [ORDER, POSITION] = [{ order_id: exampleId(0x0d1) }, { position_id: exampleId(0x905) }];
const TERMS = { asset_pair: 'EURUSD', side: 'Buy', order_type: 'Limit', lots_amount: 0.1, worst_price: 1.2 };
const TRADES = [
  { place_order: { ...WHOSE, ...TERMS, desire_price: 1.08, ...PRICES, expire_date: 1767607200000001 } },
  { update_order: { ...WHOSE, ...ORDER, desire_price: 1.08, ...PRICES, expire_date: null } },
  { cancel_order: { ...WHOSE, ...ORDER } },
  { close_position: { ...WHOSE, ...POSITION, lots_amount: 0.05 } },
  { update_position: { ...WHOSE, ...POSITION, ...PRICES, sl_in_currency: -5 } },
];

it('whatever a client sends is answered or ends its connection, and the other goes on', async () => {
  const harness = await WsSessionHarness.open(UNBOUND);
  harness.keys.add('secret', { trade: true, prices: true });
  await harness.happen(
    anEvent('AccountRegistered'),
    anEvent('OrderWorking', { kind: 'limit' }),
    anEvent('PositionOpened'),
  );
  let pings = 0;

  const enter = async (): Promise<WebSocket> => {
    const socket = new WebSocket(`ws://127.0.0.1:${harness.port}/ws`).on('error', () => undefined);
    await once(socket, 'open');
    socket.send(ENTRY);
    await once(socket, 'message');
    return socket;
  };
  /** Whether it answers; false once it is closed. */
  const isLive = (socket: WebSocket): Promise<boolean> => {
    const id = `ping-${(pings += 1)}`;
    return new Promise((resolve) => {
      const hear = (data: unknown): void => {
        if (String(data).includes(id)) end(true);
      };
      const close = (): void => end(false);
      const end = (live: boolean): void => {
        socket.off('message', hear).off('close', close);
        resolve(live);
      };
      socket.on('message', hear).on('close', close);
      if (socket.readyState === WebSocket.CLOSED) return end(false);
      socket.send(JSON.stringify({ message_id: id, message_type: 'Ping' }));
    });
  };

  const other = await enter();
  let socket = await enter();
  await fuzz({
    name: 'ws-session frames',
    share: 0.5,
    examples: [
      ENTRY,
      JSON.stringify({ message_id: 'm1', message_type: 'Ping' }),
      said({ auth_request: { secret_key: 'secret', resume: { cursor: '1.7f' }, features: ['snapshot'] } }),
      said({ subscribe: { topics: ['prices'], account_ids: ['a'], asset_pairs: ['EURUSD'] } }),
      said({ unsubscribe: { topics: ['positions'] } }),
      said({ get_positions: { trader_id: 't', account_id: 'a' } }),
      said({ get_last_prices: { asset_pairs: ['EURUSD'] } }),
      said({ get_server_time: null }),
      ...TRADES.map(said),
    ],
    take: async (input) => {
      socket.send(input, { binary: false });
      if (!(await isLive(socket))) socket = await enter();
    },
    others: async () => expect(await isLive(other)).toBe(true),
  });
  for (const each of [socket, other]) each.terminate();
  await harness.close();
});
