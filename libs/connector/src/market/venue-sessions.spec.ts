import { exampleId } from '@core/contracts/examples.fixture';
import { ManualClock } from '@core/testing/manual-clock';
import type { BrokerSession } from '../broker-adapter.ts';
import { quietSession } from '../quiet-session.fixture.ts';
import { VenueSessions } from './venue-sessions.ts';

const [ADA, BOB, EVE] = [exampleId(1), exampleId(2), exampleId(3)];

describe('the sessions of a venue', () => {
  let clock: ManualClock;
  let chance: number;
  let sessions: VenueSessions;
  let [ada, bob, eve]: BrokerSession[] = [];
  beforeEach(() => {
    clock = new ManualClock();
    chance = 0;
    sessions = new VenueSessions(clock, () => chance);
    [ada, bob, eve] = [quietSession(), quietSession(), quietSession()];
    sessions.visited(ADA, ada ?? null);
    sessions.visited(BOB, bob ?? null);
    sessions.visited(EVE, eve ?? null);
  });

  it('are all asked, by chance, while nobody trades', () => {
    const asked = [0, 0.4, 0.99].map((next) => {
      chance = next;
      return sessions.toAsk();
    });
    expect(asked).toEqual([ada, bob, eve]);
    expect(new Set(asked).size).toBe(3);
  });

  it('are not asked where somebody trades, until a minute after', async () => {
    sessions.traded(ADA);
    expect(sessions.toAsk()).toBe(bob);
    await clock.advance(59_999);
    expect(sessions.toAsk()).toBe(bob);
    await clock.advance(1);
    expect(sessions.toAsk()).toBe(ada);
  });

  it('are asked where nobody has traded for the longest, when all do', async () => {
    for (const account of [BOB, ADA, EVE]) {
      sessions.traded(account);
      await clock.advance(1);
    }
    expect(sessions.toAsk()).toBe(bob);
    sessions.visited(BOB, null);
    expect(sessions.toAsk()).toBe(ada);
  });

  it('remember across a lost one who traded', () => {
    sessions.traded(ADA);
    sessions.visited(ADA, null);
    sessions.visited(ADA, ada ?? null);
    expect(sessions.toAsk()).toBe(bob);
  });

  it('are none where all are closed or forgotten', () => {
    sessions.visited(ADA, quietSession({ isOpen: false }));
    sessions.visited(BOB, null);
    sessions.forget(EVE);
    expect(sessions.toAsk()).toBeNull();
  });

  it('count as there for a while after the last was lost', async () => {
    sessions.forget(ADA);
    sessions.forget(BOB);
    await clock.advance(500);
    sessions.visited(EVE, null);
    await clock.advance(99);
    expect(sessions.wasOpenWithin(100)).toBe(true);
    await clock.advance(1);
    expect(sessions.wasOpenWithin(100)).toBe(false);
  });
});
