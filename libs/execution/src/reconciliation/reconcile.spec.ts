import type { Event } from '@core/contracts/event';
import { anEvent, exampleAccount, exampleId } from '@core/contracts/examples';
import { positionIdOf } from '@core/contracts/fact-id';
import {
  DAY_MS,
  deal,
  TrackerHarness,
  mark,
  pending,
  pendingGone,
  position,
  positionGone,
  sent,
  sentStop,
  triggered,
} from '../account-tracker.fixture.ts';

const order = exampleId(0x0d1);
const request = exampleId(0x4e9);
const positionId = positionIdOf(exampleAccount, '500000107');

const types = (facts: readonly { readonly type: string }[]): string[] =>
  facts.map(({ type }) => type).filter((type) => type !== 'BalanceChanged');

/** A desk that has settled its first balance. */
function kitWith(past?: readonly Event[]): TrackerHarness {
  const kit = past ? new TrackerHarness(past) : new TrackerHarness();
  kit.balance('10000');
  kit.ms += 2_000;
  return kit;
}

describe('a snapshot', () => {
  it('adds what was never told, marked inferred, and says so', () => {
    const kit = kitWith();
    const { facts, drifts, positions, orders } = kit.read({ standing: [position(), pending()] });
    expect(types(facts)).toEqual(['PositionOpened', 'OrderWorking']);
    expect(kit.last('PositionOpened').data.inferred).toBe(true);
    expect(drifts).toEqual([
      { kind: 'position', brokerKey: '500000107', ours: null, theirs: 'buy 0.1 EURUSD' },
      { kind: 'order', brokerKey: '500000200', ours: null, theirs: 'buy stop 0.1 EURUSD at 1.1' },
    ]);
    expect([positions, orders]).toEqual([1, 1]);
  });

  it('is clean when it says what the book says, and adds nothing', () => {
    const kit = kitWith();
    kit.see(position(), pending());
    kit.ms += 2_000;
    expect(kit.read({ standing: [position(), pending()] })).toMatchObject({ facts: [], drifts: [], lookAgain: false });
  });

  it('that is older than the stream loses to it', () => {
    const kit = kitWith();
    kit.see(position());
    kit.ms += 2_000;
    const askedAt = kit.ms;
    kit.ms += 2_000;
    kit.see(positionGone(), deal());
    kit.ms = askedAt;
    expect(types(kit.read({ standing: [position()] }).facts)).toEqual([]);
    expect(kit.desk.book.positions).toEqual({});
  });

  it('that is older than a change or an opening on the stream loses to it too', () => {
    const kit = kitWith();
    kit.see(position());
    kit.ms += 2_000;
    const askedAt = kit.ms;
    kit.ms += 500;
    const other = { order: 500000109, order2: 500000108, position: 500000109 };
    kit.see(position({ sl: 1.09 }), position(other));
    kit.ms = askedAt;
    expect(kit.read({ standing: [position()] })).toMatchObject({ facts: [], lookAgain: false });
  });

  it('that is newer than the stream adds what the stream then has no news of', () => {
    const kit = kitWith();
    expect(types(kit.read({ standing: [position()] }).facts)).toEqual(['PositionOpened']);
    expect(kit.see(position())).toEqual([]);
  });

  it('finds the changes made while nobody listened', () => {
    const kit = kitWith();
    kit.see(position(), pending());
    kit.ms += 2_000;
    const standing = [position({ sl: 1.09, storage: -1.5 }), pending({ open_price: 1.2 })];
    expect(types(kit.read({ standing }).facts)).toEqual(['PositionAmended', 'PositionSwapCharged', 'OrderAmended']);
  });
});

describe('what happened while nobody listened', () => {
  it('a position was closed', () => {
    const kit = kitWith();
    kit.see(position());
    kit.ms += 2_000;
    const { drifts } = kit.read({ history: [deal({ comment: '[T/P]' })], balance: '10010' });
    expect(kit.last('PositionClosed').data).toMatchObject({ reason: 'take-profit', inferred: true, profit: '10' });
    expect(kit.last('BalanceChanged').data.operation).toMatchObject({ type: 'trading', delta: '10' });
    expect(drifts).toHaveLength(1);
  });

  it('a position was opened and closed', () => {
    const kit = kitWith();
    expect(types(kit.read({ history: [deal()] }).facts)).toEqual(['PositionOpened', 'PositionClosed']);
    expect(types(kit.read({ history: [deal()] }).facts)).toEqual([]);
  });

  it('a position was opened and closed in part', () => {
    const kit = kitWith();
    const { facts } = kit.read({ standing: [position({ volume: 0.7 })], history: [deal({ volume: 0.3 })] });
    expect(types(facts)).toEqual(['PositionOpened', 'PositionReduced']);
    expect(kit.last('PositionOpened').data.volumeLots).toBe('1');
    expect(kit.last('PositionReduced').data).toMatchObject({ volumeLots: '0.3', remainingLots: '0.7' });
  });

  it('our order was executed, and its position closed again', () => {
    const kit = kitWith(sent());
    const { facts } = kit.read({ history: [deal({ customComment: mark() })] });
    expect(types(facts)).toEqual(['OrderAccepted', 'OrderFilled', 'PositionOpened', 'PositionClosed']);
    expect(kit.last('OrderAccepted').data.orderId).toBe(order);
  });

  it('a pending order was triggered', () => {
    const kit = kitWith();
    kit.see(pending());
    kit.ms += 2_000;
    expect(types(kit.read({ standing: [triggered()] }).facts)).toEqual(['OrderFilled', 'PositionOpened']);
    expect(kit.desk.book.orders).toEqual({});
  });

  it('a deposit was made', () => {
    const kit = kitWith();
    const booking = position({
      cmd: 6,
      type: 2,
      closed: true,
      symbol: '',
      order: 900001,
      profit: 500,
      volume: 0,
      close_time: DAY_MS,
    });
    kit.read({ history: [booking], balance: '10500' });
    expect(kit.last('BalanceChanged').data.operation).toMatchObject({ type: 'deposit', delta: '500' });
  });

  it('the balance moved and nothing says why: a correction', () => {
    const kit = kitWith();
    const { drifts } = kit.read({ balance: '10001' });
    expect(kit.last('BalanceChanged').data.operation).toMatchObject({ type: 'correction', delta: '1' });
    expect(drifts).toEqual([{ kind: 'balance', brokerKey: '', ours: '10000', theirs: '10001' }]);
  });

  it('is none of ours from before the account was registered', () => {
    const kit = kitWith();
    const before = DAY_MS - 24 * 3_600_000;
    expect(types(kit.read({ history: [deal({ open_time: before, close_time: before })] }).facts)).toEqual([]);
  });
});

describe('a request that was accepted and shows nowhere', () => {
  it('asks for one snapshot, which looks again until the order counts as gone', () => {
    const kit = kitWith(sent());
    kit.learn(anEvent('OrderAccepted', { orderId: order, brokerRequest: '500000100', evidence: null }));
    kit.wait(2_000);
    expect(kit.desk.wantsSnapshot).toBe(false);
    kit.wait(1_000);
    expect(kit.desk.wantsSnapshot).toBe(true);
    expect(kit.read({})).toMatchObject({ facts: [], lookAgain: true });
    kit.wait(1_000);
    expect(kit.desk.wantsSnapshot).toBe(false);

    kit.ms += 31_000;
    expect(kit.read({})).toMatchObject({ facts: [], lookAgain: true });
    kit.ms += 5_000;
    expect(types(kit.read({}).facts)).toEqual(['OrderCancelled']);
    expect(kit.desk.book.requests).toEqual({});
  });

  it('asks for one when it is a close, too', () => {
    const kit = kitWith();
    kit.see(position());
    kit.learn(
      anEvent('CloseRequested', { requestId: request, positionId, volumeLots: '0.1' }),
      anEvent('CloseDispatched', { requestId: request }),
      anEvent('CloseAccepted', { requestId: request, brokerRequest: '500000400', evidence: null }),
    );
    kit.wait(0);
    kit.wait(3_000);
    expect(kit.desk.wantsSnapshot).toBe(true);
    expect(types(kit.read({ history: [deal()] }).facts)).toEqual(['PositionClosed']);
  });
});

describe('a difference', () => {
  it('is none where a request of ours led to it, or the stream announced it', () => {
    const kit = kitWith(sent());
    kit.learn(anEvent('OrderOutcomeUnknown', { orderId: order }));
    expect(kit.read({ standing: [position({ customComment: mark() })] }).drifts).toEqual([]);

    kit.ms += 2_000;
    kit.see(positionGone());
    kit.ms += 4_000;
    const { facts, drifts } = kit.read({ history: [deal()] });
    expect(types(facts)).toEqual(['PositionClosed']);
    expect(drifts).toEqual([]);
  });

  it('is explained by the broker’s records, or by nothing', () => {
    const explained = kitWith();
    explained.see(position());
    explained.ms += 2_000;
    expect(explained.read({ history: [deal()] }).isExplained).toBe(true);

    const vanished = kitWith();
    vanished.see(position());
    vanished.ms += 2_000;
    vanished.read({});
    vanished.ms += 5_000;
    expect(vanished.read({})).toMatchObject({ isExplained: false, drifts: [{ theirs: 'closed' }] });
    expect(kitWith().read({ balance: '10001' }).isExplained).toBe(false);
  });
});

describe('a difference that is observed', () => {
  const observed = ['position', 'order', 'balance'];

  /** Looked at again and again it is the same difference, and time does not make a fact of it. */
  function staysOpen(kit: TrackerHarness, read: Parameters<TrackerHarness['read']>[0], drifts: number): void {
    for (let look = 0; look < 3; look += 1) {
      expect(kit.read({ ...read, observed })).toMatchObject({ facts: [], drifts: { length: drifts } });
      expect(kit.wait(6_000)).toEqual([]);
    }
    expect(kit.read(read).facts).not.toEqual([]);
  }

  it('is an opening: listed, not told', () => {
    staysOpen(kitWith(), { standing: [position(), pending()] }, 2);
  });

  it('is a closing with its deal', () => {
    const kit = kitWith();
    kit.see(position());
    kit.ms += 2_000;
    staysOpen(kit, { history: [deal()] }, 1);
  });

  it('is a position that was opened, and closed in whole or in part', () => {
    staysOpen(kitWith(), { history: [deal()] }, 1);
    staysOpen(kitWith(), { standing: [position({ volume: 0.7 })], history: [deal({ volume: 0.3 })] }, 1);
  });

  it('is a change of what stands', () => {
    const kit = kitWith();
    kit.see(position(), pending());
    kit.ms += 2_000;
    staysOpen(kit, { standing: [position({ sl: 1.09 }), pending({ open_price: 1.2 })] }, 2);
  });

  it('is a balance that nothing explains', () => {
    staysOpen(kitWith(), { balance: '10001' }, 1);
  });

  it('is a position that is gone, in every second look', () => {
    const kit = kitWith();
    kit.see(position());
    kit.ms += 2_000;
    for (const drifts of [0, 1, 0, 1]) {
      expect(kit.read({ observed })).toMatchObject({ facts: [], drifts: { length: drifts }, lookAgain: drifts === 0 });
      kit.ms += 5_000;
    }
    expect(kit.desk.book.positions['500000107']).toBeDefined();
  });

  it('ends when the stream tells it', () => {
    const kit = kitWith();
    expect(kit.read({ standing: [position()], observed }).drifts).toHaveLength(1);
    expect(kit.see(position())).toEqual(['PositionOpened']);
    kit.ms += 2_000;
    expect(kit.read({ standing: [position()], observed }).drifts).toEqual([]);
  });

  it('never keeps an answer from a request of ours', () => {
    const kit = kitWith(sent());
    kit.learn(anEvent('OrderOutcomeUnknown', { orderId: order }));
    const found = kit.read({ standing: [position({ customComment: mark() })], observed });
    expect(types(found.facts)).toEqual(['OrderAccepted', 'OrderFilled', 'PositionOpened']);
  });

  it('is adopted as a whole or not at all', () => {
    const kit = kitWith();
    kit.see(pending());
    kit.ms += 2_000;
    expect(kit.read({ standing: [triggered()], observed: ['position'] })).toMatchObject({
      facts: [],
      drifts: [{ kind: 'order' }, { kind: 'position' }],
    });
    expect(Object.keys(kit.desk.book.orders)).toEqual(['500000200']);
  });
});

describe('what is absent', () => {
  it('from one read proves nothing; from two, apart, a position is closed', () => {
    const kit = kitWith();
    kit.see(position());
    kit.ms += 2_000;
    expect(kit.read({})).toMatchObject({ facts: [], lookAgain: true });
    kit.ms += 4_000;
    expect(kit.read({}).facts).toEqual([]);
    kit.ms += 1_000;
    expect(types(kit.read({}).facts)).toEqual(['PositionClosed']);
    expect(kit.last('PositionClosed').data).toMatchObject({ reason: 'reconciled', inferred: true });
    expect(kit.see(deal())).toEqual([]);
  });

  it('and back again was never gone', () => {
    const kit = kitWith();
    kit.see(position());
    kit.ms += 2_000;
    kit.read({});
    kit.ms += 5_000;
    expect(kit.read({ standing: [position()] }).facts).toEqual([]);
    kit.ms += 5_000;
    expect(kit.read({}).facts).toEqual([]);
  });

  it('an order, gone without a word, is cancelled after two reads', () => {
    const kit = kitWith();
    kit.see(pending());
    kit.ms += 2_000;
    expect(kit.read({}).facts).toEqual([]);
    kit.ms += 5_000;
    expect(types(kit.read({}).facts)).toEqual(['OrderCancelled']);
  });

  it('volume without a deal is closed after two reads', () => {
    const kit = kitWith();
    kit.see(position({ volume: 1 }));
    kit.ms += 2_000;
    const standing = [position({ volume: 0.7 })];
    expect(kit.read({ standing }).facts).toEqual([]);
    kit.ms += 5_000;
    expect(types(kit.read({ standing }).facts)).toEqual(['PositionReduced']);
    expect(kit.desk.book.positions['500000107']?.volumeLots).toBe('0.7');
  });
});

describe('a request whose answer was lost', () => {
  const doubted = (event: 'Order' | 'Cancellation' | 'Close' | 'Amendment') =>
    event === 'Order'
      ? anEvent('OrderOutcomeUnknown', { orderId: order })
      : anEvent(`${event}OutcomeUnknown`, { requestId: request });

  /** Two reads, the second long after sending. */
  function twice(kit: TrackerHarness, read: Parameters<TrackerHarness['read']>[0]): string[] {
    const first = kit.read(read);
    kit.ms += 31_000;
    return types([...first.facts, ...kit.read(read).facts]);
  }

  it('OPEN: executed as a position or an order with our mark', () => {
    const market = kitWith(sent());
    market.learn(doubted('Order'));
    const found = market.read({ standing: [position({ customComment: mark() })] });
    expect(types(found.facts)).toEqual(['OrderAccepted', 'OrderFilled', 'PositionOpened']);
    expect(market.last('OrderAccepted').data.evidence).toContain('500000107');

    const stop = kitWith(sentStop());
    stop.learn(doubted('Order'));
    expect(types(stop.read({ standing: [pending({ customComment: mark() })] }).facts)).toEqual([
      'OrderAccepted',
      'OrderWorking',
    ]);
  });

  it('OPEN: not executed when two reads show no trace, and not sooner', () => {
    const kit = kitWith(sent());
    kit.learn(doubted('Order'));
    expect(kit.read({})).toMatchObject({ facts: [], lookAgain: true });
    kit.ms += 6_000;
    expect(kit.read({}).facts).toEqual([]);
    kit.ms += 25_000;
    expect(types(kit.read({}).facts)).toEqual(['OrderExpired']);
    expect(kit.last('OrderExpired').data).toMatchObject({ orderId: order, reason: 'not-executed' });
  });

  it('OPEN: executed after all, though declared not executed', () => {
    const kit = kitWith(sent());
    kit.learn(doubted('Order'));
    expect(twice(kit, {})).toEqual(['OrderExpired']);
    expect(kit.see(position({ customComment: mark() }))).toEqual(['OrderFilled', 'PositionOpened']);
    expect(kit.last('PositionOpened').data.orderId).toBe(order);
  });

  const closing = () => [
    anEvent('CloseRequested', { requestId: request, positionId, volumeLots: '0.1' }),
    anEvent('CloseDispatched', { requestId: request }),
    doubted('Close'),
  ];

  it('CLOSE: executed when the history has the deal', () => {
    const kit = kitWith();
    kit.see(position());
    kit.learn(...closing());
    kit.ms += 2_000;
    expect(types(kit.read({ history: [deal()] }).facts)).toEqual(['CloseAccepted', 'PositionClosed']);
    expect(kit.last('PositionClosed').data.requestId).toBe(request);
  });

  it('CLOSE: executed when the position is gone in two reads', () => {
    const kit = kitWith();
    kit.see(position());
    kit.learn(...closing());
    kit.ms += 2_000;
    expect(twice(kit, {})).toEqual(['CloseAccepted', 'PositionClosed']);
  });

  it('CLOSE: not executed when the position stands, or its stop loss was faster', () => {
    const standing = kitWith();
    standing.see(position());
    standing.learn(...closing());
    standing.ms += 2_000;
    expect(twice(standing, { standing: [position()] })).toEqual(['CloseExpired']);

    const overtaken = kitWith();
    overtaken.see(position());
    overtaken.learn(...closing());
    overtaken.ms += 2_000;
    expect(twice(overtaken, { history: [deal({ comment: '[S/L]' })] })).toEqual(['PositionClosed', 'CloseExpired']);
  });

  const amending = () => [
    anEvent('AmendmentRequested', {
      requestId: request,
      terms: { target: 'position', positionId, stopLoss: '1.09', takeProfit: null },
    }),
    anEvent('AmendmentDispatched', { requestId: request }),
    doubted('Amendment'),
  ];

  it.each([
    ['executed when it shows the values asked for', { sl: 1.09 }, ['PositionAmended', 'AmendmentAccepted']],
    ['not executed when it shows the old ones', {}, ['AmendmentExpired']],
    ['unresolved when it shows neither', { sl: 1.01 }, ['PositionAmended', 'AmendmentOutcomeUnknown']],
  ])('MODIFY: %s', (_, fields, expected) => {
    const kit = kitWith();
    kit.see(position());
    kit.learn(...amending());
    kit.ms += 2_000;
    expect(twice(kit, { standing: [position(fields)] })).toEqual(expected);
    expect(twice(kit, { standing: [position(fields)] })).toEqual([]);
  });

  const cancelling = () => [
    anEvent('CancellationRequested', { requestId: request, orderId: order }),
    anEvent('CancellationDispatched', { requestId: request }),
    doubted('Cancellation'),
  ];

  function standingStop(): TrackerHarness {
    const kit = kitWith(sentStop());
    kit.see(pending({ customComment: mark() }));
    kit.learn(...cancelling());
    kit.ms += 2_000;
    return kit;
  }

  it('DELETE: executed when the order is gone and was not filled', () => {
    const kit = standingStop();
    expect(types(kit.read({}).facts)).toEqual(['CancellationAccepted', 'OrderCancelled']);
  });

  it('DELETE: not executed when the order stands or was filled', () => {
    expect(twice(standingStop(), { standing: [pending({ customComment: mark() })] })).toEqual(['CancellationExpired']);
    expect(twice(standingStop(), { standing: [triggered({ customComment: mark() })] })).toEqual([
      'OrderFilled',
      'PositionOpened',
      'CancellationExpired',
    ]);
  });

  it('is not lost twice: the same reads say nothing more', () => {
    const kit = standingStop();
    kit.see(pendingGone({ customComment: mark() }));
    kit.read({});
    kit.ms += 31_000;
    expect(types(kit.read({}).facts)).toEqual([]);
  });
});
