import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { encoderOf } from './encoder.ts';
import { Position } from './root-models.ts';
import {
  accountAdded,
  accountUpdate,
  authResult,
  BaseMessage,
  encodeEnvelope,
  pendingMessage,
  positionMessage,
  type MessageJson,
  type MessageText,
} from './server-message.ts';

const samples = z
  .array(z.object({ message_id: z.string(), message_type: z.object({ server_message: z.unknown() }) }))
  .parse(JSON.parse(readFileSync(join(__dirname, '../fixtures/server-messages.json'), 'utf8')));

describe('the sample messages of the protocol', () => {
  it('are nine', () => {
    expect(samples).toHaveLength(9);
  });

  it.each(samples.map((sample, index) => [index + 1, sample] as const))(
    'number %i passes through our models and back with equal keys, order and values',
    (_number, sample) => {
      const message = BaseMessage.parse(sample.message_type.server_message);
      expect(encodeEnvelope(sample.message_id, encode(message))).toBe(JSON.stringify(sample));
    },
  );

  it('hold exact decimals and microseconds inside', () => {
    const closed = BaseMessage.parse(samples[7]?.message_type.server_message);
    expect(closed).toMatchObject({
      position: {
        closed: {
          profit: '-0.7826999999998634',
          last_update_date: '2024-11-15T12:56:36.857970Z',
          asset_open_price: '89788.01',
          margin_bid_ask: { bid: '89788' },
        },
      },
    });
  });
});

describe('the encoder', () => {
  it('writes what zod would write, in the order of the schema whatever the order of the model', () => {
    const model = z
      .object({ position: z.object({ created: Position }) })
      .parse(samples[5]?.message_type.server_message);
    const { created } = model.position;
    const shuffled = Position.parse(z.encode(Position, created));
    const reversed = Object.fromEntries(Object.entries(shuffled).reverse()) as typeof created;
    expect(encoderOf(Position)(reversed)).toBe(JSON.stringify(z.encode(Position, created)));
  });

  it('refuses a schema it does not know instead of writing what it holds', () => {
    expect(() => encoderOf(z.object({ when: z.date() }))).toThrow('nobody taught');
  });
});

function encode(message: BaseMessage): MessageJson | MessageText {
  if ('auth_result' in message) return authResult(message.auth_result.result, message.auth_result.session_id);
  if ('account_event' in message) {
    const event = message.account_event;
    return 'account_added' in event
      ? accountAdded(event.account_added)
      : accountUpdate(event.account_update.account, event.account_update.operation);
  }
  if ('position' in message) {
    const { position } = message;
    if ('created' in position) return positionMessage('created', position.created);
    if ('updated' in position) return positionMessage('updated', position.updated);
    return positionMessage('closed', position.closed);
  }
  if ('pending_position' in message && 'created' in message.pending_position)
    return pendingMessage('created', message.pending_position.created);
  throw new Error('no sample is like this');
}
