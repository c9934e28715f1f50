import fc from 'fast-check';
import { z } from 'zod';
import { encodeCommand, encodeError, encodeRecord, encodeReply, encodeStatus, prettyPrint } from './encode-frames.ts';
import { recordEncoderOf } from './encode.ts';
import { Flag, Float, Integer, WireText, Time } from './wire-types.ts';

describe('encoderOf', () => {
  const encode = recordEncoderOf(z.object({ profit: Float }));

  it.each([
    [10000, '10000.0'],
    [0, '0.0'],
    [-0, '0.0'],
    [0.00009, '0.00009'],
    [9e-7, '0.0000009'],
    [1e21, '1000000000000000000000.0'],
    [-0.2, '-0.2'],
    ['32900.00000', '32900.00000'],
    ['1', '1.0'],
    ['9e-5', '0.00009'],
  ] as const)('prints a float %s with a point and without an exponent', (profit, printed) => {
    expect(encode({ profit })).toBe(`{"profit":${printed}}`);
  });

  it('prints every float so that it reads back as the same number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (profit) => {
        const printed = encode({ profit }).slice('{"profit":'.length, -1);
        expect(printed).toMatch(/^-?\d+\.\d+$/);
        expect(Number(printed)).toBe(profit + 0);
      }),
    );
  });

  it('prints whole numbers and times without a point', () => {
    expect(recordEncoderOf(z.object({ order: Integer, time: Time }))({ order: 73, time: '1700000000123' })).toBe(
      '{"order":73,"time":1700000000123}',
    );
  });

  it('keeps the order of the schema, nulls where they may be, and leaves out what is absent', () => {
    const record = recordEncoderOf(
      z.object({ a: Float.nullable(), b: WireText, c: Float.nullish(), d: z.array(Flag) }),
    );
    expect(record({ d: [true, false], b: 'x"y', a: null })).toBe('{"a":null,"b":"x\\"y","d":[true,false]}');
  });

  it.each([
    [Integer, 1.5],
    [Integer, '1.0'],
    [Float, Number.NaN],
    [Float, null],
    [WireText, 5],
    [Flag, 'true'],
  ])('throws on what its type cannot hold', (type, value) => {
    const encodeAny: (value: { readonly field: never }) => string = recordEncoderOf(z.object({ field: type }));
    expect(() => encodeAny({ field: value as never })).toThrow(TypeError);
  });
});

describe('frames', () => {
  it('of a streamed trade are as servers write them', () => {
    const position = { order: 500000107, order2: 500000100, position: 500000107 };
    const levels = { sl: 0, tp: 0, digits: 5, offset: 0, margin_rate: 0, commission: 0, storage: 0, nominalValue: 0 };
    const frame = encodeRecord('trade', {
      ...position,
      ...levels,
      ...{
        cmd: 0,
        symbol: 'EURUSD',
        comment: '',
        customComment: 'c7f3a1',
        close_price: '1.09652',
        open_price: '1.09654',
      },
      ...{ profit: '-0.2', volume: '0.1', closed: false, type: 0, open_time: 1700000000123, close_time: null },
      ...{ expiration: null, state: 'Modified' },
    });
    expect(frame).toBe(
      '{"command":"trade","data":{"cmd":0,"order":500000107,"digits":5,"offset":0,"order2":500000100,' +
        '"position":500000107,"symbol":"EURUSD","comment":"","customComment":"c7f3a1","commission":0.0,"storage":0.0,' +
        '"margin_rate":0.0,"close_price":1.09652,"open_price":1.09654,"nominalValue":0.0,"profit":-0.2,"volume":0.1,' +
        '"sl":0.0,"tp":0.0,"closed":false,"type":0,"open_time":1700000000123,"close_time":null,"expiration":null,' +
        '"state":"Modified"}}',
    );
  });

  it('of commands carry exact decimals and the tag', () => {
    const info = { cmd: 0, type: 0, symbol: 'EURUSD', volume: '0.1', price: '1' } as const;
    expect(encodeCommand('tradeTransaction', { tradeTransInfo: info }, 'id-1')).toBe(
      '{"command":"tradeTransaction","arguments":{"tradeTransInfo":' +
        '{"cmd":0,"price":1.0,"symbol":"EURUSD","type":0,"volume":0.1}},"customTag":"id-1"}',
    );
    expect(encodeCommand('ping', {})).toBe('{"command":"ping"}');
  });

  it('of replies echo any tag, and only one that was sent', () => {
    expect(encodeStatus()).toBe('{"status":true}');
    expect(encodeStatus('')).toBe('{"status":true,"customTag":""}');
    expect(encodeReply('{"order":43}', '{"} ż')).toBe(
      '{"status":true,"returnData":{"order":43},"customTag":"{\\"} ż"}',
    );
    expect(encodeError('BE118', 'User already logged', 'x')).toBe(
      '{"status":false,"errorCode":"BE118","errorDescr":"User already logged","customTag":"x"}',
    );
  });
});

describe('prettyPrint', () => {
  const json = '{"a":[],"b":{"c":1.0,"d":"} , : [ \\" x"},"e":[1,2],"f":{}}';

  it('changes white space only', () => {
    expect(JSON.parse(prettyPrint(json))).toEqual(JSON.parse(json));
    expect(prettyPrint('{"a":1.0,"b":{}}')).toBe('{\n\t"a" : 1.0,\n\t"b" : {}\n}');
  });

  it('never has an empty line, which clients take for the end', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => expect(prettyPrint(JSON.stringify(value))).not.toMatch(/\n\s*\n/)),
    );
  });
});
