import { fromNumber } from '@core/kernel/decimal';
import fc from 'fast-check';
import { decodeDelivery, type SignalEvent } from './event.ts';
import { exampleDelivery } from './example.ts';
import { isSignal } from './translate.ts';

const decode = (body: unknown) => decodeDelivery(JSON.stringify(body));

const malformed = { ok: false, error: { why: 'malformed' } };

describe('a delivery', () => {
  it('reads the example of the guide, and nothing of our own registration', () => {
    expect(decode(exampleDelivery())).toEqual({
      ok: true,
      value: {
        deprecation: null,
        event: {
          type: 'SIGNAL_OPEN',
          timestamp: 1549623690730,
          data: {
            direction: 'BUY',
            ticker: 'XAUUSD',
            quantity: '10',
            strategy: { id: '6bbc583bf6d70605bbbc892f66367ab7', name: 'Gold High-Risk' },
            proquantPositionId: '960fe1a63d264d0f4e19a0ebf385497e',
          },
        },
      },
    });
  });

  it.each(['INTEGRATION_APPROVED', 'INTEGRATION_REJECTED', 'INTEGRATION_DELETED'])('reads %s without data', (type) => {
    const delivery = exampleDelivery({ type, data: null });
    expect(decode(delivery)).toMatchObject({ ok: true, value: { event: { type } } });
  });

  it.each(['STRATEGY_ENABLED', 'STRATEGY_DISABLED'])('reads %s', (type) => {
    const data = { id: 's1', name: 'Gold' };
    expect(decode(exampleDelivery({ type, data }))).toMatchObject({ ok: true, value: { event: { type, data } } });
    expect(decode(exampleDelivery({ type, data: null }))).toMatchObject(malformed);
  });

  it('takes version 1 beside later ones and keeps the date on which it ends', () => {
    const { v1 } = exampleDelivery();
    const both = { v2: { anything: true }, v1: { ...v1, deprecation: '2030-01-01T00:00:00.000Z' } };
    expect(decode(both)).toMatchObject({ ok: true, value: { deprecation: '2030-01-01T00:00:00.000Z' } });
  });

  it('does not execute a format it does not speak', () => {
    expect(decode({ v2: exampleDelivery().v1 })).toMatchObject({ ok: false, error: { why: 'version-missing' } });
    expect(decode({})).toMatchObject({ ok: false, error: { why: 'version-missing' } });
  });

  it('ignores an event type nobody documented, whatever it holds', () => {
    const delivery = exampleDelivery({ type: 'STRATEGY_RENAMED', timestamp: 'soon', data: [] });
    expect(decode(delivery)).toEqual({ ok: true, value: { event: null, deprecation: null } });
  });

  it.each([
    ['a signal without data', exampleDelivery({ data: null })],
    ['a timestamp in text', exampleDelivery({ timestamp: '1549623690730' })],
    ['a timestamp past the year 9999', exampleDelivery({ timestamp: 1e15 })],
    ['a negative timestamp', exampleDelivery({ timestamp: -1 })],
    ['a direction in lower case', exampleDelivery({}, { direction: 'buy' })],
    ['a quantity in text', exampleDelivery({}, { quantity: '10' })],
    ['no quantity', exampleDelivery({}, { quantity: null })],
    ['an empty strategy', exampleDelivery({}, { strategy: { id: '', name: '' } })],
    ['an endless ticker', exampleDelivery({}, { ticker: 'X'.repeat(65) })],
    ['an array of versions', [exampleDelivery()]],
    ['an event in text', { v1: { deprecation: null, event: 'SIGNAL_OPEN' } }],
  ])('refuses %s', (_what, body) => {
    expect(decode(body)).toMatchObject(malformed);
  });

  it('refuses a quantity that no double holds', () => {
    const withQuantity = (text: string) =>
      JSON.stringify(exampleDelivery({}, { quantity: 10 })).replace(':10,', `:${text},`);
    expect(decodeDelivery(withQuantity('11')).ok).toBe(true);
    expect(decodeDelivery(withQuantity('1e400'))).toMatchObject(malformed);
    expect(decodeDelivery(withQuantity('NaN'))).toMatchObject(malformed);
  });

  it.each([
    [0, '0'],
    [-0, '0'],
    [-10, '-10'],
    [1e300, fromNumber(1e24)],
    [-1e300, fromNumber(-1e24)],
    [1e-300, fromNumber(1e-18)],
  ])('knows a quantity of %p for what it asks, however vast or tiny', (quantity, known) => {
    expect(signalOf(exampleDelivery({}, { quantity })).data.quantity).toBe(known);
  });

  it.each(['x\ud800y', 'x\0y'])(
    'refuses %j as a name of anything, for no database keeps it; in titles it is mended',
    (text) => {
      for (const data of [{ strategy: { id: text, name: '' } }, { proquantPositionId: text }, { ticker: text }])
        expect(decode(exampleDelivery({}, data))).toMatchObject(malformed);
      const { name } = signalOf(exampleDelivery({}, { strategy: { id: 's', name: text } })).data.strategy;
      expect(name.isWellFormed() && !name.includes('\0')).toBe(true);
    },
  );

  it('keeps a quantity as it was written: 0.1 is 0.1', () => {
    expect(signalOf(exampleDelivery({}, { quantity: 0.1 })).data.quantity).toBe('0.1');
    expect(signalOf(exampleDelivery({}, { quantity: 1e-7 })).data.quantity).toBe('0.0000001');
  });

  it('is not moved by keys that mean something to JavaScript', () => {
    const body = JSON.stringify(exampleDelivery()).replace('{"v1"', '{"__proto__":{"v1":null},"constructor":1,"v1"');
    expect(decodeDelivery(body)).toEqual(decode(exampleDelivery()));
  });

  it('refuses what is nested to exhaust the reader', () => {
    expect(decodeDelivery('['.repeat(30_000) + ']'.repeat(30_000))).toMatchObject(malformed);
    const deep = exampleDelivery({ extra: JSON.parse('{"a":'.repeat(80) + '1' + '}'.repeat(80)) });
    expect(decode(deep)).toMatchObject(malformed);
  });

  it('says which field it did not like, and never what stood in it', () => {
    const decoded = decode(exampleDelivery({}, { direction: 'canary-7f3a' }));
    expect(JSON.stringify(decoded)).toContain('data.direction');
    expect(JSON.stringify(decoded)).not.toContain('canary-7f3a');
  });

  it('never throws, whatever arrives', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), mutatedExample), (body) => void decodeDelivery(body)));
  });
});

/** The example with one byte of it changed: close enough to get past the first checks. */
const mutatedExample = fc.tuple(fc.nat(), fc.string({ minLength: 1, maxLength: 1 })).map(([at, character]) => {
  const text = JSON.stringify(exampleDelivery());
  const index = at % text.length;
  return text.slice(0, index) + character + text.slice(index + 1);
});

function signalOf(delivery: unknown): SignalEvent {
  const decoded = decode(delivery);
  const event = decoded.ok ? decoded.value.event : null;
  if (event === null || !isSignal(event)) throw new Error('not a signal');
  return event;
}
