import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { deal, TrackerHarness, permutations, openPosition, positionGone } from '../account-tracker.fixture.ts';

const request = exampleId(0x4e9);
const P = '500000107';

describe('a position', () => {
  it('opened by a person at the broker has no order of ours', () => {
    const harness = new TrackerHarness();
    expect(harness.see(openPosition())).toEqual(['PositionOpened']);
    expect(harness.last('PositionOpened')).toMatchObject({
      causationid: null,
      data: { orderId: null, inferred: false },
    });
  });

  it('gets protection by our amendment', () => {
    const harness = new TrackerHarness();
    harness.see(openPosition());
    const { positionId } = harness.last('PositionOpened').data;
    const terms = { target: 'position', positionId, stopLoss: '1.09', takeProfit: null } as const;
    harness.learn(
      anEvent('AmendmentRequested', { requestId: request, terms }),
      anEvent('RequestDispatched', { kind: 'amendment', requestId: request }),
    );
    harness.acknowledge(request, '500000500');
    expect(harness.accepted('500000500')).toEqual(['amendment RequestAccepted']);
    expect(harness.see(openPosition({ stopLoss: '1.09' }))).toEqual(['PositionAmended']);
    expect(harness.last('PositionAmended').causationid).toBe(harness.last('RequestAccepted').id);
    expect(harness.tracker.book.requests).toEqual({});
  });

  it('gets each of two amendments whose answers and records changed places', () => {
    const harness = new TrackerHarness();
    harness.see(openPosition());
    const { positionId } = harness.last('PositionOpened').data;
    const asked = (requestId: string, stopLoss: '1.08' | '1.09') => [
      anEvent('AmendmentRequested', {
        requestId,
        terms: { target: 'position', positionId, stopLoss, takeProfit: null },
      }),
      anEvent('RequestDispatched', { kind: 'amendment', requestId }),
    ];
    const next = exampleId(0x4ea);
    harness.learn(...asked(request, '1.08'), ...asked(next, '1.09'));
    expect([harness.acknowledge(next, '500000501'), harness.acknowledge(request, '500000500')]).toEqual([[], []]);
    harness.accepted('500000501');
    harness.accepted('500000500');
    const accepted = harness.told
      .filter((fact) => fact.type === 'RequestAccepted' && fact.data.kind === 'amendment')
      .map(({ data }) => data);
    expect(accepted).toMatchObject([
      { requestId: next, brokerRequest: '500000501' },
      { requestId: request, brokerRequest: '500000500' },
    ]);

    harness.see(openPosition({ stopLoss: '1.09' }), openPosition({ stopLoss: '1.08' }));
    expect(harness.tracker.wantsSnapshot).toBe(true);
    harness.ms += 1_200;
    expect(harness.read({ standing: [openPosition({ stopLoss: '1.09' })] }).drifts).toEqual([]);
    expect(harness.last('PositionAmended').data).toMatchObject({ stopLoss: '1.09', inferred: true });
    expect(harness.tracker.book.requests).toEqual({});
  });

  it('is a difference again after the snapshot that settled what changed places', () => {
    const harness = new TrackerHarness();
    harness.see(openPosition(), openPosition({ stopLoss: '1.09' }), openPosition({ stopLoss: '1.08' }));
    harness.ms += 1_200;
    expect(harness.read({ standing: [openPosition({ stopLoss: '1.09' })] }).drifts).toEqual([]);
    harness.ms += 5_000;
    expect(harness.read({ standing: [openPosition({ stopLoss: '1.07' })] }).drifts).toHaveLength(1);
  });

  it('is charged swap, and nothing else of a rollover or a resync is news', () => {
    const harness = new TrackerHarness();
    harness.see(openPosition());
    expect(harness.see(openPosition({ swap: '-7.87', closePrice: '1.2', profit: '99' }))).toEqual([
      'PositionSwapCharged',
    ]);
    expect(harness.see(openPosition({ swap: '-7.87', closePrice: '1.3', profit: '9' }))).toEqual([]);
    expect(harness.last('PositionSwapCharged').data).toMatchObject({ swap: '-7.87', delta: '-7.87' });
  });

  it('keeps three changes of a value that went and came back', () => {
    const harness = new TrackerHarness();
    harness.see(
      openPosition(),
      openPosition({ stopLoss: '1.09' }),
      openPosition({ stopLoss: '1.08', closePrice: '1.0964' }),
    );
    harness.see(openPosition({ stopLoss: '1.09', closePrice: '1.0963' }));
    const amended = harness.told.filter(({ type }) => type === 'PositionAmended');
    expect(new Set(amended.map(({ id }) => id)).size).toBe(3);
  });

  it('does not believe an old record that comes again, and asks', () => {
    const harness = new TrackerHarness();
    harness.see(openPosition(), openPosition({ stopLoss: '1.09' }));
    harness.ms += 2_000;
    expect(harness.see(openPosition())).toEqual([]);
    expect(harness.tracker.wantsSnapshot).toBe(true);
    harness.ms += 2_000;
    expect(harness.read({ standing: [openPosition({ stopLoss: '1.09' })] }).drifts).toEqual([]);
  });

  it('believes it by itself once it is too late for an old one', () => {
    for (const [ms, types] of [
      [29_999, []],
      [30_000, ['PositionAmended']],
    ] as const) {
      const harness = new TrackerHarness();
      harness.see(openPosition(), openPosition({ stopLoss: '1.09' }));
      harness.ms += ms;
      expect(harness.see(openPosition())).toEqual(types);
    }
  });

  it('believes it when the snapshot says so too', () => {
    const harness = new TrackerHarness();
    harness.see(openPosition(), openPosition({ stopLoss: '1.09' }));
    harness.ms += 2_000;
    harness.see(openPosition());
    harness.ms += 2_000;
    expect(harness.read({ standing: [openPosition()] }).facts[0]?.type).toBe('PositionAmended');
  });

  it.each(['user', 'stop-loss', 'take-profit', 'stop-out'] as const)('closed by its deal ended by %s', (reason) => {
    const harness = new TrackerHarness();
    harness.see(openPosition());
    expect(harness.see(positionGone(), deal({ reason }))).toEqual(['PositionClosed']);
    expect(harness.last('PositionClosed').data).toMatchObject({
      reason,
      price: '1.09754',
      profit: '10',
      requestId: null,
    });
  });

  it.each(permutations([positionGone(), deal(), openPosition({ closePrice: '1' })]))(
    'is closed once and stays closed whatever order its records come in (%#)',
    (...records) => {
      const harness = new TrackerHarness();
      harness.see(openPosition());
      harness.see(...records, ...records);
      harness.wait(10_000);
      expect(harness.told.map(({ type }) => type)).toEqual(['PositionOpened', 'PositionClosed']);
    },
  );

  it('whose end was announced before it was ever told stays away, but not for ever', () => {
    const harness = new TrackerHarness();
    harness.see(positionGone());
    harness.wait(60_000);
    expect(harness.see(openPosition())).toEqual([]);
    harness.wait(1);
    expect(harness.see(openPosition())).toEqual(['PositionOpened']);
  });

  it('is closed by us, and the deal names the request', () => {
    const harness = new TrackerHarness();
    harness.see(openPosition());
    harness.learn(...close(harness));
    harness.acknowledge(request, '500000400');
    expect(harness.see(positionGone(), deal())).toEqual(['close RequestAccepted', 'PositionClosed']);
    expect(harness.last('PositionClosed').data.requestId).toBe(request);
    expect(harness.accepted('500000400')).toEqual([]);
  });

  it('waits for the reply before it says whose close it was', () => {
    const harness = new TrackerHarness();
    harness.see(openPosition());
    harness.learn(...close(harness));
    expect(harness.see(positionGone(), deal())).toEqual([]);
    expect(harness.acknowledge(request, '500000400')).toEqual(['close RequestAccepted', 'PositionClosed']);
  });

  it('hit its stop loss before our close came: superseded', () => {
    const harness = new TrackerHarness();
    harness.see(openPosition());
    harness.learn(...close(harness));
    expect(harness.see(positionGone(), deal({ reason: 'stop-loss', request: '500000399' }))).toEqual([
      'PositionClosed',
    ]);
    const said = { reason: 'not-found', brokerCode: 'BE097', text: 'Cannot close already closed order' } as const;
    const refusal = harness.tracker.reject(request, said, harness.now);
    expect(refusal).toMatchObject([
      { type: 'RequestRejected', data: { kind: 'close', reason: 'superseded', brokerCode: 'BE097' } },
    ]);
  });

  it.each([
    ['BE097', 'superseded'],
    [null, 'not-found'],
  ] as const)('that stands and is not found, by the code %p: %s', (brokerCode, reason) => {
    const harness = new TrackerHarness();
    harness.see(openPosition());
    harness.learn(...close(harness));
    const said = { reason: 'not-found', brokerCode, text: 'not found' } as const;
    expect(harness.tracker.reject(request, said, harness.now)).toMatchObject([{ data: { reason } }]);
  });

  it('whose end was announced and whose deal does not come is asked about', () => {
    const harness = new TrackerHarness();
    harness.see(openPosition(), positionGone());
    harness.wait(2_999);
    expect(harness.tracker.wantsSnapshot).toBe(false);
    harness.wait(1);
    expect(harness.tracker.wantsSnapshot).toBe(true);
  });

  it('is reduced under the same number', () => {
    const harness = new TrackerHarness();
    harness.see(openPosition({ volumeLots: '1' }));
    harness.learn(...close(harness, '0.3'));
    harness.acknowledge(request, '500000400');
    const partial = deal({ volumeLots: '0.3' });
    expect(harness.see(partial, openPosition({ volumeLots: '0.7' }))).toEqual([
      'close RequestAccepted',
      'PositionReduced',
    ]);
    expect(harness.last('PositionReduced').data).toMatchObject({
      volumeLots: '0.3',
      remainingLots: '0.7',
      brokerPosition: '500000107',
      requestId: request,
    });
    expect(harness.see(partial)).toEqual([]);
  });

  const renumbered = [
    positionGone(),
    deal({ volumeLots: '0.3' }),
    openPosition({ position: '500000501', origin: P, volumeLots: '0.7' }),
  ];
  it.each(permutations(renumbered))('is reduced under a new number whatever order (%#)', (...records) => {
    const harness = new TrackerHarness();
    harness.see(openPosition({ volumeLots: '1' }));
    harness.see(...records, ...records);
    expect(harness.told.map(({ type }) => type)).toEqual(['PositionOpened', 'PositionReduced']);
    expect(harness.last('PositionReduced').data).toMatchObject({ remainingLots: '0.7', brokerPosition: '500000501' });
    harness.wait(10_000);
    expect(harness.see(openPosition({ volumeLots: '1' }))).toEqual([]);
  });

  it('is reduced under a new number that names our request', () => {
    const harness = new TrackerHarness();
    harness.see(openPosition({ volumeLots: '1' }));
    harness.learn(...close(harness, '0.3'));
    harness.acknowledge(request, '500000400');
    harness.see(positionGone(), deal({ volumeLots: '0.3' }));
    const types = harness.see(openPosition({ position: '500000501', origin: '500000400', volumeLots: '0.7' }));
    expect(types).toEqual(['close RequestAccepted', 'PositionReduced']);
  });
});

function close(harness: TrackerHarness, volumeLots: '0.1' | '0.3' = '0.1') {
  const { positionId } = harness.last('PositionOpened').data;
  return [
    anEvent('CloseRequested', { requestId: request, positionId, volumeLots }),
    anEvent('RequestDispatched', { kind: 'close', requestId: request }),
  ];
}
