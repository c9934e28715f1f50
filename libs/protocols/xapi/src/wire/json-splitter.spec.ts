import { anyCharacter } from '@core/testing/any-character';
import fc from 'fast-check';
import { JsonSplitter, parseObject, type JsonObject } from './json-splitter.ts';

const PLENTY = 1 << 20;

/** Objects with everything that could confuse a splitter inside their strings. */
const anyMessage: fc.Arbitrary<JsonObject> = fc.dictionary(
  fc.string(),
  fc.oneof(
    fc.string({ unit: anyCharacter }),
    fc.constantFrom('}', '{"', '} {', '}{"', '\\', '\\"}', 'zażółć', '🂡', '\n\n'),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
    fc.constantFrom(null, true, false),
    fc.array(fc.dictionary(fc.string(), fc.integer())),
  ),
  { noNullPrototype: true },
);

/** What stands between messages in the field: nothing, newlines, any white space. */
const anyDelimiter = fc.constantFrom('', '\n', '\n\n', '\r\n', ' ', '\t\r\n\n  ');

function readAll(splitter: JsonSplitter, chunks: readonly Uint8Array[]): JsonObject[] {
  return chunks.flatMap((chunk) => {
    const { messages, fault } = splitter.push(chunk);
    if (fault) throw new Error(fault.detail);
    return [...messages];
  });
}

const cut = (bytes: Buffer, sizes: readonly number[]): Buffer[] => {
  const chunks: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
};

describe('JsonSplitter', () => {
  it('finds every message, whatever stands between them and however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyMessage, anyDelimiter), { maxLength: 8 }),
        fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 400 })), {
          minLength: 1,
          maxLength: 5,
        }),
        fc.boolean(),
        (sent, sizes, pretty) => {
          const text = sent.map(([message, delimiter]) => JSON.stringify(message, null, pretty ? 2 : 0) + delimiter);
          const read = readAll(new JsonSplitter(PLENTY), cut(Buffer.from(text.join('')), sizes));
          expect(read).toEqual(sent.map(([message]) => JSON.parse(JSON.stringify(message))));
        },
      ),
    );
  });

  it('reads whatever comes in one piece as it reads it byte by byte', () => {
    const piece = fc.oneof(
      anyMessage.map((message) => Buffer.from(JSON.stringify(message))),
      fc
        .constantFrom('{', '}', '{}', '[', ']', '"', '\\', ':', ',', '1', ' ', '\n\n', '{"a":"}{"}')
        .map((text) => Buffer.from(text)),
      fc.constantFrom([0xc5], [0xbc], [0xf0, 0x9f], [0xff], [0]).map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.constantFrom(8, 20, PLENTY), (pieces, maxBytes) => {
        const bytes = Buffer.concat(pieces);
        const [whole, slow] = [new JsonSplitter(maxBytes), new JsonSplitter(maxBytes)];
        const { messages, fault } = whole.push(bytes);
        const splits = cut(bytes, [1]).map((byte) => slow.push(byte));
        expect(splits.flatMap((split) => split.messages)).toEqual(messages);
        expect(splits.at(-1)?.fault?.code).toBe(fault?.code);
        expect(slow.unfinishedBytes).toBe(whole.unfinishedBytes);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['an empty line inside a message', '{"a":\n\n{"b":1}\n\n}\n\n{"c":2}', [{ a: { b: 1 } }, { c: 2 }]],
    ['what looks like an end inside a string', '{"a":"} {"}{"c":2}', [{ a: '} {' }, { c: 2 }]],
    ['ends that touch', '{"a":{"b":{}}}{}{"c":2}', [{ a: { b: {} } }, {}, { c: 2 }]],
  ])('is not misled by %s', (_, text, messages) => {
    expect(readAll(new JsonSplitter(PLENTY), [Buffer.from(text)])).toEqual(messages);
  });

  it('finds no message after one that was cut off', () => {
    const splitter = new JsonSplitter(PLENTY);
    const text = '{"a":{"b":1}\n\n{"c":2}';
    expect(splitter.push(Buffer.from(text))).toEqual({ messages: [], fault: null });
    expect(splitter.unfinishedBytes).toBe(text.length);
    expect(splitter.push(Buffer.from('}')).fault?.code).toBe('not-json');
  });

  it('keeps a character whole that is split between chunks', () => {
    const bytes = Buffer.from('{"title":"Zażółć 🂡"}');
    for (let at = 1; at < bytes.length; at++) {
      expect(readAll(new JsonSplitter(PLENTY), [bytes.subarray(0, at), bytes.subarray(at)])).toEqual([
        { title: 'Zażółć 🂡' },
      ]);
    }
  });

  it('does not keep the memory it is given', () => {
    const splitter = new JsonSplitter(PLENTY);
    const chunk = Buffer.from('{"a":');
    splitter.push(chunk);
    chunk.fill(0x20);
    expect(splitter.push(Buffer.from('1}')).messages).toEqual([{ a: 1 }]);
  });

  it.each([
    ['{"a":1}{"b":"too long for this"}', 1],
    ['{"b":"too long, and not even finished', 0],
    ['{"b":"too long, with a separator"}\n\n', 0],
    ['{"a":1}\n\n{"b":"too long here"}\n\n{"c":1}', 1],
  ])('refuses a message that is too long, after those before it: %s', (text, before) => {
    const split = new JsonSplitter(16).push(Buffer.from(text));
    expect(split.messages).toHaveLength(before);
    expect(split.fault?.code).toBe('too-large');
  });

  it('counts bytes, not characters, to the very limit', () => {
    const exact = '{"a":"żółć"}';
    expect(new JsonSplitter(Buffer.byteLength(exact)).push(Buffer.from(exact)).fault).toBeNull();
    expect(new JsonSplitter(Buffer.byteLength(exact) - 1).push(Buffer.from(exact)).fault?.code).toBe('too-large');
  });

  it.each(['HTTP/1.1 502 Bad Gateway', '[1,2]', '"text"', '}', '<html>'])('refuses what is no object: %s', (text) => {
    expect(new JsonSplitter(PLENTY).push(Buffer.from(text)).fault?.code).toBe('not-an-object');
  });

  it.each(['{"a":}', '{a:1}', '{"a":1,}', '{]}', '{"a":01}\n\n'])('refuses what does not parse: %s', (text) => {
    expect(new JsonSplitter(PLENTY).push(Buffer.from(text)).fault?.code).toBe('not-json');
  });

  it('gives nothing more after a fault', () => {
    const splitter = new JsonSplitter(PLENTY);
    splitter.push(Buffer.from('{"a":1}x'));
    expect(splitter.push(Buffer.from('{"b":2}'))).toMatchObject({ messages: [], fault: { code: 'not-an-object' } });
  });

  it('tells when the stream ended in the middle of a message', () => {
    const splitter = new JsonSplitter(PLENTY);
    splitter.push(Buffer.from('{"a":1}\n\n{"b'));
    expect(splitter.unfinishedBytes).toBe(3);
    splitter.push(Buffer.from('":2}'));
    expect(splitter.unfinishedBytes).toBe(0);
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 })), (chunks) => {
        const splitter = new JsonSplitter(64);
        for (const chunk of chunks) splitter.push(chunk);
      }),
    );
  });
});

describe('parseObject', () => {
  it('takes objects only', () => {
    expect(parseObject(' {"a":1}\n\n')).toEqual({ a: 1 });
    for (const text of ['[]', 'null', '1', '', '{']) expect(parseObject(text)).toBeUndefined();
  });
});
