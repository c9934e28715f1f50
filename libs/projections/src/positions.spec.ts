import type { Event } from '@core/contracts/event';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { after, at, instant, exampleOrder, examplePosition, exampleRequest } from './histories.fixture.ts';
import { accountPositions } from './positions.ts';

const opened = at('10:05', 'PositionOpened', { volumeLots: '1', commission: '-6', swap: '0' });
const reduced = at('10:30', 'PositionReduced', { volumeLots: '0.4', remainingLots: '0.6', profit: '4' });
const costs = { swap: '-2', commission: '-7' } as const;
const closed = at('11:00', 'PositionClosed', {
  deal: '2',
  volumeLots: '0.6',
  profit: '6.5',
  reason: 'stop-loss',
  ...costs,
});

const only = (...events: Event[]) => {
  const positions = Object.values(after(accountPositions, events).positions);
  const [found] = positions;
  if (!found || positions.length !== 1) throw new Error(`${positions.length} positions`);
  return found;
};

describe('positions', () => {
  it('opens with the terms of its event', () => {
    expect(only(opened)).toMatchObject({
      id: examplePosition,
      status: 'open',
      openedLots: '1',
      volumeLots: '1',
      openPrice: '1.1',
      stopLoss: '1.09',
      commission: '-6',
      orderId: exampleOrder,
      swaps: [],
      closed: null,
    });
  });

  it('was created by its order, also where that filled as two positions', () => {
    const requested = at('10:00', 'OrderRequested', { volumeLots: '2' });
    const working = at('10:01', 'OrderWorking', { volumeLots: '2' });
    const other = anEvent('PositionOpened', { positionId: exampleId(2), volumeLots: '1' });
    const { positions, origins } = after(accountPositions, [requested, working, opened, other]);
    expect(Object.values(positions).map(({ created }) => created.at)).toEqual([instant('10:00'), instant('10:00')]);
    expect(positions[examplePosition]?.opened.at).toBe(instant('10:05'));
    expect(origins).toEqual({});
  });

  it('was created by its opening where there was no order, or one that is forgotten', () => {
    expect(only(opened).created).toEqual(only(opened).opened);
    const gone = [at('10:00', 'OrderRequested'), at('10:01', 'RequestRejected')];
    expect(after(accountPositions, gone).origins).toEqual({});
  });

  it('follows its protection', () => {
    const amended = anEvent('PositionAmended', { stopLoss: null, takeProfit: '1.3', trailingPoints: 50 });
    expect(only(opened, amended)).toMatchObject({ stopLoss: null, takeProfit: '1.3', trailingPoints: 50 });
  });

  it('adds up swaps as the broker does', () => {
    const charges = [
      at('22:00', 'PositionSwapCharged', { swap: '-1', delta: '-1' }),
      at('+1d 22:00', 'PositionSwapCharged', { swap: '-3', delta: '-2' }),
    ];
    expect(only(opened, ...charges)).toMatchObject({
      swap: '-3',
      swaps: [
        { delta: '-1', at: instant('22:00') },
        { delta: '-2', at: instant('+1d 22:00') },
      ],
    });
  });

  it('shrinks and stays the same position, even under a new number', () => {
    const renumbered = anEvent('PositionReduced', { ...reduced.data, brokerPosition: '500000999' });
    expect(only(opened, renumbered)).toMatchObject({
      status: 'open',
      openedLots: '1',
      volumeLots: '0.6',
      brokerPosition: '500000999',
      realizedProfit: '4',
      close: null,
    });
  });

  it('closes with the sum of its deals and the reason of the last', () => {
    expect(only(opened, reduced, closed)).toMatchObject({
      status: 'closed',
      volumeLots: '0',
      realizedProfit: '10.5',
      ...costs,
      close: { deal: '2', reason: 'stop-loss', at: closed.data.closedAt },
      closedAt: closed.data.closedAt,
    });
  });

  it('stays closed, whatever is told late', () => {
    const late = [anEvent('PositionAmended', { stopLoss: '1' }), anEvent('PositionClosed', { profit: '99' }), opened];
    expect(only(opened, closed, ...late)).toEqual(only(opened, closed));
  });

  it('shows requests on their way, and the broker’s no', () => {
    expect(only(opened, anEvent('CloseRequested')).openRequests).toEqual([exampleRequest]);
    const refused = only(
      opened,
      anEvent('CloseRequested'),
      anEvent('RequestRejected', { kind: 'close', requestId: exampleRequest, reason: 'market-closed' }),
    );
    expect(refused).toMatchObject({ openRequests: [], rejection: { kind: 'close', reason: 'market-closed' } });
    const resolved = anEvent('RequestResolved', { kind: 'close', requestId: exampleRequest, executed: true });
    expect(only(opened, anEvent('AmendmentRequested'), resolved).openRequests).toEqual([]);
  });

  it('has nothing on its way once it is closed', () => {
    const asked = [opened, anEvent('CloseRequested'), closed];
    expect(after(accountPositions, asked)).toMatchObject({
      requests: {},
      positions: { [examplePosition]: { openRequests: [] } },
    });
    expect(only(...asked, anEvent('RequestRejected', { kind: 'close', requestId: exampleRequest }))).toEqual(
      only(...asked),
    );
  });

  it('keeps a closed position for a day by the ledger’s clock', () => {
    expect(only(opened, closed, at('+1d 11:00', 'EquityMarked')).status).toBe('closed');
    expect(after(accountPositions, [opened, closed, at('+1d 11:01', 'EquityMarked')]).positions).toEqual({});
  });

  it('leaves facts about a position that never appeared alone', () => {
    expect(after(accountPositions, [closed, reduced])).toEqual(accountPositions.initial());
  });
});
