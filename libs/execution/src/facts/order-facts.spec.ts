import { anEvent, exampleId } from '@core/contracts/examples';
import {
  DAY_MS,
  TrackerHarness,
  mark,
  pending,
  pendingGone,
  permutations,
  position,
  sent,
  sentStop,
  triggered,
} from '../account-tracker.fixture.ts';

const order = exampleId(0x0d1);
const request = exampleId(0x4e9);

describe('a market order', () => {
  it('is accepted, filled and a position, in this order, whatever comes first', () => {
    const kit = new TrackerHarness(sent());
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
    const kit = new TrackerHarness(past);
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
    const kit = new TrackerHarness(sent());
    kit.acknowledge(order, 500000100);
    expect(kit.status(500000100, 1)).toEqual([]);
    expect(kit.status(500000100, 3)).toEqual(['OrderAccepted']);
    expect(kit.see(position())).toEqual(['OrderFilled', 'PositionOpened']);
  });

  it('takes a status that beat the reply', () => {
    const kit = new TrackerHarness(sent());
    expect(kit.status(500000100, 3)).toEqual([]);
    expect(kit.acknowledge(order, 500000100)).toEqual(['OrderAccepted']);
  });

  it('waits for the reply where the comment is gone, then knows its own', () => {
    const kit = new TrackerHarness(sent());
    expect(kit.see(position({ customComment: null }))).toEqual([]);
    expect(kit.acknowledge(order, 500000100)).toEqual(['OrderAccepted', 'OrderFilled', 'PositionOpened']);
  });

  it('takes the position for a stranger once no reply can be expected', () => {
    const kit = new TrackerHarness(sent());
    kit.see(position({ customComment: null }));
    expect(kit.wait(3_000)).toEqual(['PositionOpened']);
    expect(kit.last('PositionOpened').data.orderId).toBeNull();
  });

  it('finds the fill of an order whose position was taken for a stranger', () => {
    const kit = new TrackerHarness(sent());
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
    const kit = new TrackerHarness(sent());
    kit.acknowledge(order, 500000100);
    expect(kit.status(500000100, status, message === undefined ? {} : { message })).toEqual(['OrderRejected']);
    expect(kit.last('OrderRejected').data.reason).toBe(reason);
  });

  it('may fill as several positions', () => {
    const kit = new TrackerHarness(sent({ volumeLots: '4.2388' }));
    kit.acknowledge(order, 500000100);
    expect(kit.see(position({ volume: 4 }))).toEqual(['OrderAccepted', 'OrderFilled', 'PositionOpened']);
    expect(kit.see(position({ order: 500000108, position: 500000108, volume: 0.2388 }))).toEqual([
      'OrderFilled',
      'PositionOpened',
    ]);
    expect(kit.desk.book.requests).toEqual({});
  });

  it('ignores the order in flight that some servers show first', () => {
    const kit = new TrackerHarness(sent());
    const inFlight = pending({ cmd: 0, order: 500000100, order2: 500000100, position: 500000100 });
    expect(kit.see(inFlight, { ...inFlight, state: 'Deleted' })).toEqual([]);
  });
});

describe('a pending order', () => {
  it('stands, is changed and cancelled by a person elsewhere', () => {
    const kit = new TrackerHarness();
    expect(kit.see(pending())).toEqual(['OrderWorking']);
    expect(kit.see(pending({ open_price: 1.11, expiration: DAY_MS + 3_600_000 }))).toEqual(['OrderAmended']);
    expect(kit.see(pendingGone())).toEqual([]);
    expect(kit.wait(3_000)).toEqual([]);
    expect(kit.desk.wantsSnapshot).toBe(true);
    kit.read({});
    expect(kit.last('OrderCancelled').data.reason).toBe('unknown');
  });

  it('is ours by its number or by its comment', () => {
    const kit = new TrackerHarness(sentStop());
    expect(kit.see(pending({ customComment: mark() }))).toEqual(['OrderAccepted', 'OrderWorking']);
    const numbered = new TrackerHarness(sentStop());
    numbered.acknowledge(order, 500000200);
    expect(numbered.see(pending())).toEqual(['OrderAccepted', 'OrderWorking']);
    expect(numbered.last('OrderWorking').data.orderId).toBe(order);
  });

  it('is cancelled by us', () => {
    const kit = new TrackerHarness(sentStop());
    kit.see(pending({ customComment: mark() }));
    kit.learn(...cancellation());
    kit.acknowledge(request, 500000300);
    expect(kit.see(pendingGone())).toEqual([]);
    expect(kit.status(500000300, 3)).toEqual(['CancellationAccepted', 'OrderCancelled']);
    expect(kit.last('OrderCancelled').data).toMatchObject({ orderId: order, reason: 'user' });
    expect(kit.last('OrderCancelled').causationid).toBe(kit.last('CancellationAccepted').id);
  });

  it('was triggered before our cancellation came: superseded', () => {
    const kit = new TrackerHarness(sentStop());
    kit.see(pending({ customComment: mark() }));
    kit.learn(...cancellation());
    kit.acknowledge(request, 500000300);
    kit.see(pending(), pendingGone(), triggered());
    expect(kit.status(500000300, 4)).toEqual(['CancellationRejected']);
    expect(kit.last('CancellationRejected').data.reason).toBe('superseded');
  });

  it('expires when its time has come and no position did', () => {
    const kit = new TrackerHarness();
    kit.see(pending({ expiration: DAY_MS + 1_000 }));
    kit.ms += 1_500;
    expect(kit.see(pendingGone({ expiration: DAY_MS + 1_000 }))).toEqual([]);
    expect(kit.wait(3_000)).toEqual(['OrderExpired']);
    expect(kit.last('OrderExpired').data.reason).toBe('expired');
  });

  it('is triggered with slippage', () => {
    const kit = new TrackerHarness(sentStop());
    kit.see(pending({ customComment: mark() }));
    expect(kit.see(pending(), pendingGone(), triggered())).toEqual(['OrderFilled', 'PositionOpened']);
    expect(kit.last('OrderFilled').data).toMatchObject({ orderId: order, price: '1.10012' });
    expect(kit.wait(10_000)).toEqual([]);
  });

  it('could not be executed when its trigger came', () => {
    const kit = new TrackerHarness();
    kit.see(pending());
    kit.see(pending(), pendingGone());
    kit.wait(3_000);
    kit.read({});
    expect(kit.last('OrderCancelled').data.reason).toBe('trigger-failed');
  });

  it.each(permutations([pending(), pendingGone(), triggered()]))(
    'is triggered the same way whatever order its records come in (%#)',
    (...records) => {
      const kit = new TrackerHarness(sentStop());
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
    const kit = new TrackerHarness();
    kit.see(pending());
    const types = kit.see(pendingGone(), triggered({ sl: 0, tp: 0 }), triggered({ tp: 0 }), triggered());
    expect(types).toEqual(['OrderFilled', 'PositionOpened', 'PositionAmended', 'PositionAmended']);
    expect(kit.last('PositionAmended').data).toMatchObject({ stopLoss: '1.09', takeProfit: '1.12' });
  });

  it('is told apart from its neighbours when several are triggered at once', () => {
    const kit = new TrackerHarness();
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

const cancellation = () => [
  anEvent('CancellationRequested', { requestId: request, orderId: order }),
  anEvent('CancellationDispatched', { requestId: request }),
];
