import { aCommand, exampleSignal } from '@core/contracts/command-examples.fixture';
import { instantFromMs, toMs } from '@core/kernel/instant';
import fc from 'fast-check';
import { chosen, World } from './example-world.fixture.ts';

type Deed = (world: World) => unknown;

const order = { instrument: 'GOLD', volumeLots: '0.1' } as const;
const { integrationId } = exampleSignal;
const strategyIds = ['s1', 's2'];
const anyPick = fc.nat({ max: 7 });

const signals = fc.record({
  kind: fc.constantFrom('open' as const, 'close' as const, 'reopen' as const),
  strategyId: fc.constantFrom(...strategyIds),
  externalPositionId: fc.constantFrom('p1', 'p2', 'p3'),
  agoMs: fc.nat({ max: 40_000 }),
});
const speak = fc.record({ said: signals }).map(({ said: { agoMs, ...said } }): Deed => (world) => {
  const signal = { ...exampleSignal, ...said, signalId: world.newId(), sentAt: instantFromMs(toMs(world.now) - agoMs) };
  return world.ask(aCommand('ReceiveSignal', { signal, order }, { commandid: world.newId() }));
});

/** An edge that may be wrong about what its signals came to. */
const edgeSays = fc.constantFrom('executed' as const, 'unknown' as const, 'refused' as const, 'continue' as const);
const goOn = fc.tuple(anyPick, edgeSays).map(([pick, what]): Deed => (world) => {
  const open = Object.entries(world.aggregate.strategies.byKey).flatMap(([key, strategy]) =>
    strategy.signals.map(({ signalId }) => ({
      signalId,
      integrationId,
      strategyId: key.slice(integrationId.length + 1),
    })),
  );
  const whose = chosen(open, pick);
  const commandid = world.newId();
  if (!whose) return;
  if (what === 'continue') return world.ask(aCommand('ContinueSignal', { ...whose, order }, { commandid }));
  const refused = { result: 'refused', reason: 'not-executed', text: null } as const;
  const outcome = what === 'refused' ? refused : { result: what };
  return world.ask(aCommand('SettleSignal', { ...whose, outcome }, { commandid }));
});

const closeByHand = anyPick.map((pick): Deed => (world) => {
  const positionId = chosen([...world.standing.keys()], pick);
  if (positionId) world.ask(aCommand('ClosePosition', { positionId }, { commandid: world.newId() }));
});

const anyDeed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 4, arbitrary: speak },
  { weight: 3, arbitrary: goOn },
  { weight: 1, arbitrary: closeByHand },
  {
    weight: 4,
    arbitrary: anyPick.map(
      (pick): Deed =>
        (world) =>
          world.claim(pick),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(anyPick, fc.boolean()).map(
      ([pick, will]): Deed =>
        (world) =>
          world.execute(pick, will),
    ),
  },
  { weight: 6, arbitrary: fc.constant<Deed>((world) => world.report()) },
  {
    weight: 1,
    arbitrary: anyPick.map(
      (pick): Deed =>
        (world) =>
          world.doubt(pick),
    ),
  },
  {
    weight: 1,
    arbitrary: anyPick.map(
      (pick): Deed =>
        (world) =>
          world.resolve(pick),
    ),
  },
  {
    weight: 1,
    arbitrary: anyPick.map(
      (pick): Deed =>
        (world) =>
          world.stopOut(pick),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat({ max: 20_000 }).map(
      (ms): Deed =>
        (world) =>
          world.pass(ms),
    ),
  },
);

describe('with a broker that answers late, wrongly or never', () => {
  it('a strategy never has two positions by our doing, and nothing is sent twice', () => {
    fc.assert(
      fc.property(fc.array(anyDeed, { size: 'max', maxLength: 200 }), (deeds) => {
        const world = new World();
        const doubles = deeds.filter((deed) => {
          deed(world);
          const holders = [...world.standing.values()].flatMap((signal) => signal?.strategyId ?? []);
          return new Set(holders).size < holders.length;
        });
        expect(doubles).toEqual([]);
        expect(Math.max(1, ...world.dispatches.values())).toBe(1);
      }),
      { numRuns: 300 },
    );
  });

  it('every request can end, and every strategy can go on', () => {
    fc.assert(
      fc.property(fc.array(anyDeed, { size: 'max', maxLength: 100 }), (deeds) => {
        const world = new World();
        for (const deed of deeds) deed(world);
        world.drain();

        const { requests, strategies } = world.aggregate;
        expect(requests).toMatchObject({ open: {}, withdrawals: {} });
        expect(Object.keys({ ...requests.open, ...requests.withdrawals })).toEqual([]);
        expect(strategies.openings).toEqual({});
        for (const [key, { signals: open }] of Object.entries(strategies.byKey)) {
          const whose = { integrationId, strategyId: key.slice(integrationId.length + 1) };
          const last = open.at(-1);
          if (last)
            world.ask(aCommand('SettleSignal', { ...whose, signalId: last.signalId, outcome: { result: 'unknown' } }));
          const signal = {
            ...exampleSignal,
            ...whose,
            signalId: world.newId(),
            kind: 'close',
            sentAt: world.now,
          } as const;
          const { refusal } = world.ask(aCommand('ReceiveSignal', { signal, order }, { commandid: world.newId() }));
          expect(refusal?.reason ?? 'position-not-found').toBe('position-not-found');
        }
      }),
      { numRuns: 300 },
    );
  });
});
