import { anEvent, exampleId } from '@core/contracts/examples';
import fc from 'fast-check';
import {
  DAY_MS,
  deal,
  DeskKit,
  mark,
  pending,
  pendingGone,
  position,
  positionGone,
  sent,
  sentStop,
  triggered,
  type WireTrade,
} from './desk.fixture.ts';

const order = exampleId(0x0d1);
const request = exampleId(0x4e9);
const P = 500000107;

describe('a market order', () => {
  it('is accepted, filled and a position, in this order, whatever comes first', () => {
    const kit = new DeskKit(sent());
    expect(kit.see(position({ customComment: mark() }))).toEqual(['OrderAccepted', 'OrderFilled', 'PositionOpened']);
    expect(kit.acknowledge(order, 500000100)).toEqual([]);
    expect(kit.status(500000100, 3)).toEqual([]);
    expect(kit.last('OrderAccepted').data).toMatchObject({ orderId: order, brokerRequest: '500000100' });
    expect(kit.last('PositionOpened').data).toMatchObject({
      orderId: order,
      brokerPosition: '500000107',
      price: '1.09654',
    });
  });

  it('carries its chain: requested, dispatched, accepted, filled, opened', () => {
    const past = sent();
    const kit = new DeskKit(past);
    kit.see(position({ customComment: mark() }));
    const [accepted, filled, opened] = kit.told;
    expect([accepted?.causationid, filled?.causationid, opened?.causationid]).toEqual([
      past[2]?.id,
      accepted?.id,
      filled?.id,
    ]);
    expect(new Set(kit.told.map(({ correlationid }) => correlationid))).toEqual(new Set([past[1]?.correlationid]));
  });

  it('is accepted by its status and filled by its record', () => {
    const kit = new DeskKit(sent());
    kit.acknowledge(order, 500000100);
    expect(kit.status(500000100, 1)).toEqual([]);
    expect(kit.status(500000100, 3)).toEqual(['OrderAccepted']);
    expect(kit.see(position())).toEqual(['OrderFilled', 'PositionOpened']);
  });

  it('takes a status that beat the reply', () => {
    const kit = new DeskKit(sent());
    expect(kit.status(500000100, 3)).toEqual([]);
    expect(kit.acknowledge(order, 500000100)).toEqual(['OrderAccepted']);
  });

  it('waits for the reply where the comment is gone, then knows its own', () => {
    const kit = new DeskKit(sent());
    expect(kit.see(position({ customComment: null }))).toEqual([]);
    expect(kit.acknowledge(order, 500000100)).toEqual(['OrderAccepted', 'OrderFilled', 'PositionOpened']);
  });

  it('takes the position for a stranger once no reply can be expected', () => {
    const kit = new DeskKit(sent());
    kit.see(position({ customComment: null }));
    expect(kit.wait(3_000)).toEqual(['PositionOpened']);
    expect(kit.last('PositionOpened').data.orderId).toBeNull();
  });

  it('finds the fill of an order whose position was taken for a stranger', () => {
    const kit = new DeskKit(sent());
    kit.see(position());
    kit.wait(3_000);
    kit.acknowledge(order, 500000100);
    expect(kit.status(500000100, 3)).toEqual(['OrderAccepted']);
    kit.wait(3_000);
    expect(kit.desk.wantsSnapshot).toBe(true);
    expect(kit.read({ standing: [position()] }).facts[0]?.type).toBe('OrderFilled');
  });

  it.each([
    [4, 'Not enough money', 'insufficient-funds'],
    [4, undefined, 'broker-error'],
    [0, undefined, 'broker-error'],
  ])('is rejected by status %s %s', (status, message, reason) => {
    const kit = new DeskKit(sent());
    kit.acknowledge(order, 500000100);
    expect(kit.status(500000100, status, message === undefined ? {} : { message })).toEqual(['OrderRejected']);
    expect(kit.last('OrderRejected').data.reason).toBe(reason);
  });

  it('may fill as several positions', () => {
    const kit = new DeskKit(sent({ volumeLots: '4.2388' }));
    kit.acknowledge(order, 500000100);
    expect(kit.see(position({ volume: 4 }))).toEqual(['OrderAccepted', 'OrderFilled', 'PositionOpened']);
    expect(kit.see(position({ order: 500000108, position: 500000108, volume: 0.2388 }))).toEqual([
      'OrderFilled',
      'PositionOpened',
    ]);
    expect(kit.desk.book.requests).toEqual({});
  });

  it('ignores the order in flight that some servers show first', () => {
    const kit = new DeskKit(sent());
    const inFlight = pending({ cmd: 0, order: 500000100, order2: 500000100, position: 500000100 });
    expect(kit.see(inFlight, { ...inFlight, state: 'Deleted' })).toEqual([]);
  });
});

describe('a pending order', () => {
  it('stands, is changed and cancelled by a person elsewhere', () => {
    const kit = new DeskKit();
    expect(kit.see(pending())).toEqual(['OrderWorking']);
    expect(kit.see(pending({ open_price: 1.11, expiration: DAY_MS + 3_600_000 }))).toEqual(['OrderAmended']);
    expect(kit.see(pendingGone())).toEqual([]);
    expect(kit.wait(3_000)).toEqual([]);
    expect(kit.desk.wantsSnapshot).toBe(true);
    kit.read({});
    expect(kit.last('OrderCancelled').data.reason).toBe('unknown');
  });

  it('is ours by its number or by its comment', () => {
    const kit = new DeskKit(sentStop());
    expect(kit.see(pending({ customComment: mark() }))).toEqual(['OrderAccepted', 'OrderWorking']);
    const numbered = new DeskKit(sentStop());
    numbered.acknowledge(order, 500000200);
    expect(numbered.see(pending())).toEqual(['OrderAccepted', 'OrderWorking']);
    expect(numbered.last('OrderWorking').data.orderId).toBe(order);
  });

  it('is cancelled by us', () => {
    const kit = new DeskKit(sentStop());
    kit.see(pending({ customComment: mark() }));
    kit.learn(...cancellation());
    kit.acknowledge(request, 500000300);
    expect(kit.see(pendingGone())).toEqual([]);
    expect(kit.status(500000300, 3)).toEqual(['CancellationAccepted', 'OrderCancelled']);
    expect(kit.last('OrderCancelled').data).toMatchObject({ orderId: order, reason: 'user' });
    expect(kit.last('OrderCancelled').causationid).toBe(kit.last('CancellationAccepted').id);
  });

  it('was triggered before our cancellation came: superseded', () => {
    const kit = new DeskKit(sentStop());
    kit.see(pending({ customComment: mark() }));
    kit.learn(...cancellation());
    kit.acknowledge(request, 500000300);
    kit.see(pending(), pendingGone(), triggered());
    expect(kit.status(500000300, 4)).toEqual(['CancellationRejected']);
    expect(kit.last('CancellationRejected').data.reason).toBe('superseded');
  });

  it('expires when its time has come and no position did', () => {
    const kit = new DeskKit();
    kit.see(pending({ expiration: DAY_MS + 1_000 }));
    kit.ms += 1_500;
    expect(kit.see(pendingGone({ expiration: DAY_MS + 1_000 }))).toEqual([]);
    expect(kit.wait(3_000)).toEqual(['OrderExpired']);
    expect(kit.last('OrderExpired').data.reason).toBe('expired');
  });

  it('is triggered with slippage', () => {
    const kit = new DeskKit(sentStop());
    kit.see(pending({ customComment: mark() }));
    expect(kit.see(pending(), pendingGone(), triggered())).toEqual(['OrderFilled', 'PositionOpened']);
    expect(kit.last('OrderFilled').data).toMatchObject({ orderId: order, price: '1.10012' });
    expect(kit.wait(10_000)).toEqual([]);
  });

  it('could not be executed when its trigger came', () => {
    const kit = new DeskKit();
    kit.see(pending());
    kit.see(pending(), pendingGone());
    kit.wait(3_000);
    kit.read({});
    expect(kit.last('OrderCancelled').data.reason).toBe('trigger-failed');
  });

  it.each(permutations([pending(), pendingGone(), triggered()]))(
    'is triggered the same way whatever order its records come in (%#)',
    (...records) => {
      const kit = new DeskKit(sentStop());
      kit.see(pending({ customComment: mark() }));
      kit.see(...records, ...records);
      expect(kit.told.map(({ type }) => type)).toEqual([
        'OrderAccepted',
        'OrderWorking',
        'OrderFilled',
        'PositionOpened',
      ]);
    },
  );

  it('has its protection set in records that follow its position', () => {
    const kit = new DeskKit();
    kit.see(pending());
    const types = kit.see(pendingGone(), triggered({ sl: 0, tp: 0 }), triggered({ tp: 0 }), triggered());
    expect(types).toEqual(['OrderFilled', 'PositionOpened', 'PositionAmended', 'PositionAmended']);
    expect(kit.last('PositionAmended').data).toMatchObject({ stopLoss: '1.09', takeProfit: '1.12' });
  });

  it('is told apart from its neighbours when several are triggered at once', () => {
    const kit = new DeskKit();
    const each = [0, 1, 2].map((n) => ({
      stop: { order: 500000200 + n, order2: 500000200 + n, position: 500000200 + n },
      fill: { order: 500000311 + n, order2: 500000200 + n, position: 500000311 + n },
    }));
    kit.see(...each.map(({ stop }) => pending(stop)));
    kit.see(...each.map(({ stop }) => pending(stop)), ...each.map(({ stop }) => pendingGone(stop)));
    const types = kit.see(...each.map(({ fill }) => triggered(fill)));
    expect(types).toEqual(Array.from({ length: 3 }, () => ['OrderFilled', 'PositionOpened']).flat());
  });
});

describe('a position', () => {
  it('opened by a person at the broker has no order of ours', () => {
    const kit = new DeskKit();
    expect(kit.see(position())).toEqual(['PositionOpened']);
    expect(kit.last('PositionOpened')).toMatchObject({ causationid: null, data: { orderId: null, inferred: false } });
  });

  it('gets protection by our amendment', () => {
    const kit = new DeskKit();
    kit.see(position());
    const { positionId } = kit.last('PositionOpened').data;
    const terms = { target: 'position', positionId, stopLoss: '1.09', takeProfit: null } as const;
    kit.learn(
      anEvent('AmendmentRequested', { requestId: request, terms }),
      anEvent('AmendmentDispatched', { requestId: request }),
    );
    kit.acknowledge(request, 500000500);
    expect(kit.status(500000500, 3)).toEqual(['AmendmentAccepted']);
    expect(kit.see(position({ sl: 1.09 }))).toEqual(['PositionAmended']);
    expect(kit.last('PositionAmended').causationid).toBe(kit.last('AmendmentAccepted').id);
    expect(kit.desk.book.requests).toEqual({});
  });

  it('is charged swap, and nothing else of a rollover or a resync is news', () => {
    const kit = new DeskKit();
    kit.see(position());
    expect(kit.see(position({ storage: -7.87, close_price: 1.2, profit: 99 }))).toEqual(['PositionSwapCharged']);
    expect(kit.see(position({ storage: -7.87, close_price: 1.3, profit: 9 }))).toEqual([]);
    expect(kit.last('PositionSwapCharged').data).toMatchObject({ swap: '-7.87', delta: '-7.87' });
  });

  it('keeps three changes of a value that went and came back', () => {
    const kit = new DeskKit();
    kit.see(position(), position({ sl: 1.09 }), position({ sl: 1.08, close_price: 1.0964 }));
    kit.see(position({ sl: 1.09, close_price: 1.0963 }));
    const amended = kit.told.filter(({ type }) => type === 'PositionAmended');
    expect(new Set(amended.map(({ id }) => id)).size).toBe(3);
  });

  it('does not believe an old record that comes again, and asks', () => {
    const kit = new DeskKit();
    kit.see(position(), position({ sl: 1.09 }));
    kit.ms += 2_000;
    expect(kit.see(position())).toEqual([]);
    expect(kit.desk.wantsSnapshot).toBe(true);
    kit.ms += 2_000;
    expect(kit.read({ standing: [position({ sl: 1.09 })] }).drifts).toEqual([]);
  });

  it('believes it when the snapshot says so too', () => {
    const kit = new DeskKit();
    kit.see(position(), position({ sl: 1.09 }));
    kit.ms += 2_000;
    kit.see(position());
    kit.ms += 2_000;
    expect(kit.read({ standing: [position()] }).facts[0]?.type).toBe('PositionAmended');
  });

  it.each([
    ['', 'user'],
    ['[S/L]', 'stop-loss'],
    ['(T/P)', 'take-profit'],
    ['[S/O 48.12% 481.20 / 1000.00 (USD)]', 'stop-out'],
  ])('closed with the comment %p ended by %s', (comment, reason) => {
    const kit = new DeskKit();
    kit.see(position());
    expect(kit.see(positionGone({ profit: 55 }), deal({ comment }))).toEqual(['PositionClosed']);
    expect(kit.last('PositionClosed').data).toMatchObject({ reason, price: '1.09754', profit: '10', requestId: null });
  });

  it.each(permutations([positionGone(), deal(), position({ close_price: 1 })]))(
    'is closed once and stays closed whatever order its records come in (%#)',
    (...records) => {
      const kit = new DeskKit();
      kit.see(position());
      kit.see(...records, ...records);
      kit.wait(10_000);
      expect(kit.told.map(({ type }) => type)).toEqual(['PositionOpened', 'PositionClosed']);
    },
  );

  it('is closed by us, and the deal names the request', () => {
    const kit = new DeskKit();
    kit.see(position());
    kit.learn(...close(kit));
    kit.acknowledge(request, 500000400);
    expect(kit.see(positionGone(), deal())).toEqual(['CloseAccepted', 'PositionClosed']);
    expect(kit.last('PositionClosed').data.requestId).toBe(request);
    expect(kit.status(500000400, 3)).toEqual([]);
  });

  it('waits for the reply before it says whose close it was', () => {
    const kit = new DeskKit();
    kit.see(position());
    kit.learn(...close(kit));
    expect(kit.see(positionGone(), deal())).toEqual([]);
    expect(kit.acknowledge(request, 500000400)).toEqual(['CloseAccepted', 'PositionClosed']);
  });

  it('hit its stop loss before our close came: superseded', () => {
    const kit = new DeskKit();
    kit.see(position());
    kit.learn(...close(kit));
    expect(kit.see(positionGone(), deal({ comment: '[S/L]', order2: 500000399 }))).toEqual(['PositionClosed']);
    const refusal = kit.desk.refuse(request, 'BE097', 'Cannot close already closed order', kit.now);
    expect(refusal).toMatchObject([{ type: 'CloseRejected', data: { reason: 'superseded', brokerCode: 'BE097' } }]);
  });

  it('is reduced under the same number', () => {
    const kit = new DeskKit();
    kit.see(position({ volume: 1 }));
    kit.learn(...close(kit, '0.3'));
    kit.acknowledge(request, 500000400);
    const partial = deal({ volume: 0.3 });
    expect(kit.see(partial, position({ volume: 0.7 }))).toEqual(['CloseAccepted', 'PositionReduced']);
    expect(kit.last('PositionReduced').data).toMatchObject({
      volumeLots: '0.3',
      remainingLots: '0.7',
      brokerPosition: '500000107',
      requestId: request,
    });
    expect(kit.see(partial)).toEqual([]);
  });

  const renumbered = [
    positionGone({ volume: 1 }),
    deal({ volume: 0.3 }),
    position({ order: 500000501, position: 500000501, order2: P, volume: 0.7 }),
  ];
  it.each(permutations(renumbered))('is reduced under a new number whatever order (%#)', (...records) => {
    const kit = new DeskKit();
    kit.see(position({ volume: 1 }));
    kit.see(...records, ...records);
    expect(kit.told.map(({ type }) => type)).toEqual(['PositionOpened', 'PositionReduced']);
    expect(kit.last('PositionReduced').data).toMatchObject({ remainingLots: '0.7', brokerPosition: '500000501' });
    kit.wait(10_000);
    expect(kit.see(position({ volume: 1 }))).toEqual([]);
  });

  it('is reduced under a new number that names our request', () => {
    const kit = new DeskKit();
    kit.see(position({ volume: 1 }));
    kit.learn(...close(kit, '0.3'));
    kit.acknowledge(request, 500000400);
    kit.see(positionGone({ volume: 1 }), deal({ volume: 0.3 }));
    const types = kit.see(position({ order: 500000501, position: 500000501, order2: 500000400, volume: 0.7 }));
    expect(types).toEqual(['CloseAccepted', 'PositionReduced']);
  });
});

describe('money', () => {
  it('is what the broker says it is, with the deal that moved it', () => {
    const kit = new DeskKit();
    expect(kit.balance('10000')).toEqual(['BalanceChanged']);
    kit.see(position(), deal());
    expect(kit.balance('10010')).toEqual(['BalanceChanged']);
    const { positionId } = kit.last('PositionClosed').data;
    expect(kit.last('BalanceChanged').data).toEqual({
      balance: '10010',
      credit: '0',
      operation: { type: 'trading', delta: '10', reference: positionId, comment: null },
    });
    expect(kit.last('BalanceChanged').causationid).toBe(kit.last('PositionClosed').id);
    expect(kit.balance('10010')).toEqual([]);
  });

  it('waits for the deal when the balance is told first', () => {
    const kit = new DeskKit();
    kit.balance('10000');
    kit.see(position());
    expect(kit.balance('10010')).toEqual([]);
    expect(kit.see(deal())).toEqual(['PositionClosed', 'BalanceChanged']);
  });

  it('splits one figure over the deals that made it', () => {
    const kit = new DeskKit();
    kit.balance('10000');
    const other = { order: 500000108, position: 500000108, order2: 500000101 };
    kit.see(position(), position(other), deal(), deal({ ...other, order: 73000002, profit: -4 }));
    expect(kit.balance('10006')).toEqual(['BalanceChanged', 'BalanceChanged']);
    const balances = kit.told.flatMap((fact) => (fact.type === 'BalanceChanged' ? [fact.data.balance] : []));
    expect(balances).toEqual(['10000', '10010', '10006']);
  });

  it.each([
    [500, 6, 'deposit', '10500'],
    [-500, 6, 'withdrawal', '9500'],
  ] as const)('moved by %s, cmd %s, is a %s', (profit, cmd, type, balance) => {
    const kit = new DeskKit();
    kit.balance('10000');
    const booking = { cmd, profit, symbol: null, type: 2, closed: true, order: 900001, comment: 'wire', volume: 0 };
    expect(kit.see(position(booking))).toEqual([]);
    expect(kit.balance(balance)).toEqual(['BalanceChanged']);
    expect(kit.last('BalanceChanged').data.operation).toMatchObject({
      type,
      delta: String(profit),
      reference: '900001',
    });
    expect(kit.see(position(booking))).toEqual([]);
  });

  it('is told without a reason when none comes', () => {
    const kit = new DeskKit();
    kit.balance('10000');
    expect(kit.balance('9999')).toEqual([]);
    expect(kit.wait(3_000)).toEqual(['BalanceChanged']);
    expect(kit.last('BalanceChanged').data).toMatchObject({ balance: '9999', operation: null });
  });
});

describe('any record, any order, any number of times', () => {
  const story: readonly WireTrade[] = [
    position(),
    position({ sl: 1.09 }),
    positionGone({ sl: 1.09 }),
    deal({ sl: 1.09, comment: '[S/L]' }),
    pending(),
    pending({ open_price: 1.11 }),
    pendingGone({ open_price: 1.11 }),
    triggered({ volume: 1 }),
    deal({ order: 73000009, position: 500000311, volume: 0.3 }),
    triggered({ volume: 0.7 }),
  ];
  const shuffled = fc.shuffledSubarray([...story, ...story.map((record) => ({ ...record }))], { minLength: 1 });

  it('never tells a fact twice, and never closes what it did not open', () => {
    fc.assert(
      fc.property(shuffled, (records) => {
        const kit = new DeskKit();
        kit.see(...records);
        kit.wait(3_000);
        kit.ms += 2_000;
        kit.read({ standing: [triggered({ volume: 0.7 })], history: [story[3]!, story[8]!] });
        kit.ms += 6_000;
        kit.read({ standing: [triggered({ volume: 0.7 })], history: [story[3]!, story[8]!] });
        const ids = kit.told.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 300 },
    );
  });

  it('ends where the broker is, once it was asked twice', () => {
    fc.assert(
      fc.property(shuffled, (records) => {
        const kit = new DeskKit();
        const broker = { standing: [triggered({ volume: 0.7 })], history: [story[3]!, story[8]!] };
        kit.see(...records);
        for (const pause of [3_000, 6_000, 6_000, 6_000]) {
          kit.wait(pause);
          kit.read(broker);
        }
        const { positions, orders } = kit.desk.book;
        expect(Object.entries(positions).map(([number, { volumeLots }]) => [number, volumeLots])).toEqual([
          ['500000311', '0.7'],
        ]);
        expect(orders).toEqual({});
        expect(kit.read(broker).drifts).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

const cancellation = () => [
  anEvent('CancellationRequested', { requestId: request, orderId: order }),
  anEvent('CancellationDispatched', { requestId: request }),
];

function close(kit: DeskKit, volumeLots: '0.1' | '0.3' = '0.1') {
  const { positionId } = kit.last('PositionOpened').data;
  return [
    anEvent('CloseRequested', { requestId: request, positionId, volumeLots }),
    anEvent('CloseDispatched', { requestId: request }),
  ];
}

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}
