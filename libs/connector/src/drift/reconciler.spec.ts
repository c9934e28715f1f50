import { anEvent } from '@core/contracts/examples.fixture';
import { openPosition, registeredAccount, TrackerHarness } from '@core/execution/account-tracker.fixture';
import type { Fact } from '@core/execution/fact';
import type { BrokerSnapshot } from '@core/execution/report';
import type { BrokerBook } from '@core/projections/broker-book/state';
import { driftRules, DriftSettings, ReconciliationSettings } from './drift-settings.ts';
import { Reconciler } from './reconciler.ts';

const MINUTES_10 = 600_000;

/** An account whose broker says this; `emit` decides what becomes of what a look found. */
function underLooks(
  standing: BrokerSnapshot['standing'],
  emit: (harness: TrackerHarness, facts: readonly Fact[]) => void,
) {
  const harness = new TrackerHarness([registeredAccount(), anEvent('BalanceChanged', { balance: '10000' })]);
  const { tracker } = harness;
  const reconciled: number[] = [];
  const reconciler = new Reconciler({
    tracker,
    settings: new ReconciliationSettings(),
    rules: driftRules(new DriftSettings()),
    now: () => harness.now,
    emit(facts) {
      if (facts.some(({ type }) => type === 'AccountReconciled')) reconciled.push(harness.ms);
      else emit(harness, facts);
    },
    sinceSentMs: () => null,
    learnInstruments: () => Promise.resolve(),
    onLook: () => undefined,
    onUnreadable: () => undefined,
  });
  let snapshots = 0;
  const money = {
    balance: '10000',
    credit: '0',
    equity: '10000',
    margin: '0',
    marginFree: '10000',
    marginLevel: '0',
  } as const;
  const session = {
    snapshot: async (): Promise<BrokerSnapshot> => {
      snapshots += 1;
      return { askedMs: harness.ms, standing, history: [], money };
    },
    instrument: () => Promise.reject(new Error('nobody asks')),
  };
  return { harness, reconciler, session, reconciled, snapshots: () => snapshots };
}

/** An account that is looked at every second, for ten minutes. */
async function looks(...given: Parameters<typeof underLooks>) {
  const { harness, reconciler, session, reconciled, snapshots } = underLooks(...given);
  await reconciler.start(session);
  for (const endMs = harness.ms + MINUTES_10; harness.ms < endMs; harness.ms += 1_000) {
    reconciler.advance(session);
    await new Promise(setImmediate);
  }
  return { snapshots: snapshots(), reconciled };
}

describe('a difference', () => {
  it('that the log refuses to hold is found again ever more seldom', async () => {
    const book = (harness: TrackerHarness): BrokerBook => structuredClone(harness.tracker.book);
    let before: BrokerBook | null = null;
    const { snapshots, reconciled } = await looks([openPosition()], (harness) => {
      // The log's own book never learns of it, and the account begins from that one again.
      before ??= structuredClone({ ...book(harness), positions: {} });
      harness.tracker.restart(structuredClone(before));
    });
    expect(snapshots).toBeGreaterThan(3);
    expect(snapshots).toBeLessThan(20);
    expect(reconciled.length).toBeLessThan(20);
  });

  it('that it takes is found once, and the account looked at when it is time', async () => {
    const { snapshots, reconciled } = await looks([openPosition()], () => undefined);
    expect(snapshots).toBeLessThan(6);
    expect(reconciled.length).toBeLessThan(6);
  });
});

describe('a look that an operator asks for', () => {
  it('is the periodic one brought forward: it says what it found, and what stands', async () => {
    const { reconciler, session, reconciled } = underLooks([openPosition()], () => undefined);
    await reconciler.start(session);
    const before = reconciled.length;
    const look = await reconciler.lookNow(session);
    expect(look).toMatchObject({ outcome: 'clean', found: { positions: 1, orders: 0 } });
    expect(look?.standing).toEqual([openPosition()]);
    expect(reconciled.length).toBe(before + 1);
  });

  it('does not come between another', async () => {
    const { reconciler, session } = underLooks([], () => undefined);
    await reconciler.start(session);
    const first = reconciler.lookNow(session);
    expect(await reconciler.lookNow(session)).toBeNull();
    expect(await first).toMatchObject({ outcome: 'clean' });
  });
});
