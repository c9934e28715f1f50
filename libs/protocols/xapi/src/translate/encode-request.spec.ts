import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { tokenOf } from '@core/contracts/order-token';
import { brokerBook } from '@core/projections/broker-book/fold';
import type { Ask, BookRequest, BrokerBook } from '@core/projections/broker-book/state';
import { COMMAND_BYTES, encodeRequest } from './encode-request.ts';

const order = exampleId(0x0d1);
const positionId = exampleId(0x905);
const requestId = exampleId(0x4e9);
const mark = tokenOf(order);

const standing = {
  instrument: 'EURUSD',
  side: 'buy',
  volumeLots: '0.1',
  stopLoss: null,
  takeProfit: null,
  comment: mark,
  amendments: 0,
  correlationid: exampleId(1),
  lastEventId: exampleId(2),
} as const;

const book: BrokerBook = {
  ...brokerBook.initial(),
  numbers: { [positionId]: '500000107', [order]: '500000200' },
  positions: {
    500000107: {
      ...standing,
      positionId,
      orderId: order,
      price: '1.1',
      openedAt: '2026-01-05T10:00:00.000000Z',
      trailingPoints: 25,
      swap: '0',
      commission: '0',
      swapCharges: 0,
      deals: [],
      since: null,
    },
  },
  orders: {
    500000200: {
      ...standing,
      orderId: order,
      kind: 'stop',
      filledLots: '0',
      price: '1.2',
      trailingPoints: 40,
      expiresAt: null,
      signal: null,
    },
  },
};

const request = (ask: Ask): BookRequest => ({
  requestId,
  ask,
  status: 'requested',
  effected: false,
  requestedAt: '2026-01-05T10:00:00.000000Z',
  dispatchedAt: null,
  brokerRequest: null,
  filledLots: '0',
  before: null,
  correlationid: exampleId(1),
  lastEventId: exampleId(2),
});

/** The command's text, and what of it is the transaction. */
function encoded(ask: Ask, price: `${number}` | null = '1.05') {
  const result = encodeRequest(request(ask), book, () => price);
  if (!result.ok) return { refused: result.error };
  const { command, customTag, arguments: args } = JSON.parse(result.value);
  return { text: result.value, command, customTag, info: args.tradeTransInfo };
}

const ordered = anEvent('OrderRequested', { kind: 'market', price: null, stopLoss: null, expiresAt: null });
const asked = (data: Partial<typeof ordered.data>): Ask => ({
  type: 'OrderRequested',
  data: { ...ordered.data, ...data },
});

describe('a request as the broker takes it', () => {
  it('is tagged with its id and bears the token of its order', () => {
    expect(encoded(asked({}))).toMatchObject({
      command: 'tradeTransaction',
      customTag: requestId,
      info: {
        type: 0,
        cmd: 0,
        symbol: 'EURUSD',
        volume: 0.1,
        price: 1.05,
        sl: 0,
        tp: 1.12,
        order: 0,
        customComment: mark,
      },
    });
  });

  it('has a price above zero even where nobody knows one', () => {
    expect(encoded(asked({}), null).info.price).toBe(1);
  });

  it('writes numbers as the protocol types them', () => {
    const { text } = encoded(asked({ volumeLots: '1', price: '2', kind: 'limit' }));
    expect(text).toContain('"volume":1.0');
    expect(text).toContain('"price":2.0');
    expect(text).toContain('"cmd":2');
  });

  it.each([
    ['market', 'buy', 0],
    ['market', 'sell', 1],
    ['limit', 'buy', 2],
    ['limit', 'sell', 3],
    ['stop', 'buy', 4],
    ['stop', 'sell', 5],
  ] as const)('%s %s is cmd %s', (kind, side, cmd) => {
    expect(encoded(asked({ kind, side })).info.cmd).toBe(cmd);
  });

  it('runs out at a time in milliseconds, or never', () => {
    const expiresAt = '2026-01-05T10:00:00.123000Z';
    expect(encoded(asked({ kind: 'limit', price: '1.1', expiresAt })).info.expiration).toBe(Date.parse(expiresAt));
    expect(encoded(asked({ kind: 'limit', price: '1.1' })).info.expiration).toBe(0);
  });

  it('closes a position under its number, in part or whole', () => {
    const { data } = anEvent('CloseRequested', { positionId, volumeLots: '0.04' });
    expect(encoded({ type: 'CloseRequested', data }).info).toMatchObject({
      type: 2,
      cmd: 0,
      order: 500000107,
      volume: 0.04,
    });
  });

  it('changes a position with everything that a change would wipe: comment and trailing stop', () => {
    const terms = { target: 'position', positionId, stopLoss: '1.01', takeProfit: null } as const;
    const { data } = anEvent('AmendmentRequested', { terms });
    expect(encoded({ type: 'AmendmentRequested', data }).info).toMatchObject({
      type: 3,
      order: 500000107,
      sl: 1.01,
      tp: 0,
      offset: 25,
      customComment: mark,
    });
  });

  it('changes an order with all its terms, and deletes it', () => {
    const terms = {
      target: 'order',
      orderId: order,
      price: '1.3',
      stopLoss: null,
      takeProfit: '1.5',
      expiresAt: null,
    } as const;
    const amendment = anEvent('AmendmentRequested', { terms }).data;
    expect(encoded({ type: 'AmendmentRequested', data: amendment }).info).toMatchObject({
      type: 3,
      cmd: 4,
      order: 500000200,
      price: 1.3,
      sl: 0,
      tp: 1.5,
      offset: 40,
      expiration: 0,
      customComment: mark,
    });
    const { data } = anEvent('CancellationRequested', { orderId: order });
    expect(encoded({ type: 'CancellationRequested', data }).info).toMatchObject({ type: 4, cmd: 4, order: 500000200 });
  });

  it('sets, changes and ends a trailing stop, which begins so far behind what the order could be closed at', () => {
    const trailing = { stopLoss: null, trailingPoints: 300 };
    expect(encoded(asked(trailing)).info).toMatchObject({ offset: 300, sl: 1.047 });
    expect(encoded(asked({ ...trailing, side: 'sell', takeProfit: '1' })).info).toMatchObject({ sl: 1.053 });
    expect(encoded(asked(trailing), null).info).toMatchObject({ offset: 300, sl: 0 });
    expect(encoded(asked({ ...trailing, kind: 'limit', price: '1.04' })).info).toMatchObject({
      offset: 300,
      sl: 1.037,
    });
    expect(encoded(asked({ stopLoss: '1.01', trailingPoints: 300 })).info).toMatchObject({ offset: 300, sl: 1.01 });
    const terms = { target: 'position', positionId, stopLoss: '1.01', takeProfit: null } as const;
    for (const [trailingPoints, offset] of [
      [60, 60],
      [null, 0],
    ] as const) {
      const { data } = anEvent('AmendmentRequested', { terms: { ...terms, trailingPoints } });
      expect(encoded({ type: 'AmendmentRequested', data }).info.offset).toBe(offset);
    }
  });

  it('sends again the trailing stop of a change that was accepted and is not seen yet', () => {
    const terms = { target: 'position', positionId, stopLoss: '1.01', takeProfit: null } as const;
    const earlier = exampleId(0x4ea);
    const { data } = anEvent('AmendmentRequested', { terms: { ...terms, trailingPoints: 60 } });
    const accepted = {
      ...request({ type: 'AmendmentRequested', data }),
      requestId: earlier,
      status: 'accepted',
    } as const;
    const ahead = { ...book, requests: { [earlier]: accepted }, asked: { [positionId]: [earlier] } };
    const later = request({ type: 'AmendmentRequested', data: anEvent('AmendmentRequested', { terms }).data });
    expect(encodeRequest(later, ahead, () => null)).toMatchObject({ value: expect.stringContaining('"offset":60,') });
  });

  it('is not sent to what is gone, nor longer than a command may be', () => {
    const { data } = anEvent('CloseRequested', { positionId: exampleId(0xdead) });
    expect(encoded({ type: 'CloseRequested', data })).toEqual({ refused: 'target-gone' });
    expect(encoded(asked({ instrument: 'X'.repeat(COMMAND_BYTES) }))).toEqual({ refused: 'too-long' });
  });
});
