import fc from 'fast-check';
import { decodeClientMessage } from './client-message.ts';

const decode = (frame: unknown) => decodeClientMessage(JSON.stringify(frame));
const said = (body: unknown) => decode({ message_id: 'm1', message_type: { client_message: body } });

describe('a client’s frame', () => {
  it('asks to be let in', () => {
    expect(said({ auth_request: { secret_key: 'secret' } })).toEqual({
      ok: true,
      value: { kind: 'auth_request', id: 'm1', secretKey: 'secret', features: null, cursor: null },
    });
  });

  it('may ask for more, and what we have never heard of is not granted', () => {
    const features = ['snapshot', 'telepathy', 'sequence'];
    expect(said({ auth_request: { secret_key: 's', features, resume: { cursor: '1.7f' }, client: {} } })).toMatchObject(
      {
        ok: true,
        value: { features: ['sequence', 'snapshot'], cursor: '1.7f' },
      },
    );
  });

  it.each(['Ping', 'ping', 'Pong', 'pong'])('may be a %s', (type) => {
    expect(decode({ message_id: 'h1', message_type: type })).toEqual({
      ok: true,
      value: { kind: type.toLowerCase(), id: 'h1' },
    });
  });

  it('may be a variant of a later version, which is not malformed', () => {
    expect(said({ teleport: {} })).toEqual({ ok: true, value: { kind: 'unknown', id: 'm1' } });
  });

  it.each([
    ['not JSON', '{'],
    ['a number', '1'],
    ['nothing', ''],
    ['an array', '[]'],
    ['no id', '{"message_type":"Ping"}'],
    ['an id that is a number', '{"message_id":1,"message_type":"Ping"}'],
    ['an endless id', JSON.stringify({ message_id: 'x'.repeat(129), message_type: 'Ping' })],
    ['another word', '{"message_id":"a","message_type":"Pang"}'],
    ['a server’s message', '{"message_id":"a","message_type":{"server_message":{}}}'],
    ['no variant', '{"message_id":"a","message_type":{"client_message":{}}}'],
    ['two variants', '{"message_id":"a","message_type":{"client_message":{"auth_request":{},"subscribe":{}}}}'],
    ['a key that is no text', '{"message_id":"a","message_type":{"client_message":{"auth_request":{"secret_key":7}}}}'],
    ['topics that are no list', '{"message_id":"a","message_type":{"client_message":{"subscribe":{"topics":"all"}}}}'],
  ])('is refused when it is %s', (_what, frame) => {
    expect(decodeClientMessage(frame).ok).toBe(false);
  });

  it('is refused without a word of what it held', () => {
    const canary = 'canary-5512';
    for (const frame of [
      said({ auth_request: { secret_key: [canary] } }),
      said({ subscribe: { topics: canary } }),
      decode({ message_id: [canary], message_type: canary }),
      decode({ message_id: 'a', message_type: { [canary]: canary } }),
    ]) {
      expect(frame.ok).toBe(false);
      expect(JSON.stringify(frame)).not.toContain(canary);
    }
  });

  it('says what was expected where', () => {
    expect(said({ subscribe: { topics: 'accounts' } })).toMatchObject({
      ok: false,
      error: { id: 'm1', detail: 'subscribe.topics: invalid_type' },
    });
  });

  it('never makes the reader throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.object().map((body) => JSON.stringify({ message_id: 'a', message_type: { client_message: body } })),
        ),
        (frame) => void decodeClientMessage(frame),
      ),
    );
  });
});
