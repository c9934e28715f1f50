import { anEvent, eurusdTerms, exampleId, toldAs } from '@core/contracts/examples.fixture';
import { instantFromMs } from '@core/kernel/instant';
import {
  DAY_MS,
  TrackerHarness,
  mark,
  pending,
  pendingGone,
  permutations,
  openPosition,
  sent,
  sentStop,
  triggered,
} from '../account-tracker.fixture.ts';

const order = exampleId(0x0d1);
const request = exampleId(0x4e9);

describe('a market order', () => {
  it('is accepted, filled and a position, in this order, whatever comes first', () => {
    const harness = new TrackerHarness(sent());
    expect(harness.see(openPosition({ comment: mark() }))).toEqual([
      'order RequestAccepted',
      'OrderFilled',
      'PositionOpened',
    ]);
    expect(harness.acknowledge(order, '500000100')).toEqual([]);
    expect(harness.accepted('500000100')).toEqual([]);
    expect(harness.last('RequestAccepted').data).toMatchObject({ requestId: order, brokerRequest: '500000100' });
    expect(harness.last('PositionOpened').data).toMatchObject({
      orderId: order,
      brokerPosition: '500000107',
      price: '1.09654',
    });
  });

  it('carries its chain: requested, dispatched, accepted, filled, opened', () => {
    const past = sent();
    const harness = new TrackerHarness(past);
    harness.see(openPosition({ comment: mark() }));
    const [accepted, filled, opened] = harness.told;
    expect([accepted?.causationid, filled?.causationid, opened?.causationid]).toEqual([
      past[2]?.id,
      accepted?.id,
      filled?.id,
    ]);
    expect(new Set(harness.told.map(({ correlationid }) => correlationid))).toEqual(new Set([past[1]?.correlationid]));
  });

  it('is accepted by its status and filled by its record', () => {
    const harness = new TrackerHarness(sent());
    harness.acknowledge(order, '500000100');
    expect(harness.outcome({ brokerRequest: '500000100', comment: null, outcome: { is: 'open' } })).toEqual([]);
    expect(harness.accepted('500000100')).toEqual(['order RequestAccepted']);
    expect(harness.see(openPosition())).toEqual(['OrderFilled', 'PositionOpened']);
  });

  it('takes a status that beat the reply', () => {
    const harness = new TrackerHarness(sent());
    expect(harness.accepted('500000100')).toEqual([]);
    expect(harness.acknowledge(order, '500000100')).toEqual(['order RequestAccepted']);
  });

  it('waits for the reply where the comment is gone, then knows its own', () => {
    const harness = new TrackerHarness(sent());
    expect(harness.see(openPosition({ comment: null }))).toEqual([]);
    expect(harness.acknowledge(order, '500000100')).toEqual(['order RequestAccepted', 'OrderFilled', 'PositionOpened']);
  });

  it('takes the position for a stranger once no reply can be expected', () => {
    const harness = new TrackerHarness(sent());
    harness.see(openPosition({ comment: null }));
    expect(harness.wait(3_000)).toEqual(['PositionOpened']);
    expect(harness.last('PositionOpened').data.orderId).toBeNull();
  });

  it('finds the fill of an order whose position was taken for a stranger', () => {
    const harness = new TrackerHarness(sent());
    harness.see(openPosition());
    harness.wait(3_000);
    harness.acknowledge(order, '500000100');
    expect(harness.accepted('500000100')).toEqual(['order RequestAccepted']);
    harness.wait(3_000);
    expect(harness.tracker.wantsSnapshot).toBe(true);
    expect(harness.read({ standing: [openPosition()] }).facts[0]?.type).toBe('OrderFilled');
  });

  it.each(['insufficient-funds', 'broker-error'] as const)('is rejected by its outcome: %s', (reason) => {
    const harness = new TrackerHarness(sent());
    harness.acknowledge(order, '500000100');
    expect(harness.rejected('500000100', reason)).toEqual(['order RequestRejected']);
    expect(harness.last('RequestRejected').data.reason).toBe(reason);
  });

  it('may fill as several positions', () => {
    const harness = new TrackerHarness(sent({ volumeLots: '4.2388' }));
    harness.acknowledge(order, '500000100');
    expect(harness.see(openPosition({ volumeLots: '4' }))).toEqual([
      'order RequestAccepted',
      'OrderFilled',
      'PositionOpened',
    ]);
    expect(harness.see(openPosition({ position: '500000108', volumeLots: '0.2388' }))).toEqual([
      'OrderFilled',
      'PositionOpened',
    ]);
    expect(harness.tracker.book.requests).toEqual({});
  });
});

describe('a pending order', () => {
  it('stands, is changed and cancelled by a person elsewhere', () => {
    const harness = new TrackerHarness();
    expect(harness.see(pending())).toEqual(['OrderWorking']);
    expect(harness.see(pending({ price: '1.11', expiresAt: instantFromMs(DAY_MS + 3_600_000) }))).toEqual([
      'OrderAmended',
    ]);
    expect(harness.see(pendingGone())).toEqual([]);
    expect(harness.wait(999)).toEqual([]);
    expect(harness.wait(1)).toEqual(['OrderCancelled']);
    expect(harness.last('OrderCancelled').data.reason).toBe('unknown');
    expect(harness.tracker.wantsSnapshot).toBe(false);
  });

  it.each([
    ['was told once more after its end', () => [pendingGone(), pending()]],
    ['may be filled by a position that still waits', () => [pendingGone(), triggered({ instrument: 'GOLD' })]],
  ])('waits for the reason of its end while it %s', (_, records) => {
    const harness = new TrackerHarness([], (instrument) => (instrument === 'GOLD' ? null : eurusdTerms));
    harness.see(pending());
    harness.ms += 60_000;
    harness.see(...records());
    expect(harness.wait(2_000)).toEqual([]);
  });

  it('keeps the comment that another session left with its change, for the next change of ours', () => {
    const harness = new TrackerHarness();
    harness.see(pending({ comment: 'ours' }), openPosition({ comment: 'ours' }));
    harness.ms += 60_000;
    harness.see(pending({ price: '1.11', comment: 'theirs' }), openPosition({ stopLoss: '1.09', comment: null }));
    const { orders, positions } = harness.tracker.book;
    expect([orders['500000200']?.comment, positions['500000107']?.comment]).toEqual(['theirs', null]);
    const ours = new TrackerHarness();
    ours.see(openPosition({ comment: mark() }));
    ours.ms += 60_000;
    ours.see(openPosition({ stopLoss: '1.09', comment: null }));
    expect(ours.tracker.book.positions['500000107']?.comment).toBe(mark());
  });

  it('waits for the answer to a cancellation of ours, and for its expiry', () => {
    const harness = new TrackerHarness(sentStop());
    harness.see(pending({ comment: mark() }));
    harness.learn(...cancellation());
    harness.ms += 60_000;
    harness.see(pendingGone());
    expect(harness.wait(2_000)).toEqual([]);
    const expiring = new TrackerHarness();
    expiring.see(pending({ expiresAt: instantFromMs(DAY_MS + 3_000) }));
    expiring.ms += 2_000;
    expiring.see(pendingGone());
    expect(expiring.wait(2_000)).toEqual([]);
    expect(expiring.wait(1_000)).toEqual(['OrderExpired']);
  });

  it('is ours by its number or by its comment', () => {
    const harness = new TrackerHarness(sentStop());
    expect(harness.see(pending({ comment: mark() }))).toEqual(['order RequestAccepted', 'OrderWorking']);
    const numbered = new TrackerHarness(sentStop());
    numbered.acknowledge(order, '500000200');
    expect(numbered.see(pending())).toEqual(['order RequestAccepted', 'OrderWorking']);
    expect(numbered.last('OrderWorking').data.orderId).toBe(order);
  });

  it('is cancelled by us', () => {
    const harness = new TrackerHarness(sentStop());
    harness.see(pending({ comment: mark() }));
    harness.learn(...cancellation());
    harness.acknowledge(request, '500000300');
    expect(harness.see(pendingGone())).toEqual([]);
    expect(harness.accepted('500000300')).toEqual(['cancellation RequestAccepted', 'OrderCancelled']);
    expect(harness.last('OrderCancelled').data).toMatchObject({ orderId: order, reason: 'user' });
    expect(harness.last('OrderCancelled').causationid).toBe(harness.last('RequestAccepted').id);
  });

  it('was triggered before our cancellation came: superseded', () => {
    const harness = new TrackerHarness(sentStop());
    harness.see(pending({ comment: mark() }));
    harness.learn(...cancellation());
    harness.acknowledge(request, '500000300');
    harness.see(pending(), pendingGone(), triggered());
    expect(harness.rejected('500000300')).toEqual(['cancellation RequestRejected']);
    expect(harness.last('RequestRejected').data.reason).toBe('superseded');
  });

  it('expires when its time has come and no position did', () => {
    const harness = new TrackerHarness();
    harness.see(pending({ expiresAt: instantFromMs(DAY_MS + 1_000) }));
    harness.ms += 1_500;
    expect(harness.see(pendingGone())).toEqual([]);
    expect(harness.wait(3_000)).toEqual(['OrderExpired']);
  });

  it('whose end was announced before it was ever told stays away, but not for ever', () => {
    const harness = new TrackerHarness();
    harness.see(pendingGone());
    harness.wait(60_000);
    expect(harness.see(pending())).toEqual([]);
    harness.wait(1);
    expect(harness.see(pending())).toEqual(['OrderWorking']);
  });

  it('is triggered with slippage', () => {
    const harness = new TrackerHarness(sentStop());
    harness.see(pending({ comment: mark() }));
    expect(harness.see(pending(), pendingGone(), triggered())).toEqual(['OrderFilled', 'PositionOpened']);
    expect(harness.last('OrderFilled').data).toMatchObject({ orderId: order, price: '1.10012' });
    expect(harness.wait(10_000)).toEqual([]);
  });

  it('could not be executed when its trigger came', () => {
    const harness = new TrackerHarness();
    harness.see(pending());
    harness.see(pending(), pendingGone());
    harness.wait(3_000);
    harness.read({});
    expect(harness.last('OrderCancelled').data.reason).toBe('trigger-failed');
  });

  it('was not about to be triggered when it was told unchanged long before', () => {
    const harness = new TrackerHarness();
    harness.see(pending());
    harness.see(pending());
    harness.ms += 1_001;
    harness.see(pendingGone());
    expect(harness.wait(1_000)).toEqual(['OrderCancelled']);
    expect(harness.last('OrderCancelled').data.reason).toBe('unknown');
  });

  it.each(permutations([pending(), pendingGone(), triggered()]))(
    'is triggered the same way whatever order its records come in (%#)',
    (...records) => {
      const harness = new TrackerHarness(sentStop());
      harness.see(pending({ comment: mark() }));
      harness.see(...records, ...records);
      expect(harness.told.map(toldAs)).toEqual([
        'order RequestAccepted',
        'OrderWorking',
        'OrderFilled',
        'PositionOpened',
      ]);
    },
  );

  it('has its protection set in records that follow its position', () => {
    const harness = new TrackerHarness();
    harness.see(pending());
    const types = harness.see(
      pendingGone(),
      triggered({ stopLoss: null, takeProfit: null }),
      triggered({ takeProfit: null }),
      triggered(),
    );
    expect(types).toEqual(['OrderFilled', 'PositionOpened', 'PositionAmended', 'PositionAmended']);
    expect(harness.last('PositionAmended').data).toMatchObject({ stopLoss: '1.09', takeProfit: '1.12' });
  });

  it('is told apart from its neighbours when several are triggered at once', () => {
    const harness = new TrackerHarness();
    const each = [0, 1, 2].map((n) => ({
      stop: { order: `50000020${n}` },
      fill: { position: `50000031${n + 1}`, origin: `50000020${n}` },
    }));
    harness.see(...each.map(({ stop }) => pending(stop)));
    harness.see(...each.map(({ stop }) => pending(stop)), ...each.map(({ stop }) => pendingGone(stop.order)));
    const types = harness.see(...each.map(({ fill }) => triggered(fill)));
    expect(types).toEqual(Array.from({ length: 3 }, () => ['OrderFilled', 'PositionOpened']).flat());
  });
});

const cancellation = () => [
  anEvent('CancellationRequested', { requestId: request, orderId: order }),
  anEvent('RequestDispatched', { kind: 'cancellation', requestId: request }),
];
