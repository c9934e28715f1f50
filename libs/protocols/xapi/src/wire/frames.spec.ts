import { decodeReply, decodeStreamFrame } from './frames.ts';

describe('decodeReply', () => {
  it.each([
    [
      { status: true, streamSessionId: '84', customTag: 'a' },
      { status: true, streamSessionId: '84', customTag: 'a' },
    ],
    [
      { status: true, returnData: { order: 43 } },
      { status: true, returnData: { order: 43 } },
    ],
    [
      { status: false, errorCode: 'BE118' },
      { status: false, errorCode: 'BE118', errorDescr: '' },
    ],
    [{ status: false }, { status: false, errorCode: '', errorDescr: '' }],
    [{ status: true, customTag: 5, surprise: 1 }, { status: true }],
  ])('reads %j', (message, reply) => {
    expect(decodeReply(message)).toEqual(reply);
  });

  it('reads a redirect whole or not at all', () => {
    const redirect = { address: 'b.example', mainPort: 5112, streamingPort: 5113 };
    expect(decodeReply({ status: false, redirect })).toMatchObject({ redirect });
    expect(decodeReply({ status: false, redirect: { address: 'b.example' } })).not.toHaveProperty('redirect');
  });

  it.each([{}, { status: 'true' }, { command: 'trade', data: {} }])('takes %j for no reply', (message) => {
    expect(decodeReply(message)).toBeNull();
  });
});

describe('decodeStreamFrame', () => {
  it('reads records, known or not', () => {
    expect(decodeStreamFrame({ command: 'newThing', data: { a: 1 } })).toEqual({
      kind: 'data',
      command: 'newThing',
      data: { a: 1 },
    });
  });

  it('reads bare status frames', () => {
    expect(decodeStreamFrame({ status: false, errorCode: 'BE117', errorDescr: 'Invalid token' })).toMatchObject({
      kind: 'status',
      reply: { errorCode: 'BE117' },
    });
    expect(decodeStreamFrame({ status: true })).toMatchObject({ kind: 'status' });
  });

  it.each([{}, { command: 'trade' }, { command: 'trade', data: [] }, { command: 5, data: {} }])(
    'takes %j for nothing',
    (message) => {
      expect(decodeStreamFrame(message)).toBeNull();
    },
  );
});
