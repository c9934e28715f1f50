import { anEvent, exampleId } from '@core/contracts/examples';
import { deal, TrackerHarness, permutations, position, positionGone } from '../account-tracker.fixture.ts';

const request = exampleId(0x4e9);
const P = 500000107;

describe('a position', () => {
  it('opened by a person at the broker has no order of ours', () => {
    const kit = new TrackerHarness();
    expect(kit.see(position())).toEqual(['PositionOpened']);
    expect(kit.last('PositionOpened')).toMatchObject({ causationid: null, data: { orderId: null, inferred: false } });
  });

  it('gets protection by our amendment', () => {
    const kit = new TrackerHarness();
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

  it('gets each of two amendments whose answers and records changed places', () => {
    const kit = new TrackerHarness();
    kit.see(position());
    const { positionId } = kit.last('PositionOpened').data;
    const asked = (requestId: string, stopLoss: '1.08' | '1.09') => [
      anEvent('AmendmentRequested', {
        requestId,
        terms: { target: 'position', positionId, stopLoss, takeProfit: null },
      }),
      anEvent('AmendmentDispatched', { requestId }),
    ];
    const next = exampleId(0x4ea);
    kit.learn(...asked(request, '1.08'), ...asked(next, '1.09'));
    expect([kit.acknowledge(next, 500000501), kit.acknowledge(request, 500000500)]).toEqual([[], []]);
    kit.status(500000501, 3);
    kit.status(500000500, 3);
    const accepted = kit.told.filter((fact) => fact.type === 'AmendmentAccepted').map(({ data }) => data);
    expect(accepted).toMatchObject([
      { requestId: next, brokerRequest: '500000501' },
      { requestId: request, brokerRequest: '500000500' },
    ]);

    kit.see(position({ sl: 1.09 }), position({ sl: 1.08 }));
    expect(kit.desk.wantsSnapshot).toBe(true);
    kit.ms += 1_200;
    expect(kit.read({ standing: [position({ sl: 1.09 })] }).drifts).toEqual([]);
    expect(kit.last('PositionAmended').data).toMatchObject({ stopLoss: '1.09', inferred: true });
    expect(kit.desk.book.requests).toEqual({});
  });

  it('is a difference again after the snapshot that settled what changed places', () => {
    const kit = new TrackerHarness();
    kit.see(position(), position({ sl: 1.09 }), position({ sl: 1.08 }));
    kit.ms += 1_200;
    expect(kit.read({ standing: [position({ sl: 1.09 })] }).drifts).toEqual([]);
    kit.ms += 5_000;
    expect(kit.read({ standing: [position({ sl: 1.07 })] }).drifts).toHaveLength(1);
  });

  it('is charged swap, and nothing else of a rollover or a resync is news', () => {
    const kit = new TrackerHarness();
    kit.see(position());
    expect(kit.see(position({ storage: -7.87, close_price: 1.2, profit: 99 }))).toEqual(['PositionSwapCharged']);
    expect(kit.see(position({ storage: -7.87, close_price: 1.3, profit: 9 }))).toEqual([]);
    expect(kit.last('PositionSwapCharged').data).toMatchObject({ swap: '-7.87', delta: '-7.87' });
  });

  it('keeps three changes of a value that went and came back', () => {
    const kit = new TrackerHarness();
    kit.see(position(), position({ sl: 1.09 }), position({ sl: 1.08, close_price: 1.0964 }));
    kit.see(position({ sl: 1.09, close_price: 1.0963 }));
    const amended = kit.told.filter(({ type }) => type === 'PositionAmended');
    expect(new Set(amended.map(({ id }) => id)).size).toBe(3);
  });

  it('does not believe an old record that comes again, and asks', () => {
    const kit = new TrackerHarness();
    kit.see(position(), position({ sl: 1.09 }));
    kit.ms += 2_000;
    expect(kit.see(position())).toEqual([]);
    expect(kit.desk.wantsSnapshot).toBe(true);
    kit.ms += 2_000;
    expect(kit.read({ standing: [position({ sl: 1.09 })] }).drifts).toEqual([]);
  });

  it('believes it when the snapshot says so too', () => {
    const kit = new TrackerHarness();
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
    const kit = new TrackerHarness();
    kit.see(position());
    expect(kit.see(positionGone({ profit: 55 }), deal({ comment }))).toEqual(['PositionClosed']);
    expect(kit.last('PositionClosed').data).toMatchObject({ reason, price: '1.09754', profit: '10', requestId: null });
  });

  it.each(permutations([positionGone(), deal(), position({ close_price: 1 })]))(
    'is closed once and stays closed whatever order its records come in (%#)',
    (...records) => {
      const kit = new TrackerHarness();
      kit.see(position());
      kit.see(...records, ...records);
      kit.wait(10_000);
      expect(kit.told.map(({ type }) => type)).toEqual(['PositionOpened', 'PositionClosed']);
    },
  );

  it('is closed by us, and the deal names the request', () => {
    const kit = new TrackerHarness();
    kit.see(position());
    kit.learn(...close(kit));
    kit.acknowledge(request, 500000400);
    expect(kit.see(positionGone(), deal())).toEqual(['CloseAccepted', 'PositionClosed']);
    expect(kit.last('PositionClosed').data.requestId).toBe(request);
    expect(kit.status(500000400, 3)).toEqual([]);
  });

  it('waits for the reply before it says whose close it was', () => {
    const kit = new TrackerHarness();
    kit.see(position());
    kit.learn(...close(kit));
    expect(kit.see(positionGone(), deal())).toEqual([]);
    expect(kit.acknowledge(request, 500000400)).toEqual(['CloseAccepted', 'PositionClosed']);
  });

  it('hit its stop loss before our close came: superseded', () => {
    const kit = new TrackerHarness();
    kit.see(position());
    kit.learn(...close(kit));
    expect(kit.see(positionGone(), deal({ comment: '[S/L]', order2: 500000399 }))).toEqual(['PositionClosed']);
    const refusal = kit.desk.refuse(request, 'BE097', 'Cannot close already closed order', kit.now);
    expect(refusal).toMatchObject([{ type: 'CloseRejected', data: { reason: 'superseded', brokerCode: 'BE097' } }]);
  });

  it('is reduced under the same number', () => {
    const kit = new TrackerHarness();
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
    const kit = new TrackerHarness();
    kit.see(position({ volume: 1 }));
    kit.see(...records, ...records);
    expect(kit.told.map(({ type }) => type)).toEqual(['PositionOpened', 'PositionReduced']);
    expect(kit.last('PositionReduced').data).toMatchObject({ remainingLots: '0.7', brokerPosition: '500000501' });
    kit.wait(10_000);
    expect(kit.see(position({ volume: 1 }))).toEqual([]);
  });

  it('is reduced under a new number that names our request', () => {
    const kit = new TrackerHarness();
    kit.see(position({ volume: 1 }));
    kit.learn(...close(kit, '0.3'));
    kit.acknowledge(request, 500000400);
    kit.see(positionGone({ volume: 1 }), deal({ volume: 0.3 }));
    const types = kit.see(position({ order: 500000501, position: 500000501, order2: 500000400, volume: 0.7 }));
    expect(types).toEqual(['CloseAccepted', 'PositionReduced']);
  });
});

function close(kit: TrackerHarness, volumeLots: '0.1' | '0.3' = '0.1') {
  const { positionId } = kit.last('PositionOpened').data;
  return [
    anEvent('CloseRequested', { requestId: request, positionId, volumeLots }),
    anEvent('CloseDispatched', { requestId: request }),
  ];
}
