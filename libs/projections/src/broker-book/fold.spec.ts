import type { Decimal } from '@core/contracts/primitives';
import type { Event } from '@core/contracts/event';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { instantFromMs, toMs } from '@core/kernel/instant';
import { fold } from '@core/kernel/projection';
import { BOOK_KEEPS, brokerBook } from './fold.ts';
import { positionLife } from './state.ts';
import { at, instant, exampleOrder, examplePosition, exampleRequest } from '../histories.fixture.ts';

const book = (...events: Event[]) => fold(brokerBook, events);

const requested = anEvent('OrderRequested', { kind: 'market', price: null });
const dispatched = at('10:01', 'RequestDispatched');
const accepted = anEvent('RequestAccepted');
const working = anEvent('OrderWorking', { comment: 'tc-token' });
const filled = anEvent('OrderFilled');
const opened = anEvent('PositionOpened', { comment: 'tc-token' });
const closed = anEvent('PositionClosed', { profit: '10', swap: '-1', commission: '-0.5' });

describe('broker book: what stands there', () => {
  it('is found by the broker’s number', () => {
    expect(book(opened).positions['500000107']).toMatchObject({ positionId: examplePosition, comment: 'tc-token' });
    expect(book(working).orders['500000100']).toMatchObject({ orderId: exampleOrder, filledLots: '0', signal: null });
  });

  it('numbers each kind of change of each key', () => {
    const swapped = anEvent('PositionSwapCharged', { swap: '-2', delta: '-2' });
    const { positions } = book(opened, anEvent('PositionAmended'), anEvent('PositionAmended'), swapped);
    expect(positions['500000107']).toMatchObject({
      amendments: 2,
      swapCharges: 1,
      swap: '-2',
      lastEventId: swapped.id,
    });
    expect(book(working, anEvent('OrderAmended')).orders['500000100']).toMatchObject({ amendments: 1, price: '1.101' });
    const account = book(anEvent('AccountUpdated'), anEvent('BalanceChanged'), anEvent('BalanceChanged'));
    expect(account).toMatchObject({ termsChanges: 1, moneyChanges: 2, money: { balance: '10010', credit: '0' } });
  });

  it('keeps the signal of our own pending order', () => {
    const signal = {
      signalId: exampleId(1),
      integrationId: exampleId(2),
      strategyId: 's',
      externalPositionId: 'p',
    };
    expect(book(anEvent('OrderRequested', { signal }), dispatched, working).orders['500000100']?.signal).toEqual(
      signal,
    );
  });

  it('is gone once closed, and stays known as closed', () => {
    expect(book(opened, closed)).toMatchObject({
      positions: {},
      closedPositions: [{ position: '500000107' }],
      numbers: {},
    });
  });

  it('moves to its new number when a part is closed', () => {
    const reduced = anEvent('PositionReduced', { brokerPosition: '500000200' });
    const { positions, closedPositions } = book(opened, reduced);
    expect(Object.keys(positions)).toEqual(['500000200']);
    expect(positions['500000200']).toMatchObject({ volumeLots: '0.06', deals: ['73000001'] });
    expect(closedPositions).toMatchObject([{ position: '500000107' }]);
    expect(book(opened, reduced, closed)).toMatchObject({
      positions: {},
      closedPositions: [{ position: '500000107' }, { position: '500000200' }],
    });
  });

  it('forgets a closed position only after a thousand others, and never that it may have had earlier lives', () => {
    const minute = (n: number): string => instantFromMs(toMs(instant('09:00')) + n * 60_000);
    const lives = Array.from({ length: BOOK_KEEPS + 3 }, (_, n) => {
      const positionId = exampleId(0x1000 + n);
      const deal = { positionId, deal: String(n), closedAt: minute(n) };
      return [anEvent('PositionOpened', { positionId, brokerPosition: String(n) }), anEvent('PositionClosed', deal)];
    }).flat();
    const after = book(...lives);
    expect(after.closedPositions).toHaveLength(BOOK_KEEPS);
    expect(after.closedPositions[0]).toMatchObject({ position: '3' });
    expect(after.forgotten.positions).toEqual({ count: 3, until: minute(2) });
    expect(positionLife(after, '0', minute(-1))).toBe(4);
    expect(positionLife(after, '3', minute(2))).toBe(5);
    expect(positionLife(after, '3', minute(3))).toBe(2);
    expect(positionLife(after, 'new', minute(3))).toBe(1);
  });

  it('was first told something at', () => {
    expect(book(at('09:00', 'AccountSessionOpened'), at('10:00', 'PositionOpened')).since).toBe(instant('09:00'));
  });
});

describe('broker book: requests', () => {
  it('follows a request to its acceptance', () => {
    expect(book(requested).requests[exampleOrder]).toMatchObject({ status: 'requested', dispatchedAt: null });
    expect(book(requested, dispatched).requests[exampleOrder]).toMatchObject({
      status: 'dispatched',
      dispatchedAt: instant('10:01'),
      lastEventId: dispatched.id,
    });
    const doubted = book(requested, dispatched, anEvent('RequestOutcomeUnknown'));
    expect(doubted.requests[exampleOrder]?.status).toBe('unknown');
    expect(book(requested, dispatched, accepted).requests[exampleOrder]).toMatchObject({
      status: 'accepted',
      brokerRequest: '500000100',
    });
    const late = book(requested, dispatched, accepted, anEvent('RequestOutcomeUnknown'));
    expect(late.requests[exampleOrder]?.status).toBe('accepted');
  });

  it('is over when accepted and seen, in either order', () => {
    expect(book(requested, dispatched, accepted, filled).requests).toEqual({});
    expect(book(requested, dispatched, filled).requests[exampleOrder]).toMatchObject({
      status: 'dispatched',
      effected: true,
    });
    expect(book(requested, dispatched, filled, accepted).requests).toEqual({});
    const pending = anEvent('OrderRequested');
    expect(book(pending, dispatched, working, accepted).requests).toEqual({});
    expect(book(pending, dispatched, accepted, working).requests).toEqual({});
  });

  it('is not over with a part of its fill', () => {
    const part = anEvent('OrderFilled', { volumeLots: '0.04' });
    const rest = anEvent('OrderFilled', { volumeLots: '0.06', positionId: exampleId(2) });
    expect(book(requested, dispatched, accepted, part).requests[exampleOrder]?.filledLots).toBe('0.04');
    expect(book(requested, dispatched, accepted, part, rest).requests).toEqual({});
    expect(book(working, part).orders['500000100']?.filledLots).toBe('0.04');
    expect(book(working, part, rest).orders).toEqual({});
  });

  it.each(['RequestRejected', 'RequestExpired', 'OrderExpired', 'OrderCancelled'] as const)(
    'is over with %s',
    (outcome) => {
      expect(book(requested, dispatched, anEvent(outcome)).requests).toEqual({});
    },
  );

  it('remembers what an amendment and a close set out to change', () => {
    const asked = book(opened, anEvent('CloseRequested'));
    expect(asked.requests[exampleRequest]?.before).toEqual({
      volumeLots: '0.1',
      price: null,
      stopLoss: '1.09',
      takeProfit: '1.12',
      trailingPoints: null,
    });
    const protection = { stopLoss: null, takeProfit: null, expiresAt: null };
    const terms = { target: 'order' as const, orderId: exampleOrder, price: '1.2' as const, ...protection };
    expect(book(working, anEvent('AmendmentRequested', { terms })).requests[exampleRequest]?.before?.price).toBe('1.1');
    expect(book(anEvent('CloseRequested')).requests[exampleRequest]?.before).toBeNull();
  });

  it('has the effect of an amendment in the next amendment, or in the end of its target', () => {
    const asked = [
      opened,
      anEvent('AmendmentRequested'),
      anEvent('RequestDispatched', { kind: 'amendment', requestId: exampleRequest }),
      anEvent('RequestAccepted', { kind: 'amendment', requestId: exampleRequest }),
    ];
    expect(book(...asked).requests[exampleRequest]?.status).toBe('accepted');
    expect(book(...asked, anEvent('PositionAmended')).requests).toEqual({});
    expect(book(...asked, closed).requests).toEqual({});
  });

  it('has the effect of a close in the deal that names it, or in the position’s end', () => {
    const asked = [
      opened,
      anEvent('CloseRequested'),
      anEvent('RequestDispatched', { kind: 'close', requestId: exampleRequest }),
      anEvent('RequestAccepted', { kind: 'close', requestId: exampleRequest }),
    ];
    expect(book(...asked, anEvent('PositionReduced', { requestId: null })).requests[exampleRequest]?.status).toBe(
      'accepted',
    );
    expect(book(...asked, anEvent('PositionReduced', { requestId: exampleRequest })).requests).toEqual({});
    expect(book(...asked, closed).requests).toEqual({});
  });

  it('has the effect of a cancellation in the end of its order', () => {
    const asked = [
      working,
      anEvent('CancellationRequested'),
      anEvent('RequestDispatched', { kind: 'cancellation', requestId: exampleRequest }),
    ];
    expect(
      book(
        ...asked,
        anEvent('RequestAccepted', { kind: 'cancellation', requestId: exampleRequest }),
        anEvent('OrderCancelled'),
      ).requests,
    ).toEqual({});
    const overtaken = book(...asked, anEvent('OrderCancelled'));
    expect(overtaken.requests[exampleRequest]).toMatchObject({ status: 'dispatched', effected: true });
  });

  it('is settled by an operator', () => {
    const doubted = [requested, dispatched, anEvent('RequestOutcomeUnknown')];
    const resolved = anEvent('RequestResolved', { requestId: exampleOrder, executed: true });
    expect(book(...doubted, resolved)).toMatchObject({ requests: {}, endedOrders: [{ orderId: exampleOrder }] });
    expect(book(...doubted, working, resolved)).toMatchObject({ endedOrders: [], orders: { '500000100': {} } });
    const close = anEvent('RequestResolved', { kind: 'close', requestId: exampleRequest });
    expect(book(opened, anEvent('CloseRequested'), close)).toMatchObject({ requests: {}, endedOrders: [] });
  });
});

describe('broker book: ended orders', () => {
  it('are found again by the broker’s number, also where the acceptance came late', () => {
    const inOrder = book(requested, dispatched, accepted, filled).endedOrders;
    expect(inOrder).toEqual([
      {
        orderId: exampleOrder,
        brokerOrder: '500000100',
        at: filled.time,
        correlationid: requested.correlationid,
        lastEventId: filled.id,
      },
    ]);
    expect(book(requested, dispatched, filled, accepted).endedOrders).toEqual(inOrder);
    const other = anEvent('RequestAccepted', { brokerRequest: '500000999' });
    expect(book(working, anEvent('OrderCancelled'), other).endedOrders).toMatchObject([{ brokerOrder: '500000100' }]);
    const ours = { correlationid: exampleId(0xc1) };
    const elsewhere = anEvent('OrderFilled', {}, { correlationid: exampleId(0xc2) });
    expect(book({ ...requested, ...ours }, elsewhere).endedOrders).toMatchObject([ours]);
    expect(book({ ...working, ...ours }, elsewhere).endedOrders).toMatchObject([ours]);
    expect(book(working, anEvent('OrderCancelled')).endedOrders).toMatchObject([{ brokerOrder: '500000100' }]);
    expect(book(requested, anEvent('OrderExpired')).endedOrders).toMatchObject([{ brokerOrder: null }]);
    const late = book(requested, dispatched, anEvent('OrderExpired'), accepted).endedOrders;
    expect(late).toMatchObject([{ brokerOrder: '500000100' }]);
  });
});

describe('broker book: money', () => {
  const told = (type: 'deposit', reference: string | null) =>
    anEvent('BalanceChanged', { operation: { type, delta: '1', reference, comment: null } });

  it('knows what of a balance no operation has explained', () => {
    const changed = (balance: Decimal, delta: Decimal | null) =>
      anEvent('BalanceChanged', {
        balance,
        operation: delta && { type: 'trading', delta, reference: examplePosition, comment: null },
      });
    expect(book(changed('10', null)).accruals.unexplained.balance).toBe('0');
    expect(book(changed('10', null), changed('15', null)).accruals.unexplained.balance).toBe('5');
    expect(book(changed('10', null), changed('15', null), changed('15', '3')).accruals.unexplained.balance).toBe('2');
  });

  it('knows which deposits were told', () => {
    expect(book(told('deposit', '73000009'), told('deposit', null)).bookings).toEqual(['73000009']);
  });

  it('knows when the newest deal was', () => {
    const early = anEvent('PositionReduced', {}, { time: instant('08:00') });
    expect(book(opened, early).lastDealAt).toBe(instant('08:00'));
    expect(book(opened, early, closed).lastDealAt).toBe(closed.data.closedAt);
    const other = anEvent('PositionOpened', { positionId: exampleId(2), brokerPosition: '2' });
    const before = anEvent('PositionReduced', { positionId: exampleId(2) }, { time: instant('07:00') });
    expect(book(opened, other, closed, before).lastDealAt).toBe(closed.data.closedAt);
  });
});
