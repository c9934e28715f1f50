import type { Event } from '@core/contracts/event';
import { anEvent, exampleAccount, exampleId, recorded, toldAs } from '@core/contracts/examples.fixture';
import { registeredAccount, sent } from '@core/execution/account-tracker.fixture';
import { fold } from '@core/kernel/projection';
import { present } from '@core/kernel/present';
import { brokerBook } from '@core/projections/broker-book/fold';
import { VenueCatalog } from '../market/venue-catalog.ts';
import { quietSession } from '../quiet-session.fixture.ts';
import { EquityMarks } from './equity-marks.ts';
import { Inbox } from './inbox.ts';
import { OptimisticBook } from './optimistic-book.ts';
import { SessionClock } from './session-clock.ts';
import { SessionStart, type Startable } from './session-start.ts';

/** One account's start over a log that a spec writes, with what it sends to the intake. */
class StartHarness {
  readonly intake: Event[] = [];
  readonly begun: string[] = [];
  work: Startable | null = null;
  private readonly log: Event[];
  private readonly clock = new SessionClock();
  private readonly inbox: Inbox;
  readonly start: SessionStart<Startable>;

  constructor(
    past: readonly Event[],
    private readonly openClaims: readonly string[] = [],
  ) {
    this.log = [...past];
    const intake = { send: (_account: string, events: readonly Event[]) => void this.intake.push(...events) };
    this.inbox = new Inbox({
      ...{ account: exampleAccount, bufferedRecordsMax: 10, equity: new EquityMarks(1, 1), now: this.clock.now },
      ...{ metrics: { unreadable: () => undefined }, log: { error: () => undefined }, onOverflow: () => undefined },
    });
    this.start = new SessionStart({
      ...{ account: exampleAccount, source: 'spec', intake, inbox: this.inbox, clock: this.clock },
      ...{ catalog: new VenueCatalog(), instrumentsMs: 1_000, claimant: () => 'spec#1' },
      claims: { isOpen: (requestId) => this.openClaims.includes(requestId) },
      makeWork: () => (this.work = this.workOn(intake)),
    });
  }

  /** The log holds an event: whoever follows it is told, one after the other, before anybody who waits. */
  commit(...events: readonly Event[]): void {
    for (const event of recorded(events)) {
      this.log.push(event);
      if (!this.start.learn(event)) this.work?.book.learn(event, this.clock.now());
    }
  }

  /** Begins, and resolves when the opening is on its way to the log. */
  async begin(session = quietSession()): Promise<{ readonly opened: Event; readonly begun: Promise<Startable> }> {
    const begun = this.start.begin(session, this.work);
    await new Promise((resolve) => setImmediate(resolve));
    return { opened: present(this.intake.at(-1), 'nothing was sent'), begun };
  }

  private workOn(intake: { send(account: string, events: readonly Event[]): void }): Startable {
    const book = new OptimisticBook(fold(brokerBook, this.log), {
      ...{ account: exampleAccount, source: 'spec', intake, graceMs: 1, raceMs: 1 },
      now: this.clock.now,
      contractOf: () => null,
      onTold: () => undefined,
    });
    return { book, begin: async () => void this.begun.push(...Object.keys(book.tracker.book.requests)) };
  }
}

describe('a session that begins', () => {
  const ORDER = exampleId(0x0d2);
  const ordered = (): Event => anEvent('OrderRequested', { orderId: ORDER });

  it('waits until the log holds its opening, and so everything that was told before', async () => {
    const harness = new StartHarness([registeredAccount()]);
    const { opened, begun } = await harness.begin();
    expect([toldAs(opened), harness.work]).toEqual(['AccountSessionOpened', null]);
    harness.commit(ordered());
    harness.commit(opened);
    await begun;
    expect(harness.begun).toEqual([ORDER]);
  });

  it('knows of what the log holds right behind its opening', async () => {
    const harness = new StartHarness([registeredAccount()]);
    const { opened, begun } = await harness.begin();
    harness.commit(opened, ordered());
    await begun;
    expect(harness.begun).toEqual([ORDER]);
  });

  it('doubts what an earlier process sent, and not what this one has claimed and never sent', async () => {
    const [, , dispatched] = sent();
    const mine = present(
      dispatched?.type === 'RequestDispatched' ? dispatched.data.requestId : undefined,
      'no request',
    );
    const others = new StartHarness(sent());
    const first = await others.begin();
    others.commit(first.opened);
    await first.begun;
    expect(others.intake.map(toldAs)).toEqual(['AccountSessionOpened', 'order RequestOutcomeUnknown']);

    const ours = new StartHarness(sent(), [mine]);
    const second = await ours.begin();
    ours.commit(second.opened);
    await second.begun;
    expect(ours.intake.map(toldAs)).toEqual(['AccountSessionOpened']);
  });

  it('is refused with its opening', async () => {
    const harness = new StartHarness([registeredAccount()]);
    const { opened } = await harness.begin();
    expect([harness.start.isRefused(opened.id), harness.start.isRefused(exampleId(1))]).toEqual([true, false]);
    harness.start.end();
    expect(harness.start.isRefused(opened.id)).toBe(false);
  });

  it('that the broker refuses is told, with when it is tried again', () => {
    const harness = new StartHarness([registeredAccount()]);
    harness.start.refused('BE004', 60_000);
    expect(harness.intake).toMatchObject([
      {
        type: 'AccountSessionLost',
        data: { reason: expect.stringMatching(/^login refused \(BE004\), tried again at 2/) },
      },
    ]);
  });

  it('tells the broker’s terms of the account, and opens at once where the work goes on', async () => {
    const harness = new StartHarness([registeredAccount()]);
    const { opened, begun } = await harness.begin();
    harness.commit(opened);
    await begun;
    const terms = { currency: 'USD', leverage: '30', group: 'demo', tradingDisabled: false } as const;
    const again = await harness.begin(quietSession({ account: () => Promise.resolve(terms) }));
    await again.begun;
    expect(harness.intake.map(toldAs)).toEqual(['AccountSessionOpened', 'AccountSessionOpened', 'AccountUpdated']);
  });
});
