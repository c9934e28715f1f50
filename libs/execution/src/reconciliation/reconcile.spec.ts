import type { RequestKind } from '@core/contracts/events/request';
import type { EventBody } from '@core/contracts/event';
import type { Event } from '@core/contracts/event';
import { anEvent, exampleAccount, exampleId, toldAs } from '@core/contracts/examples.fixture';
import { positionIdOf } from '@core/contracts/fact-id';
import { instantFromMs } from '@core/kernel/instant';
import {
  booking,
  DAY_MS,
  deal,
  TrackerHarness,
  mark,
  pending,
  pendingGone,
  openPosition,
  positionGone,
  sent,
  sentStop,
  triggered,
} from '../account-tracker.fixture.ts';

const order = exampleId(0x0d1);
const request = exampleId(0x4e9);
const positionId = positionIdOf(exampleAccount, '500000107');

const types = (facts: readonly EventBody[]): string[] =>
  facts.filter(({ type }) => type !== 'BalanceChanged').map(toldAs);

/** A tracker that has settled its first balance. */
function harnessWith(past?: readonly Event[]): TrackerHarness {
  const harness = past ? new TrackerHarness(past) : new TrackerHarness();
  harness.balance('10000');
  harness.ms += 2_000;
  return harness;
}

describe('a snapshot', () => {
  it('adds what was never told, marked inferred, and says so', () => {
    const harness = harnessWith();
    const { facts, drifts, positions, orders } = harness.read({ standing: [openPosition(), pending()] });
    expect(types(facts)).toEqual(['PositionOpened', 'OrderWorking']);
    expect(harness.last('PositionOpened').data.inferred).toBe(true);
    expect(drifts).toEqual([
      { kind: 'position', brokerKey: '500000107', ours: null, theirs: 'buy 0.1 EURUSD' },
      { kind: 'order', brokerKey: '500000200', ours: null, theirs: 'buy stop 0.1 EURUSD at 1.1' },
    ]);
    expect([positions, orders]).toEqual([1, 1]);
  });

  it('is clean when it says what the book says, and adds nothing', () => {
    const harness = harnessWith();
    harness.see(openPosition(), pending());
    harness.ms += 2_000;
    expect(harness.read({ standing: [openPosition(), pending()] })).toMatchObject({
      facts: [],
      drifts: [],
      lookAgain: false,
    });
  });

  it('that is older than the stream loses to it', () => {
    const harness = harnessWith();
    harness.see(openPosition());
    harness.ms += 2_000;
    const askedAt = harness.ms;
    harness.ms += 2_000;
    harness.see(positionGone(), deal());
    harness.ms = askedAt;
    expect(types(harness.read({ standing: [openPosition()] }).facts)).toEqual([]);
    expect(harness.tracker.book.positions).toEqual({});
  });

  it('that is older than a change or an opening on the stream loses to it too', () => {
    const harness = harnessWith();
    harness.see(openPosition());
    harness.ms += 2_000;
    const askedAt = harness.ms;
    harness.ms += 500;
    const other = { position: '500000109', origin: '500000108' };
    harness.see(openPosition({ stopLoss: '1.09' }), openPosition(other));
    harness.ms = askedAt;
    expect(harness.read({ standing: [openPosition()] })).toMatchObject({ facts: [], lookAgain: false });
  });

  it('that was asked for less than a race behind the stream loses to it, and after that wins', () => {
    const harness = harnessWith();
    harness.see(openPosition());
    harness.ms += 2_000;
    harness.see(openPosition({ stopLoss: '1.09' }));
    harness.ms += 999;
    expect(harness.read({ standing: [openPosition()] })).toMatchObject({ facts: [], drifts: [] });
    harness.ms += 1;
    expect(types(harness.read({ standing: [openPosition()] }).facts)).toEqual(['PositionAmended']);
  });

  it('that is newer than the stream adds what the stream then has no news of', () => {
    const harness = harnessWith();
    expect(types(harness.read({ standing: [openPosition()] }).facts)).toEqual(['PositionOpened']);
    expect(harness.see(openPosition())).toEqual([]);
  });

  it('finds the changes made while nobody listened', () => {
    const harness = harnessWith();
    harness.see(openPosition(), pending());
    harness.ms += 2_000;
    const standing = [openPosition({ stopLoss: '1.09', swap: '-1.5' }), pending({ price: '1.2' })];
    expect(types(harness.read({ standing }).facts)).toEqual(['PositionAmended', 'PositionSwapCharged', 'OrderAmended']);
  });
});

describe('what happened while nobody listened', () => {
  it('a position was closed', () => {
    const harness = harnessWith();
    harness.see(openPosition());
    harness.ms += 2_000;
    const { drifts } = harness.read({ history: [deal({ reason: 'take-profit' })], balance: '10010' });
    expect(harness.last('PositionClosed').data).toMatchObject({ reason: 'take-profit', inferred: true, profit: '10' });
    expect(harness.last('BalanceChanged').data.operation).toMatchObject({ type: 'trading', delta: '10' });
    expect(drifts).toHaveLength(1);
  });

  it('a position was opened and closed', () => {
    const harness = harnessWith();
    expect(types(harness.read({ history: [deal()] }).facts)).toEqual(['PositionOpened', 'PositionClosed']);
    expect(types(harness.read({ history: [deal()] }).facts)).toEqual([]);
  });

  it('a position was opened and closed in part', () => {
    const harness = harnessWith();
    const { facts } = harness.read({
      standing: [openPosition({ volumeLots: '0.7' })],
      history: [deal({ volumeLots: '0.3' })],
    });
    expect(types(facts)).toEqual(['PositionOpened', 'PositionReduced']);
    expect(harness.last('PositionOpened').data.volumeLots).toBe('1');
    expect(harness.last('PositionReduced').data).toMatchObject({ volumeLots: '0.3', remainingLots: '0.7' });
  });

  it('an order was filled as two positions, one of which was closed: told once, and the order is over', () => {
    const harness = harnessWith();
    harness.see(pending({ volumeLots: '1' }));
    harness.ms += 2_000;
    const broker = {
      standing: [triggered({ volumeLots: '0.5' })],
      history: [deal({ position: '500000312', volumeLots: '0.5', openPrice: '1.10012' })],
    };
    for (let look = 0; look < 3; look += 1) {
      harness.read(broker);
      harness.ms += 6_000;
    }
    const told = harness.told.map(({ id }) => id);
    expect(new Set(told).size).toBe(told.length);
    expect(harness.tracker.book.orders).toEqual({});
    expect(harness.read(broker)).toMatchObject({ facts: [], lookAgain: false });
  });

  it('our order was executed, and its position closed again', () => {
    const harness = harnessWith(sent());
    const { facts } = harness.read({ history: [deal({ comment: mark() })] });
    expect(types(facts)).toEqual(['order RequestAccepted', 'OrderFilled', 'PositionOpened', 'PositionClosed']);
    expect(harness.last('RequestAccepted').data.requestId).toBe(order);
  });

  it('our order was executed and its deal names only the close: the order keeps its own number, or has none', () => {
    const unnumbered = harnessWith(sent());
    unnumbered.read({ history: [deal({ comment: mark() })] });
    expect(unnumbered.last('RequestAccepted').data).toMatchObject({ kind: 'order', brokerRequest: null });

    const numbered = harnessWith(sent());
    numbered.acknowledge(order, '500000100');
    numbered.read({ history: [deal({ comment: mark() })] });
    expect(numbered.last('RequestAccepted').data).toMatchObject({ kind: 'order', brokerRequest: '500000100' });
  });

  it('a pending order was triggered', () => {
    const harness = harnessWith();
    harness.see(pending());
    harness.ms += 2_000;
    expect(types(harness.read({ standing: [triggered()] }).facts)).toEqual(['OrderFilled', 'PositionOpened']);
    expect(harness.tracker.book.orders).toEqual({});
  });

  it('a deposit was made', () => {
    const harness = harnessWith();
    harness.read({ history: [booking('deposit', '500')], balance: '10500' });
    expect(harness.last('BalanceChanged').data.operation).toMatchObject({ type: 'deposit', delta: '500' });
  });

  it('the balance moved and nothing says why: a correction', () => {
    const harness = harnessWith();
    const { drifts } = harness.read({ balance: '10001' });
    expect(harness.last('BalanceChanged').data.operation).toMatchObject({ type: 'correction', delta: '1' });
    expect(drifts).toEqual([{ kind: 'balance', brokerKey: '', ours: '10000', theirs: '10001' }]);
  });

  it('is none of ours from before the account was registered', () => {
    const harness = harnessWith();
    const before = instantFromMs(DAY_MS - 24 * 3_600_000);
    expect(types(harness.read({ history: [deal({ openedAt: before, closedAt: before })] }).facts)).toEqual([]);
  });
});

describe('a request that was accepted and shows nowhere', () => {
  it('asks for one snapshot, which looks again until the order counts as gone', () => {
    const harness = harnessWith(sent());
    harness.learn(anEvent('RequestAccepted', { requestId: order, brokerRequest: '500000100', evidence: null }));
    harness.wait(2_000);
    expect(harness.tracker.wantsSnapshot).toBe(false);
    harness.wait(1_000);
    expect(harness.tracker.wantsSnapshot).toBe(true);
    expect(harness.read({})).toMatchObject({ facts: [], lookAgain: true });
    harness.wait(1_000);
    expect(harness.tracker.wantsSnapshot).toBe(false);

    harness.ms += 31_000;
    expect(harness.read({})).toMatchObject({ facts: [], lookAgain: true });
    harness.ms += 5_000;
    expect(types(harness.read({}).facts)).toEqual(['OrderCancelled']);
    expect(harness.tracker.book.requests).toEqual({});
  });

  it('asks for one when it is a close, too', () => {
    const harness = harnessWith();
    harness.see(openPosition());
    harness.learn(
      anEvent('CloseRequested', { requestId: request, positionId, volumeLots: '0.1' }),
      anEvent('RequestDispatched', { kind: 'close', requestId: request }),
      anEvent('RequestAccepted', { kind: 'close', requestId: request, brokerRequest: '500000400', evidence: null }),
    );
    harness.wait(0);
    harness.wait(3_000);
    expect(harness.tracker.wantsSnapshot).toBe(true);
    expect(types(harness.read({ history: [deal()] }).facts)).toEqual(['PositionClosed']);
  });
});

describe('a difference', () => {
  it('is none where a request of ours led to it, or the stream announced it', () => {
    const harness = harnessWith(sent());
    harness.learn(anEvent('RequestOutcomeUnknown', { requestId: order }));
    expect(harness.read({ standing: [openPosition({ comment: mark() })] }).drifts).toEqual([]);

    harness.ms += 2_000;
    harness.see(positionGone());
    harness.ms += 4_000;
    const { facts, drifts } = harness.read({ history: [deal()] });
    expect(types(facts)).toEqual(['PositionClosed']);
    expect(drifts).toEqual([]);
  });

  it('is explained by the broker’s records, or by nothing', () => {
    const explained = harnessWith();
    explained.see(openPosition());
    explained.ms += 2_000;
    expect(explained.read({ history: [deal()] }).isExplained).toBe(true);

    const vanished = harnessWith();
    vanished.see(openPosition());
    vanished.ms += 2_000;
    vanished.read({});
    vanished.ms += 5_000;
    expect(vanished.read({})).toMatchObject({ isExplained: false, drifts: [{ theirs: 'closed' }] });
    expect(harnessWith().read({ balance: '10001' }).isExplained).toBe(false);
  });
});

describe('a difference that is observed', () => {
  const observed = ['position', 'order', 'balance'];

  /** Looked at again and again it is the same difference, and time does not make a fact of it. */
  function staysOpen(harness: TrackerHarness, read: Parameters<TrackerHarness['read']>[0], drifts: number): void {
    for (let look = 0; look < 3; look += 1) {
      expect(harness.read({ ...read, observed })).toMatchObject({ facts: [], drifts: { length: drifts } });
      expect(harness.wait(6_000)).toEqual([]);
    }
    expect(harness.read(read).facts).not.toEqual([]);
  }

  it('is an opening: listed, not told', () => {
    staysOpen(harnessWith(), { standing: [openPosition(), pending()] }, 2);
  });

  it('is a closing with its deal', () => {
    const harness = harnessWith();
    harness.see(openPosition());
    harness.ms += 2_000;
    staysOpen(harness, { history: [deal()] }, 1);
  });

  it('is a position that was opened, and closed in whole or in part', () => {
    staysOpen(harnessWith(), { history: [deal()] }, 1);
    staysOpen(
      harnessWith(),
      { standing: [openPosition({ volumeLots: '0.7' })], history: [deal({ volumeLots: '0.3' })] },
      1,
    );
  });

  it('is a change of what stands', () => {
    const harness = harnessWith();
    harness.see(openPosition(), pending());
    harness.ms += 2_000;
    staysOpen(harness, { standing: [openPosition({ stopLoss: '1.09' }), pending({ price: '1.2' })] }, 2);
  });

  it('is a balance that nothing explains', () => {
    staysOpen(harnessWith(), { balance: '10001' }, 1);
  });

  it('is a position that is gone, in every second look', () => {
    const harness = harnessWith();
    harness.see(openPosition());
    harness.ms += 2_000;
    for (const drifts of [0, 1, 0, 1]) {
      expect(harness.read({ observed })).toMatchObject({
        facts: [],
        drifts: { length: drifts },
        lookAgain: drifts === 0,
      });
      harness.ms += 5_000;
    }
    expect(harness.tracker.book.positions['500000107']).toBeDefined();
  });

  it('ends when the stream tells it', () => {
    const harness = harnessWith();
    expect(harness.read({ standing: [openPosition()], observed }).drifts).toHaveLength(1);
    expect(harness.see(openPosition())).toEqual(['PositionOpened']);
    harness.ms += 2_000;
    expect(harness.read({ standing: [openPosition()], observed }).drifts).toEqual([]);
  });

  it('never keeps an answer from a request of ours', () => {
    const harness = harnessWith(sent());
    harness.learn(anEvent('RequestOutcomeUnknown', { requestId: order }));
    const found = harness.read({ standing: [openPosition({ comment: mark() })], observed });
    expect(types(found.facts)).toEqual(['order RequestAccepted', 'OrderFilled', 'PositionOpened']);
  });

  it('is adopted as a whole or not at all', () => {
    const harness = harnessWith();
    harness.see(pending());
    harness.ms += 2_000;
    expect(harness.read({ standing: [triggered()], observed: ['position'] })).toMatchObject({
      facts: [],
      drifts: [{ kind: 'order' }, { kind: 'position' }],
    });
    expect(Object.keys(harness.tracker.book.orders)).toEqual(['500000200']);
  });
});

describe('what is absent', () => {
  it('from one read proves nothing; from two, apart, a position is closed', () => {
    const harness = harnessWith();
    harness.see(openPosition());
    harness.ms += 2_000;
    expect(harness.read({})).toMatchObject({ facts: [], lookAgain: true });
    harness.ms += 4_000;
    expect(harness.read({}).facts).toEqual([]);
    harness.ms += 1_000;
    expect(types(harness.read({}).facts)).toEqual(['PositionClosed']);
    expect(harness.last('PositionClosed').data).toMatchObject({ reason: 'reconciled', inferred: true });
    expect(harness.see(deal())).toEqual([]);
  });

  it('and back again was never gone', () => {
    const harness = harnessWith();
    harness.see(openPosition());
    harness.ms += 2_000;
    harness.read({});
    harness.ms += 5_000;
    expect(harness.read({ standing: [openPosition()] }).facts).toEqual([]);
    harness.ms += 5_000;
    expect(harness.read({}).facts).toEqual([]);
  });

  it('an order, gone without a word, is cancelled after two reads', () => {
    const harness = harnessWith();
    harness.see(pending());
    harness.ms += 2_000;
    expect(harness.read({}).facts).toEqual([]);
    harness.ms += 5_000;
    expect(types(harness.read({}).facts)).toEqual(['OrderCancelled']);
  });

  it('volume without a deal is closed after two reads', () => {
    const harness = harnessWith();
    harness.see(openPosition({ volumeLots: '1' }));
    harness.ms += 2_000;
    const standing = [openPosition({ volumeLots: '0.7' })];
    expect(harness.read({ standing }).facts).toEqual([]);
    harness.ms += 5_000;
    expect(types(harness.read({ standing }).facts)).toEqual(['PositionReduced']);
    expect(harness.tracker.book.positions['500000107']?.volumeLots).toBe('0.7');
  });
});

describe('a request whose answer was lost', () => {
  const doubted = (kind: RequestKind) =>
    anEvent('RequestOutcomeUnknown', { kind, requestId: kind === 'order' ? order : request });

  /** Two reads, the second long after sending. */
  function twice(harness: TrackerHarness, read: Parameters<TrackerHarness['read']>[0]): string[] {
    const first = harness.read(read);
    harness.ms += 31_000;
    return types([...first.facts, ...harness.read(read).facts]);
  }

  it('OPEN: executed as a position or an order with our mark', () => {
    const market = harnessWith(sent());
    market.learn(doubted('order'));
    const found = market.read({ standing: [openPosition({ comment: mark() })] });
    expect(types(found.facts)).toEqual(['order RequestAccepted', 'OrderFilled', 'PositionOpened']);
    expect(market.last('RequestAccepted').data.evidence).toContain('500000107');

    const stop = harnessWith(sentStop());
    stop.learn(doubted('order'));
    expect(types(stop.read({ standing: [pending({ comment: mark() })] }).facts)).toEqual([
      'order RequestAccepted',
      'OrderWorking',
    ]);
  });

  it('OPEN: not executed when two reads show no trace, and not sooner', () => {
    const harness = harnessWith(sent());
    harness.learn(doubted('order'));
    expect(harness.read({})).toMatchObject({ facts: [], lookAgain: true });
    harness.ms += 6_000;
    expect(harness.read({}).facts).toEqual([]);
    harness.ms += 25_000;
    expect(types(harness.read({}).facts)).toEqual(['order RequestExpired']);
    expect(harness.last('RequestExpired').data).toMatchObject({ requestId: order, reason: 'not-executed' });
  });

  it('OPEN: executed after all, though declared not executed', () => {
    const harness = harnessWith(sent());
    harness.learn(doubted('order'));
    expect(twice(harness, {})).toEqual(['order RequestExpired']);
    expect(harness.see(openPosition({ comment: mark() }))).toEqual(['OrderFilled', 'PositionOpened']);
    expect(harness.last('PositionOpened').data.orderId).toBe(order);
  });

  const closing = () => [
    anEvent('CloseRequested', { requestId: request, positionId, volumeLots: '0.1' }),
    anEvent('RequestDispatched', { kind: 'close', requestId: request }),
    doubted('close'),
  ];

  it('CLOSE: executed when the history has the deal', () => {
    const harness = harnessWith();
    harness.see(openPosition());
    harness.learn(...closing());
    harness.ms += 2_000;
    expect(types(harness.read({ history: [deal()] }).facts)).toEqual(['close RequestAccepted', 'PositionClosed']);
    expect(harness.last('PositionClosed').data.requestId).toBe(request);
  });

  it('CLOSE: executed when the position is gone in two reads', () => {
    const harness = harnessWith();
    harness.see(openPosition());
    harness.learn(...closing());
    harness.ms += 2_000;
    expect(twice(harness, {})).toEqual(['close RequestAccepted', 'PositionClosed']);
  });

  it('CLOSE: not executed when the position stands, or its stop loss was faster', () => {
    const standing = harnessWith();
    standing.see(openPosition());
    standing.learn(...closing());
    standing.ms += 2_000;
    expect(twice(standing, { standing: [openPosition()] })).toEqual(['close RequestExpired']);

    const overtaken = harnessWith();
    overtaken.see(openPosition());
    overtaken.learn(...closing());
    overtaken.ms += 2_000;
    expect(twice(overtaken, { history: [deal({ reason: 'stop-loss' })] })).toEqual([
      'PositionClosed',
      'close RequestExpired',
    ]);
  });

  const amending = () => [
    anEvent('AmendmentRequested', {
      requestId: request,
      terms: { target: 'position', positionId, stopLoss: '1.09', takeProfit: null },
    }),
    anEvent('RequestDispatched', { kind: 'amendment', requestId: request }),
    doubted('amendment'),
  ];

  it.each([
    [
      'executed when it shows the values asked for',
      { stopLoss: '1.09' },
      ['PositionAmended', 'amendment RequestAccepted'],
    ],
    ['not executed when it shows the old ones', {}, ['amendment RequestExpired']],
    ['unresolved when it shows neither', { stopLoss: '1.01' }, ['PositionAmended', 'amendment RequestOutcomeUnknown']],
  ] as const)('MODIFY: %s', (_, fields, expected) => {
    const harness = harnessWith();
    harness.see(openPosition());
    harness.learn(...amending());
    harness.ms += 2_000;
    expect(twice(harness, { standing: [openPosition(fields)] })).toEqual(expected);
    expect(twice(harness, { standing: [openPosition(fields)] })).toEqual([]);
  });

  const cancelling = () => [
    anEvent('CancellationRequested', { requestId: request, orderId: order }),
    anEvent('RequestDispatched', { kind: 'cancellation', requestId: request }),
    doubted('cancellation'),
  ];

  function standingStop(): TrackerHarness {
    const harness = harnessWith(sentStop());
    harness.see(pending({ comment: mark() }));
    harness.learn(...cancelling());
    harness.ms += 2_000;
    return harness;
  }

  it('DELETE: executed when the order is gone and was not filled', () => {
    const harness = standingStop();
    expect(types(harness.read({}).facts)).toEqual(['cancellation RequestAccepted', 'OrderCancelled']);
  });

  it('DELETE: not executed when the order stands or was filled', () => {
    expect(twice(standingStop(), { standing: [pending({ comment: mark() })] })).toEqual([
      'cancellation RequestExpired',
    ]);
    expect(twice(standingStop(), { standing: [triggered({ comment: mark() })] })).toEqual([
      'OrderFilled',
      'PositionOpened',
      'cancellation RequestExpired',
    ]);
  });

  it('is not lost twice: the same reads say nothing more', () => {
    const harness = standingStop();
    harness.see(pendingGone());
    harness.read({});
    harness.ms += 31_000;
    expect(types(harness.read({}).facts)).toEqual([]);
  });
});
