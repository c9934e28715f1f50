import { NotSentCause, type RequestKind } from '@core/contracts/events/request';
import type { Event, EventType, EventBody } from '@core/contracts/event';
import { anEvent, exampleId, recorded } from '@core/contracts/examples.fixture';
import { fold } from '@core/kernel/projection';
import fc from 'fast-check';
import { translateOrders } from './order.ts';
import { TvOrder } from '../wire/order.ts';
import { SESSION_FINALS_MAX } from '@core/views/tradingview/session-state';
import { tradingSession } from '@core/views/tradingview/session';

const NOW = '2026-01-05T10:00:00.000000Z';
const order = exampleId(0x0d1);
const request = exampleId(0x4e9);
const position = exampleId(0x905);

const an = <Type extends EventType>(type: Type, data: Partial<EventBody<Type>['data']> = {}): Event =>
  anEvent(type, data);
const bookOf = (...events: Event[]) => fold(tradingSession, recorded(events));
const ordersOf = (...events: Event[]): TvOrder[] => translateOrders(bookOf(...events), NOW, 'en');
/** What a user sees at a glance: `<id tail> <status> @<price> under <parent tail>`. */
const glance = (orders: readonly TvOrder[]): string[] =>
  orders.map(({ id, status, limitPrice, stopPrice, parentType }) =>
    [id.slice(33), status, limitPrice ?? stopPrice, parentType].filter((part) => part !== undefined).join(' '),
  );

const requested = (data = {}): Event => an('OrderRequested', data);
const market = (data = {}): Event => requested({ kind: 'market', price: null, ...data });
const working = (data = {}): Event => an('OrderWorking', data);
const filled = (data = {}): Event => an('OrderFilled', data);
const opened = (data = {}): Event => an('PositionOpened', data);
const amended = (data = {}): Event => an('PositionAmended', data);
const closed = (data = {}): Event => an('PositionClosed', data);

describe('orders', () => {
  it('goes from placing to working to filled, with what it filled at', () => {
    const events = [requested(), an('RequestAccepted'), working()];
    expect(glance(ordersOf(...events.slice(0, 1)))[0]).toBe('0d1 placing 1.1');
    expect(glance(ordersOf(...events))[0]).toBe('0d1 working 1.1');
    const [last] = ordersOf(...events, filled());
    expect(last).toMatchObject({ status: 'filled', qty: 10_000, filledQty: 10_000, avgPrice: 1.1, limitPrice: 1.1 });
  });

  it('stays working while it is filled in part, at the mean price of its fills', () => {
    const parts = [
      filled({ volumeLots: '0.04', price: '1.1' }),
      filled({ volumeLots: '0.02', price: '1.103', positionId: exampleId(0x906) }),
    ];
    expect(ordersOf(market(), ...parts)[0]).toMatchObject({ status: 'working', filledQty: 6_000, avgPrice: 1.101 });
  });

  it('is requested once: what is told again changes nothing', () => {
    const again = requested({ stopLoss: null, takeProfit: null });
    expect(ordersOf(requested(), again)).toEqual(ordersOf(requested(), an('EquityMarked')));
  });

  it('says why it was rejected', () => {
    const [rejected] = ordersOf(market(), an('RequestRejected'));
    expect(rejected).toMatchObject({ status: 'rejected', message: { type: 'error' } });
    expect(rejected?.message?.text).toContain('not enough free margin');
  });

  it('is open and marked while its outcome is unknown, and not marked once it is known', () => {
    const doubtful = [market(), an('RequestOutcomeUnknown')];
    expect(ordersOf(...doubtful)[0]).toMatchObject({ status: 'placing', message: { type: 'warning' } });
    expect(ordersOf(...doubtful, an('RequestAccepted'))[0]).not.toHaveProperty('message');
    const resolved = an('RequestResolved', { kind: 'order', executed: false });
    expect(ordersOf(...doubtful, resolved)[0]).toMatchObject({ status: 'cancelled' });
  });

  it('is cancelled when it expires or is taken back, and rejected when it never came to be, with the reason', () => {
    const never = (['not-sent', 'not-executed'] as const).flatMap((reason) => [
      an('RequestExpired', { reason }),
      ...NotSentCause.options.map((cause) => an('RequestExpired', { reason, cause })),
    ]);
    const texts = [an('OrderExpired'), ...never].map((end) => {
      const [order] = ordersOf(requested(), end);
      const isTakenBack = end.type === 'OrderExpired' || ('cause' in end.data && end.data.cause === 'cancelled');
      expect(order?.status).toBe(isTakenBack ? 'cancelled' : 'rejected');
      return order?.message?.text;
    });
    expect(texts).not.toContain(undefined);
    expect(new Set(texts).size).toBe(NotSentCause.options.length + 2);
  });

  it('appears when it was placed elsewhere, working or filled at once', () => {
    expect(glance(ordersOf(working()))[0]).toBe('0d1 working 1.1');
    expect(ordersOf(opened({ orderId: null }))[0]).toMatchObject({ type: 'market', status: 'filled', avgPrice: 1.1 });
  });

  it('does not report as news what reconciliation found long open', () => {
    expect(ordersOf(opened({ orderId: null, inferred: true, stopLoss: null, takeProfit: null }))).toEqual([]);
  });

  it('never takes back an end: an order that lives after all comes again under another id', () => {
    const dead = [requested(), an('RequestRejected')];
    const again = ordersOf(...dead, working()).filter(({ parentId }) => parentId === undefined);
    expect(again.map(({ id, status }) => [id, status])).toEqual([
      [order, 'rejected'],
      [`${order}:again`, 'working'],
    ]);
    const late = ordersOf(requested(), an('OrderCancelled'), filled()).filter(({ type }) => type === 'limit');
    expect(late.filter(({ filledQty }) => filledQty > 0)).toMatchObject([{ id: `${order}:again`, status: 'filled' }]);
  });

  it('keeps a note of a change that failed until the next one', () => {
    const asked = an('AmendmentRequested', {
      terms: { target: 'order', orderId: order, price: '1.2', stopLoss: null, takeProfit: null, expiresAt: null },
    });
    const refused = [
      requested(),
      working(),
      asked,
      an('RequestRejected', { kind: 'amendment', requestId: request, reason: 'invalid-price' }),
    ];
    expect(ordersOf(...refused)[0]).toMatchObject({ status: 'working', message: { type: 'error' } });
    expect(ordersOf(...refused, asked)[0]).not.toHaveProperty('message');
  });

  it('shows final orders for a day and no longer', () => {
    const book = bookOf(requested(), an('OrderCancelled'));
    expect(translateOrders(book, '2026-01-06T10:00:00.000000Z', 'en')).toHaveLength(3);
    expect(translateOrders(book, '2026-01-06T10:00:00.001000Z', 'en')).toHaveLength(0);
    const next = { ...an('EquityMarked'), recordedtime: '2026-01-06T10:00:00.001000Z', position: 3, version: 3 };
    tradingSession.evolve(book, next);
    expect(Object.keys(book.tickets)).toHaveLength(0);
  });

  it('forgets the oldest of too many final orders', () => {
    const many = Array.from({ length: SESSION_FINALS_MAX + 1 }, (_, n) => [
      market({ orderId: exampleId(n + 1), stopLoss: null, takeProfit: null }),
      an('RequestRejected', { requestId: exampleId(n + 1) }),
    ]).flat();
    const ids = ordersOf(...many, an('EquityMarked')).map(({ id }) => id);
    expect(ids).toHaveLength(SESSION_FINALS_MAX);
    expect(ids).not.toContain(exampleId(1));
  });
});

describe('brackets', () => {
  it('wait for their order, then protect its position under the same ids', () => {
    expect(glance(ordersOf(requested()))).toEqual([
      '0d1 placing 1.1',
      '0d1:sl:1 inactive 1.09 order',
      '0d1:tp:1 inactive 1.12 order',
    ]);
    const [, stop, take] = ordersOf(requested(), working(), filled(), opened());
    expect(stop).toMatchObject({ status: 'working', parentType: 'position', parentId: position, type: 'stop' });
    expect(take).toMatchObject({ status: 'working', side: 'sell', qty: 10_000, limitPrice: 1.12 });
    expect(take).not.toHaveProperty('stopPrice');
  });

  it('end with an order that ends without a position', () => {
    for (const end of [an('OrderCancelled'), an('RequestRejected'), an('OrderExpired')]) {
      const [, stop, take] = ordersOf(requested(), end);
      expect([stop?.status, take?.status]).toEqual(['cancelled', 'cancelled']);
    }
  });

  it('stay inactive until the broker tells of them, and fall when reconciliation does not find them', () => {
    const late = [requested(), filled(), opened({ stopLoss: null, takeProfit: null })];
    expect(glance(ordersOf(...late)).slice(1)).toEqual([
      '0d1:sl:1 inactive 1.09 position',
      '0d1:tp:1 inactive 1.12 position',
    ]);
    const first = amended({ stopLoss: '1.09', takeProfit: null });
    expect(glance(ordersOf(...late, first)).slice(1)).toEqual([
      '0d1:sl:1 working 1.09 position',
      '0d1:tp:1 inactive 1.12 position',
    ]);
    expect(glance(ordersOf(...late, first, an('AccountReconciled')))[2]).toContain('cancelled');
  });

  it('move, and come and go under new ids', () => {
    const history = [
      opened({ stopLoss: null, takeProfit: null }),
      amended({ stopLoss: '1.09', takeProfit: null }),
      amended({ stopLoss: '1.095', takeProfit: '1.12' }),
      amended({ stopLoss: null, takeProfit: '1.12' }),
      amended({ stopLoss: '1.08', takeProfit: '1.12' }),
    ];
    expect(glance(ordersOf(...history)).slice(1)).toEqual([
      '905:sl:1 cancelled 1.095 position',
      '905:tp:1 working 1.12 position',
      '905:sl:2 working 1.08 position',
    ]);
  });

  it('one is filled, the other cancelled', () => {
    const history = [requested(), filled(), opened(), closed({ reason: 'stop-loss', price: '1.0899' })];
    const [, stop, take] = ordersOf(...history);
    expect(stop).toMatchObject({ status: 'filled', avgPrice: 1.0899, stopPrice: 1.09, filledQty: 10_000 });
    expect(take).toMatchObject({ status: 'cancelled' });
    expect(bookOf(...history).latest.executions).toMatchObject([{ ticketId: stop?.id, isClose: true, side: 'sell' }]);
  });

  it('shrink with their position', () => {
    const [, stop] = ordersOf(requested(), filled(), opened(), an('PositionReduced'));
    expect(stop).toMatchObject({ status: 'working', qty: 6_000 });
  });

  it('go to the position that completes an order; its earlier parts have their own', () => {
    const other = exampleId(0x906);
    const orders = ordersOf(
      requested(),
      filled({ volumeLots: '0.04' }),
      opened({ volumeLots: '0.04' }),
      filled({ volumeLots: '0.06', positionId: other }),
      opened({ volumeLots: '0.06', positionId: other }),
    );
    const stops = orders.filter(({ type }) => type === 'stop');
    expect(stops.map(({ id, parentId, qty }) => [id, parentId, qty])).toEqual([
      [`${order}:sl:1`, other, 6_000],
      [`${position}:sl:1`, position, 4_000],
    ]);
  });
});

describe('closings', () => {
  const asked = an('CloseRequested');

  it('are orders: placing, filled, or rejected with the reason', () => {
    const history = [opened(), asked];
    const of = (...more: Event[]) => ordersOf(...history, ...more).find(({ id }) => id === request);
    expect(of()).toMatchObject({ status: 'placing', side: 'sell', type: 'market', qty: 10_000 });
    const close = closed({ requestId: request });
    expect(of(an('RequestAccepted', { kind: 'close', requestId: exampleId(0x4e9) }), close)).toMatchObject({
      status: 'filled',
      avgPrice: 1.101,
    });
    expect(of(an('RequestRejected', { kind: 'close', requestId: request, reason: 'market-closed' }))).toMatchObject({
      status: 'rejected',
      message: { type: 'error', text: expect.stringContaining('market is closed') },
    });
  });

  it('that come to nothing because the position is gone are no failure, nor are changes', () => {
    const change = an('AmendmentRequested', {
      requestId: exampleId(0x4ea),
      terms: { target: 'position', positionId: position, stopLoss: '1.09', takeProfit: null },
    });
    const ends = [
      an('RequestRejected', { kind: 'close', requestId: request, reason: 'not-found' }),
      an('RequestExpired', { kind: 'close', requestId: request, reason: 'not-executed' }),
      an('RequestExpired', { kind: 'amendment', requestId: exampleId(0x4ea), reason: 'not-executed' }),
      an('RequestOutcomeUnknown', { kind: 'amendment', requestId: exampleId(0x4ea) }),
    ];
    const history = [opened(), asked, change, closed({ requestId: null, reason: 'stop-loss' })];
    for (const end of ends) {
      const book = bookOf(...history, end);
      expect(book.positions[position]?.note).toBeNull();
      const closing = translateOrders(book, NOW, 'en').find(({ id }) => id === request);
      const isOver = 'kind' in end.data && end.data.kind === 'close';
      expect(closing?.status).toBe(isOver ? 'cancelled' : 'placing');
      expect(closing?.message?.type ?? 'information').toBe('information');
    }
    expect(bookOf(...history, ...ends).requests).toEqual({});
  });

  it('by the broker or at the broker are told of', () => {
    const [, , , stopOut] = ordersOf(opened(), closed({ reason: 'stop-out' }));
    expect(stopOut).toMatchObject({ status: 'filled', message: { type: 'warning' } });
  });

  it('close the position, which stays with its last figures', () => {
    const book = bookOf(opened(), closed({ swap: '-1.5', commission: '-2' }));
    expect(book.positions[position]).toMatchObject({ swap: '-1.5', closedAt: expect.any(String) });
    expect(book.latest.executions).toMatchObject([{ id: `${position}:73000001`, commission: '-2' }]);
  });
});

describe('every history', () => {
  const anyEvent: fc.Arbitrary<Event> = fc
    .record({
      type: fc.constantFrom(
        'OrderRequested',
        'RequestAccepted',
        'RequestRejected',
        'RequestOutcomeUnknown',
        'RequestExpired',
        'OrderWorking',
        'OrderAmended',
        'OrderFilled',
        'OrderCancelled',
        'OrderExpired',
        'RequestResolved',
        'PositionOpened',
        'PositionAmended',
        'PositionReduced',
        'PositionClosed',
        'AmendmentRequested',
        'AccountReconciled',
      ),
      protection: fc.record({
        stopLoss: fc.constantFrom(null, '1.09', '1.08'),
        takeProfit: fc.constantFrom(null, '1.12'),
      }),
      lots: fc.constantFrom('0.1', '0.04'),
      kind: fc.constantFrom<RequestKind>('order', 'order', 'amendment', 'close'),
    })
    .map(({ type, protection, lots, kind }) => {
      const event: Event = an(type);
      const step = 'requestId' in event.data && 'kind' in event.data;
      const about = step && kind !== 'order' ? { kind, requestId: exampleId(0x4e9) } : {};
      const bracketed = { ...event.data, ...about, ...('stopLoss' in event.data ? protection : {}) };
      const sized = { ...bracketed, ...('volumeLots' in event.data ? { volumeLots: lots } : {}) };
      return { ...event, data: sized } as Event;
    });

  it('leaves every order valid, every id unique and every end final', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
        // The ledger requests an order before anything can be known of it.
        const legal = events.filter(({ type }, index) => type !== 'OrderRequested' || index === 0);
        const book = tradingSession.initial();
        const ends = new Map<string, string>();
        for (const event of recorded(legal)) {
          tradingSession.evolve(book, event);
          for (const shown of translateOrders(book, NOW, 'en')) {
            expect(TvOrder.safeParse(shown).error).toBeUndefined();
            const text = JSON.stringify(shown);
            if (ends.has(shown.id)) expect(text).toBe(ends.get(shown.id));
            if (['filled', 'cancelled', 'rejected'].includes(shown.status)) ends.set(shown.id, text);
          }
        }
        expect(JSON.parse(JSON.stringify(book))).toEqual(book);
      }),
      { numRuns: 300 },
    );
  });
});
