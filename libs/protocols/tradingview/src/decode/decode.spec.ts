import type { Event, EventType, EventBody } from '@core/contracts/event';
import { anEvent, eurusdTerms, exampleId, recorded } from '@core/contracts/examples.fixture';
import { fold } from '@core/kernel/projection';
import fc from 'fast-check';
import { tradingSession } from '@core/views/tradingview/session';
import {
  decodeCancelOrder,
  decodeClosePosition,
  decodeModifyOrder,
  decodeModifyPosition,
  decodeReversePosition,
} from './change.ts';
import { decodeNumber } from './form.ts';
import { decodePlaceOrder, type PlaceForm } from './order.ts';

const order = exampleId(0x0d1);
const position = exampleId(0x905);
const an = <Type extends EventType>(type: Type, data: Partial<EventBody<Type>['data']> = {}): Event =>
  anEvent(type, data);
const bookOf = (...events: Event[]) => fold(tradingSession, recorded(events));
const standing = bookOf(an('OrderRequested'), an('OrderWorking'));
const open = bookOf(an('PositionOpened'));

const place = (form: Partial<PlaceForm>) =>
  decodePlaceOrder({ instrument: 'EURUSD', side: 'buy', type: 'market', qty: '10000', ...form }, eurusdTerms);

describe('numbers', () => {
  it.each([
    ['1.50', '1.5'],
    ['1e-7', '0.0000001'],
    ['1.5E3', '1500'],
    ['0', '0'],
    ['', null],
    [undefined, null],
  ])('reads %p as %p', (text, value) => {
    expect(decodeNumber('Quantity', text)).toEqual({ ok: true, value });
  });

  it.each([
    '-1',
    'NaN',
    'Infinity',
    '0x10',
    '1e999',
    '1e100',
    '9'.repeat(33),
    '1e13',
    '1e-13',
    "1' or 1=1",
    '1,5',
    '１',
  ])('refuses %p in words', (text) => {
    expect(decodeNumber('qty', text)).toMatchObject({ ok: false, error: { values: { field: 'qty' } } });
  });

  it('never throws, whatever it is given', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof decodeNumber('Price', text).ok === 'boolean'));
  });
});

describe('a new order', () => {
  it('is read in units and becomes lots', () => {
    expect(place({ stopLoss: '1.09', takeProfit: '1.12' })).toMatchObject({
      ok: true,
      value: { kind: 'market', volumeLots: '0.1', price: null, stopLoss: '1.09', takeProfit: '1.12', expiresAt: null },
    });
  });

  it('takes a price of zero that its type does not use for none', () => {
    expect(place({ type: 'limit', limitPrice: '1.1', stopPrice: '0' })).toMatchObject({ ok: true });
    expect(place({ type: 'stop', stopPrice: '1.2', limitPrice: '0' })).toMatchObject({
      ok: true,
      value: { price: '1.2' },
    });
  });

  it('has a stop loss that trails by pips of ten points, from its own price where none is named', () => {
    const limit = { type: 'limit', limitPrice: '1.1', trailingStopPips: '15.5' } as const;
    expect(place(limit)).toMatchObject({ value: { stopLoss: '1.09845', trailingPoints: 155 } });
    expect(place({ ...limit, side: 'sell' })).toMatchObject({ value: { stopLoss: '1.10155', trailingPoints: 155 } });
    expect(place({ ...limit, stopLoss: '1.09' })).toMatchObject({ value: { stopLoss: '1.09', trailingPoints: 155 } });
    expect(place({ trailingStopPips: '10' })).toMatchObject({ value: { stopLoss: null, trailingPoints: 100 } });
    expect(place({ stopLoss: '1.09' })).toMatchObject({ value: expect.not.objectContaining({ trailingPoints: null }) });
  });

  it('says of what is larger or finer than anything is traded that it is out of range, and of no number that', () => {
    for (const number of ['1e300', '1e-300', '1e999', '9'.repeat(40), `0.${'1'.repeat(40)}`, '1e13', '1e-13'])
      expect(place({ qty: number })).toMatchObject({ error: { key: 'form.range' } });
    for (const none of ['-1', '-1e300', 'ten', `${'x'.repeat(40)}`, '1e', 'NaN', '0'])
      expect(place({ qty: none })).toMatchObject({ error: { key: 'form.positive' } });
  });

  it('has no stop that trails as far behind as its price', () => {
    const limit = { type: 'limit', limitPrice: '1.1' } as const;
    for (const side of ['buy', 'sell'] as const) {
      const far = { ...limit, side, trailingStopPips: '11000' };
      expect(place(far)).toMatchObject({ error: { key: 'form.range' } });
      expect(place({ ...far, stopLoss: side === 'buy' ? '1' : '1.2' })).toMatchObject({ error: { key: 'form.range' } });
      const seen = { side, currentAsk: '1.1', currentBid: '1.1' };
      expect(place({ ...seen, trailingStopPips: '11000' })).toMatchObject({ error: { key: 'form.range' } });
      expect(place({ ...far, trailingStopPips: '10999' })).toMatchObject({ ok: true });
    }
  });

  it('may end at a time, in seconds', () => {
    const form = { type: 'limit', limitPrice: '1.1', durationType: 'gtt' } as const;
    expect(place({ ...form, durationDateTime: '1767607200' })).toMatchObject({
      value: { expiresAt: '2026-01-05T10:00:00.000000Z' },
    });
    for (const durationDateTime of ['', '0', '-1', '1.5', '1e12', 'soon']) {
      expect(place({ ...form, durationDateTime })).toMatchObject({ ok: false });
    }
  });

  it.each<[string, Partial<PlaceForm>]>([
    ['without a quantity', { qty: '0' }],
    ['of a negative quantity', { qty: '-10000' }],
    ['of a quantity that is no number of lots', { qty: '0.000000001' }],
    ['of an unknown type', { type: 'stoplimit' }],
    ['at the market with a price', { limitPrice: '1.1' }],
    ['with a limit but no price', { type: 'limit' }],
    ['with a price of the other type', { type: 'limit', limitPrice: '1.1', stopPrice: '1.2' }],
    ['with a trailing stop between two prices', { trailingStopPips: '10.05' }],
    ['with a guaranteed stop', { guaranteedStop: '1.09' }],
    ['with a stop loss that is no price', { stopLoss: 'tight' }],
    ['of a duration we do not offer', { type: 'limit', limitPrice: '1.1', durationType: 'Day' }],
  ])('%s is refused', (_, form) => {
    expect(place(form)).toMatchObject({ ok: false, error: { key: expect.any(String) } });
  });
});

describe('a changed order', () => {
  const change = (form: object, id = order, book = standing) => decodeModifyOrder(book, id, { qty: '10000', ...form });

  it('gets the whole new target: a bracket that is not named is removed', () => {
    expect(change({ id: order, limitPrice: '1.101', stopPrice: '0', takeProfit: '1.13' })).toEqual({
      ok: true,
      value: {
        target: 'order',
        orderId: order,
        price: '1.101',
        stopLoss: null,
        takeProfit: '1.13',
        trailingPoints: null,
        expiresAt: null,
      },
    });
  });

  it('keeps its price and duration where the form names none', () => {
    expect(change({ stopLoss: '1.09', takeProfit: '1.12' })).toMatchObject({
      value: { price: '1.1', expiresAt: null },
    });
  });

  it('through one of its brackets changes that one', () => {
    expect(change({ stopPrice: '1.08', limitPrice: '0' }, `${order}:sl:1`)).toMatchObject({
      value: { target: 'order', price: '1.1', stopLoss: '1.08', takeProfit: '1.12' },
    });
    const held = bookOf(an('OrderRequested'), an('OrderFilled'), an('PositionOpened'));
    expect(change({ limitPrice: '1.14' }, `${order}:tp:1`, held)).toMatchObject({
      value: { target: 'position', positionId: position, stopLoss: '1.09', takeProfit: '1.14' },
    });
  });

  it.each<[string, object]>([
    ['quantity', { qty: '20000' }],
    ['side', { side: 'sell' }],
    ['type', { type: 'stop' }],
    ['instrument', { instrument: 'GBPUSD' }],
    ['id', { id: exampleId(1) }],
  ])('cannot change its %s', (_, form) => {
    expect(change({ limitPrice: '1.1', ...form })).toMatchObject({ ok: false });
  });

  it.each(['', exampleId(1), '__proto__', 'constructor', `${order}:sl:9`, "'; drop table event; --"])(
    'must be there: %p is not',
    (id) => {
      expect(change({}, id)).toEqual({ ok: false, error: { key: 'refusal.unknown-order' } });
      expect(decodeCancelOrder(standing, id)).toEqual({ ok: false, error: { key: 'refusal.unknown-order' } });
    },
  );

  it('must not be over, nor a market order', () => {
    const over = bookOf(an('OrderRequested'), an('OrderCancelled'));
    expect(change({}, order, over)).toMatchObject({ ok: false, error: { key: 'refusal.order-not-working' } });
    const market = bookOf(an('OrderRequested', { kind: 'market', price: null }));
    expect(change({}, order, market)).toMatchObject({ ok: false });
    expect(change({ stopPrice: '1.08' }, `${order}:sl:1`, market)).toMatchObject({ ok: false });
  });
});

describe('a cancelled order', () => {
  it('is cancelled; a bracket is taken off and leaves its sibling', () => {
    expect(decodeCancelOrder(standing, order)).toEqual({ ok: true, value: { cancel: order } });
    expect(decodeCancelOrder(standing, `${order}:sl:1`)).toMatchObject({
      value: { amend: { target: 'order', orderId: order, stopLoss: null, takeProfit: '1.12' } },
    });
    expect(decodeCancelOrder(open, `${position}:tp:1`)).toMatchObject({
      value: { amend: { target: 'position', positionId: position, stopLoss: '1.09', takeProfit: null } },
    });
  });

  it('is not the closing of a position', () => {
    const closing = bookOf(an('PositionOpened'), an('CloseRequested'));
    expect(decodeCancelOrder(closing, exampleId(0x4e9))).toMatchObject({ ok: false });
  });
});

describe('a trailing stop', () => {
  const trailing = bookOf(an('PositionOpened', { trailingPoints: 100 }));
  const protect = (form: object, book = trailing) => decodeModifyPosition(book, position, form, () => '1.11');
  const drag = (form: object) => decodeModifyOrder(trailing, `${position}:sl:1`, { qty: '10000', ...form });

  it('stays where nothing is said of it, and is ended by a distance of 0', () => {
    const kept = expect.not.objectContaining({ trailingPoints: expect.anything() });
    for (const changed of [protect({ stopLoss: '1.08', takeProfit: '1.13' }), drag({ stopPrice: '1.08' })])
      expect(changed).toMatchObject({ ok: true, value: kept });
    for (const changed of [protect({ stopLoss: '1.08', trailingStopPips: '0' }), drag({ trailingStopPips: '0' })])
      expect(changed).toMatchObject({ ok: true, value: { trailingPoints: null } });
  });

  it('gets another distance, on a position from what it could be closed at', () => {
    expect(protect({ trailingStopPips: '20' })).toMatchObject({ value: { stopLoss: '1.108', trailingPoints: 200 } });
    expect(drag({ stopPrice: '1.08', trailingStopPips: '5' })).toMatchObject({
      value: { stopLoss: '1.08', trailingPoints: 50, takeProfit: '1.12' },
    });
    const unpriced = decodeModifyPosition(trailing, position, { trailingStopPips: '20' }, () => null);
    expect(unpriced).toEqual({ ok: false, error: { key: 'refusal.price-unknown' } });
  });

  it('goes with the stop loss that it moves, and not with one that was never there', () => {
    expect(protect({ takeProfit: '1.13' })).toMatchObject({ value: { stopLoss: null, trailingPoints: null } });
    expect(decodeCancelOrder(trailing, `${position}:sl:1`)).toMatchObject({
      value: { amend: { stopLoss: null, trailingPoints: null } },
    });
    const bare = bookOf(an('PositionOpened', { stopLoss: null, trailingPoints: 100 }));
    expect(protect({ takeProfit: '1.13' }, bare)).toEqual({
      ok: true,
      value: { target: 'position', positionId: position, stopLoss: null, takeProfit: '1.13' },
    });
  });
});

describe('a position', () => {
  it('is protected as the form says, wholly', () => {
    expect(decodeModifyPosition(open, position, { stopLoss: '1.08' }, () => null)).toEqual({
      ok: true,
      value: { target: 'position', positionId: position, stopLoss: '1.08', takeProfit: null },
    });
  });

  it('is closed wholly or in part', () => {
    expect(decodeClosePosition(open, position, undefined)).toMatchObject({ value: { volumeLots: null } });
    expect(decodeClosePosition(open, position, '4000')).toMatchObject({ value: { volumeLots: '0.04' } });
  });

  it.each(['0', '-1', 'all', '10001', '1e-12'])('is not closed by an amount of %p', (amount) => {
    expect(decodeClosePosition(open, position, amount)).toMatchObject({ ok: false });
  });

  it('is reversed with the brackets that are named, to the other side only', () => {
    const form = { side: 'sell', currentBid: '1.1', takeProfit: '1.05' } as const;
    expect(decodeReversePosition(open, position, form)).toEqual({
      ok: true,
      value: {
        ...{ positionId: position, instrument: 'EURUSD', side: 'sell', seen: '1.1' },
        ...{ stopLoss: null, takeProfit: '1.05' },
      },
    });
    expect(decodeReversePosition(open, position, { side: 'buy' })).toMatchObject({
      error: { key: 'position.sameSide' },
    });
  });

  it('is not touched when it is closed or unknown', () => {
    expect(decodeClosePosition(open, '__proto__', undefined)).toEqual({
      ok: false,
      error: { key: 'refusal.unknown-position' },
    });
    const closed = bookOf(an('PositionOpened'), an('PositionClosed'));
    expect(decodeClosePosition(closed, position, undefined)).toMatchObject({
      error: { key: 'refusal.position-not-open' },
    });
  });
});
