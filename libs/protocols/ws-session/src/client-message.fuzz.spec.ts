import { fuzz } from '@core/testing/fuzz';
import { decodeClientMessage } from './client-message.ts';

const said = (body: unknown) => JSON.stringify({ message_id: 'm1', message_type: { client_message: body } });
const good = said({ auth_request: { secret_key: 'secret', features: ['snapshot'], resume: { cursor: '1.7f' } } });
const decode = (input: Uint8Array) => decodeClientMessage(Buffer.from(input).toString());

it('a client’s frame is a message, or told to be none in words that a socket can send', () =>
  fuzz({
    name: 'ws-session frame',
    examples: [
      good,
      JSON.stringify({ message_id: 'm1', message_type: 'Ping' }),
      said({ subscribe: { topics: ['prices'], account_ids: ['a'], asset_pairs: ['EURUSD'] } }),
      said({ get_positions: { trader_id: 't', account_id: 'a' } }),
      said({ get_server_time: null }),
    ],
    take: (input) => {
      const message = decode(input);
      if (message.ok) JSON.stringify(message.value);
      else expect(message.error.detail.length).toBeLessThanOrEqual(200);
    },
    others: () => expect(decode(Buffer.from(good))).toMatchObject({ ok: true, value: { kind: 'auth_request' } }),
  }));
