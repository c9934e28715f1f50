import { anEvent, exampleAccount, exampleId, exampleTypes, recorded } from '@core/contracts/examples';
import type { Event } from '@core/contracts/event';
import { executionChange } from './executions.ts';
import { orderHistoryChange } from './order-history.ts';

const one = (event: Event) => {
  const [made] = recorded([event]);
  if (!made) throw new Error('no event');
  return made;
};

describe('executions', () => {
  it('have a row for each opening, reducing and closing, and for nothing else', () => {
    const telling = exampleTypes.filter((type) => executionChange(one(anEvent(type))) !== null);
    expect(telling).toEqual(['PositionOpened', 'PositionReduced', 'PositionClosed']);
  });

  it('say of an opening what all executions of the position share', () => {
    const opened = one(anEvent('PositionOpened', { commission: '-6' }));
    expect(executionChange(opened)).toMatchObject({
      change: 'opened',
      row: {
        id: opened.id,
        accountId: exampleAccount,
        instrument: 'EURUSD',
        side: 'buy',
        isClose: false,
        commission: '-6',
        profit: null,
        at: '2026-01-05T10:00:00.123000Z',
      },
    });
  });

  it('date a closing by the deal, and name our request where there was one', () => {
    const closed = one(anEvent('PositionClosed', { requestId: exampleId(7), profit: '-3' }));
    expect(executionChange(closed)).toMatchObject({
      change: 'closed',
      row: { orderId: exampleId(7), isClose: true, profit: '-3', at: '2026-01-05T11:00:00.456000Z' },
    });
    const reduced = one(anEvent('PositionReduced'));
    expect(executionChange(reduced)).toMatchObject({ row: { orderId: null, volumeLots: '0.04', at: reduced.time } });
  });
});

describe('order history', () => {
  it('changes with what becomes of an order, and with nothing else', () => {
    const telling = exampleTypes.filter((type) => orderHistoryChange(one(anEvent(type))) !== null);
    expect(telling).toEqual([
      'OrderRequested',
      'OrderRejected',
      'OrderWorking',
      'OrderAmended',
      'OrderFilled',
      'OrderCancelled',
      'OrderExpired',
      'OrderResolvedByOperator',
    ]);
  });

  it('says why an order ended, in the broker’s words where there are any', () => {
    expect(orderHistoryChange(one(anEvent('OrderRejected')))).toMatchObject({
      change: 'ended',
      status: 'rejected',
      text: 'Not enough money',
    });
    const silent = one(anEvent('OrderRejected', { text: null }));
    expect(orderHistoryChange(silent)).toMatchObject({ text: 'insufficient-funds' });
  });

  it('takes an operator’s verdict on orders that did not happen, and on nothing else', () => {
    const verdict = (kind: 'order' | 'close', executed: boolean) =>
      orderHistoryChange(one(anEvent('OrderResolvedByOperator', { kind, executed })));
    expect(verdict('order', false)).toMatchObject({ change: 'ended', status: 'expired' });
    expect(verdict('order', true)).toBeNull();
    expect(verdict('close', false)).toBeNull();
  });
});
