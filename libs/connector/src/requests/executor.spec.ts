import type { Event, EventBody } from '@core/contracts/event';
import { anEvent, exampleId, toldAs } from '@core/contracts/examples.fixture';
import type { Decimal, RequestId } from '@core/contracts/primitives';
import { registeredAccount, TrackerHarness } from '@core/execution/account-tracker.fixture';
import type { Fact } from '@core/execution/fact';
import type { OutcomeReport } from '@core/execution/report';
import { kindOf, type BookRequest } from '@core/projections/broker-book/state';
import { ManualClock } from '@core/testing/manual-clock';
import { NoAnswer } from '../broker-failure.ts';
import { Pacer } from '../pacing/pacer.ts';
import type { Claim, StandingClaim } from './claims.ts';
import { Executor, type ExecutingSession } from './executor.ts';
import { RequestSettings } from './request-settings.ts';

const [ORDER, AMENDMENT, CANCELLATION, CLOSE] = [1, 2, 3, 4].map((n) => exampleId(0xe00 + n)) as [
  RequestId,
  RequestId,
  RequestId,
  RequestId,
];
const NUMBER = '500000100';

const ordered = (terms: Partial<EventBody<'OrderRequested'>['data']> = {}): Event =>
  anEvent('OrderRequested', { orderId: ORDER, kind: 'market', side: 'buy', price: null, ...terms });

/** An executor with a session whose turns are real, a ledger that grants what it is asked, and a broker that is told. */
class ExecutorHarness {
  readonly clock = new ManualClock();
  readonly account: TrackerHarness;
  readonly told: string[] = [];
  readonly sent: string[] = [];
  readonly claimed: RequestId[] = [];
  readonly asked: string[] = [];
  readonly steps: string[] = [];
  claim: (request: BookRequest) => Claim | null = () => ({ ok: true, eventId: exampleId(0xc1a1), connector: 'spec#1' });
  send: ExecutingSession['send'] = () => 'sent';
  outcome: (number: string) => Promise<OutcomeReport> = () => Promise.reject(new NoAnswer('nobody knows'));
  stands: StandingClaim | null = { ok: true };
  mayClaim = true;
  price: Decimal | null = null;
  readonly offered: (Decimal | null)[] = [];
  readonly executor: Executor;
  readonly session: ExecutingSession;

  constructor(past: readonly Event[]) {
    const { clock } = this;
    this.account = new TrackerHarness([registeredAccount(), ...past]);
    const { tracker } = this.account;
    const pacer = new Pacer({ intervalMs: 10, queueMax: 100 }, clock);
    this.session = {
      isOpen: true,
      turn: (urgency, task) => pacer.turn(urgency, task, (hasSent) => hasSent),
      send: (request, book, prices) => {
        this.sent.push(kindOf(request.ask));
        return this.send(request, book, prices);
      },
      outcome: (number) => {
        this.asked.push(number);
        return this.outcome(number);
      },
    };
    this.executor = new Executor({
      ...{ tracker, clock, settings: new RequestSettings(), prices: () => this.price },
      now: () => this.account.now,
      emit: (facts) => this.emit(facts),
      claims: {
        isOpen: () => false,
        claim: (request, price) => {
          this.claimed.push(request.requestId);
          this.offered.push(price);
          return Promise.resolve(this.claim(request));
        },
        stands: () => Promise.resolve(this.stands),
      },
      granted: ({ requestId, ask }) =>
        this.account.learn(anEvent('RequestDispatched', { requestId, kind: kindOf(ask) })),
      mayClaim: () => this.mayClaim,
      observe: (step) => this.steps.push(step),
    });
  }

  begin(): Promise<void> {
    this.executor.begin(this.session);
    return this.clock.advance(0);
  }

  private emit(facts: readonly Fact[]): void {
    this.told.push(...facts.map(toldAs));
  }
}

describe('requests on their way', () => {
  it('go by what they are: out of the market first, then what changes what stands, then into it', async () => {
    const harness = new ExecutorHarness([
      anEvent('AmendmentRequested', { requestId: AMENDMENT }),
      ordered(),
      anEvent('CancellationRequested', { requestId: CANCELLATION }),
      anEvent('CloseRequested', { requestId: CLOSE }),
    ]);
    let free: (hasSent: boolean) => void = () => undefined;
    void harness.session.turn('amend', () => new Promise<boolean>((resolve) => (free = resolve)));
    await harness.begin();
    free(true);
    await harness.clock.advance(1_000);
    expect(harness.sent).toEqual(['cancellation', 'close', 'amendment', 'order']);
  });

  it('wait for what was sent before them, and not for what was taken over before its turn', async () => {
    const harness = new ExecutorHarness([anEvent('AmendmentRequested', { requestId: AMENDMENT })]);
    await harness.begin();
    harness.account.learn(anEvent('RequestRejected', { kind: 'amendment', requestId: AMENDMENT }));
    const drags = [1, 2, 3, 4, 5].map((n) => exampleId(0xd7a6 + n));
    for (const requestId of drags) {
      harness.account.learn(anEvent('AmendmentRequested', { requestId }));
      harness.executor.pump();
      if (requestId === drags.at(-1)) break;
      harness.account.learn(anEvent('RequestExpired', { kind: 'amendment', requestId, cause: 'superseded' }));
    }
    await harness.clock.advance(9);
    expect(harness.claimed).toEqual([AMENDMENT]);
    await harness.clock.advance(1);
    expect(harness.claimed).toEqual([AMENDMENT, drags.at(-1)]);
  });

  it('to open the other side of a position wait for its close, and go on once that is accepted or over', async () => {
    const reverses = { positionId: exampleId(0x905), closeId: CLOSE };
    const legs = [anEvent('CloseRequested', { requestId: CLOSE, reversedBy: ORDER }), ordered({ reverses })];
    for (const [answer, sent] of [
      ['RequestAccepted', ['close', 'order']],
      ['RequestRejected', ['close', 'order']],
      ['RequestOutcomeUnknown', ['close']],
    ] as const) {
      const harness = new ExecutorHarness(legs);
      await harness.begin();
      await harness.clock.advance(1_000);
      expect(harness.sent).toEqual(['close']);
      harness.account.learn(anEvent(answer, { kind: 'close', requestId: CLOSE }));
      harness.executor.pump();
      await harness.clock.advance(1_000);
      expect(harness.sent).toEqual(sent);
    }
  });

  it('are claimed before they go, once, and do not go on a claim that was not granted', async () => {
    const granted = new ExecutorHarness([ordered()]);
    await granted.begin();
    granted.executor.pump();
    await granted.clock.advance(1_000);
    expect([granted.claimed, granted.sent]).toEqual([[ORDER], ['order']]);

    const refused = new ExecutorHarness([ordered()]);
    refused.claim = () => ({ ok: false, reason: 'request-not-open' });
    await refused.begin();
    expect([refused.claimed, refused.sent]).toEqual([[ORDER], []]);

    const unanswered = new ExecutorHarness([ordered()]);
    unanswered.claim = () => null;
    await unanswered.begin();
    unanswered.executor.pump();
    await unanswered.clock.advance(1_000);
    expect([unanswered.claimed, unanswered.sent]).toEqual([[ORDER, ORDER], []]);
  });

  it('wait while the way to the log is full', async () => {
    const harness = new ExecutorHarness([ordered()]);
    harness.mayClaim = false;
    await harness.begin();
    expect(harness.claimed).toEqual([]);
    harness.mayClaim = true;
    harness.executor.pump();
    await harness.clock.advance(0);
    expect(harness.sent).toEqual(['order']);
  });

  it.each([
    ['target-gone', 'RequestRejected'],
    ['too-long', 'RequestRejected'],
    ['not-sent', 'RequestExpired'],
  ] as const)('that are %s come to their end at once', async (how, type) => {
    const harness = new ExecutorHarness([ordered()]);
    harness.send = () => how;
    await harness.begin();
    expect(harness.told).toEqual([expect.stringContaining(type)]);
  });

  it('that nobody answers in time are in doubt, and the broker is asked what stands', async () => {
    const harness = new ExecutorHarness([ordered()]);
    await harness.begin();
    await harness.clock.advance(7_999);
    expect(harness.told).toEqual([]);
    await harness.clock.advance(1);
    expect(harness.told).toEqual([expect.stringContaining('RequestOutcomeUnknown')]);
    expect(harness.account.tracker.wantsSnapshot).toBe(true);
    expect(harness.steps).toEqual(['sent', 'no-reply']);
  });

  it('go again where the broker was too busy, later each time and not for ever', async () => {
    const harness = new ExecutorHarness([ordered({ kind: 'limit', price: '1.09' })]);
    const busy = (): void => harness.executor.answered(ORDER, { is: 'busy', brokerCode: 'EX005', text: 'later' });
    await harness.begin();
    for (const pauseMs of [1_000, 2_000, 4_000]) {
      const before = harness.sent.length;
      busy();
      await harness.clock.advance(pauseMs - 1);
      expect(harness.sent).toHaveLength(before);
      await harness.clock.advance(11);
      expect(harness.sent).toHaveLength(before + 1);
    }
    busy();
    expect(harness.told).toEqual([expect.stringContaining('RequestRejected')]);
    expect(harness.claimed).toEqual([ORDER]);
  });

  it('go again only as long as their claim stands: brakes that were set meanwhile hold for them too', async () => {
    const busy = async (stands: StandingClaim | null) => {
      const harness = new ExecutorHarness([ordered({ kind: 'limit', price: '1.09' })]);
      await harness.begin();
      harness.stands = stands;
      harness.executor.answered(ORDER, { is: 'busy', brokerCode: 'EX005', text: 'later' });
      await harness.clock.advance(1_010);
      return harness;
    };
    const halted = await busy({ ok: false, cause: 'trading-halted' });
    expect([halted.sent, halted.told]).toEqual([['order'], [expect.stringContaining('RequestExpired')]]);
    expect(halted.account.tracker.book.requests[ORDER]).toBeUndefined();
    const settled = await busy({ ok: false, cause: null });
    expect([settled.sent, settled.told]).toEqual([['order'], []]);

    const unanswered = await busy(null);
    expect([unanswered.sent, unanswered.told]).toEqual([['order'], []]);
    unanswered.stands = { ok: true };
    await unanswered.clock.advance(1_010);
    expect([unanswered.sent, unanswered.told]).toEqual([['order', 'order'], []]);
  });

  it('go one after the other where they change the same thing', async () => {
    const harness = new ExecutorHarness([
      anEvent('PositionOpened'),
      anEvent('AmendmentRequested', { requestId: AMENDMENT }),
    ]);
    await harness.begin();
    harness.account.learn(anEvent('AmendmentRequested', { requestId: CLOSE }));
    harness.executor.pump();
    await harness.clock.advance(1_000);
    expect(harness.claimed).toEqual([AMENDMENT]);
    harness.account.learn(anEvent('RequestAccepted', { kind: 'amendment', requestId: AMENDMENT }));
    harness.executor.pump();
    await harness.clock.advance(1_000);
    expect(harness.claimed).toEqual([AMENDMENT, CLOSE]);
  });

  describe('with a worst price', () => {
    const bounded = () => new ExecutorHarness([ordered({ worstPrice: '1.1' })]);

    it('are claimed with the price that the market offers, and go while it is no worse', async () => {
      const harness = bounded();
      harness.price = '1.1';
      await harness.begin();
      expect([harness.offered, harness.sent]).toEqual([['1.1'], ['order']]);
    });

    it('do not go when the price has moved while they were claimed', async () => {
      const harness = bounded();
      harness.price = '1.1';
      harness.claim = () => {
        harness.price = '1.10001';
        return { ok: true, eventId: exampleId(0xc1a1), connector: 'spec#1' };
      };
      await harness.begin();
      expect([harness.sent, harness.told]).toEqual([[], [expect.stringContaining('RequestExpired')]]);
    });

    it('wait a moment for a price, and are claimed without one then', async () => {
      const harness = bounded();
      await harness.begin();
      await harness.clock.advance(3_999);
      harness.executor.pump();
      await harness.clock.advance(0);
      expect(harness.claimed).toEqual([]);
      await harness.clock.advance(11);
      harness.executor.pump();
      await harness.clock.advance(11);
      expect([harness.offered, harness.sent]).toEqual([[null], []]);
    });

    it('do not go again to a broker that was busy, when the price has moved or they have grown old', async () => {
      for (const price of ['1.2', '1.1'] as const) {
        const harness = bounded();
        const busy = (): void => harness.executor.answered(ORDER, { is: 'busy', brokerCode: 'EX005', text: 'later' });
        harness.price = '1.1';
        await harness.begin();
        busy();
        harness.price = price;
        for (const pauseMs of price === '1.1' ? [1_010, 2_010, 4_010] : [1_010]) {
          await harness.clock.advance(pauseMs);
          busy();
        }
        expect(harness.sent).toHaveLength(price === '1.1' ? 3 : 1);
        expect(harness.told).toEqual([expect.stringContaining('RequestExpired')]);
      }
    });
  });

  it('that were taken are asked after, again and again, until their outcome is told', async () => {
    const harness = new ExecutorHarness([ordered()]);
    await harness.begin();
    harness.executor.answered(ORDER, { is: 'taken', brokerRequest: NUMBER });
    await harness.clock.advance(500 + 1_000);
    expect(harness.asked).toEqual([NUMBER, NUMBER]);
    harness.outcome = () =>
      Promise.resolve({ brokerRequest: NUMBER, comment: null, outcome: { is: 'accepted' as const } });
    await harness.clock.advance(60_000);
    expect(harness.asked).toHaveLength(3);
    expect(harness.told).toEqual([expect.stringContaining('RequestAccepted')]);
  });

  it('whose outcome stays open too long are in doubt, and asked after still', async () => {
    const harness = new ExecutorHarness([ordered()]);
    await harness.begin();
    harness.executor.answered(ORDER, { is: 'taken', brokerRequest: NUMBER });
    await harness.clock.advance(89_000);
    expect(harness.told).toEqual([]);
    const asked = harness.asked.length;
    await harness.clock.advance(120_000);
    expect(harness.told).toContainEqual(expect.stringContaining('RequestOutcomeUnknown'));
    expect(harness.asked.length).toBeGreaterThan(asked + 2);
  });

  it('that were taken before the session are asked after in it', async () => {
    const past = [ordered(), anEvent('RequestDispatched', { requestId: ORDER })];
    const harness = new ExecutorHarness(past);
    harness.account.acknowledge(ORDER, NUMBER);
    await harness.begin();
    await harness.clock.advance(500);
    expect([harness.asked, harness.sent]).toEqual([[NUMBER], []]);
  });

  it('that had to wait for their claim until they are old do not go, whatever the claim says', async () => {
    const harness = new ExecutorHarness([ordered()]);
    const { claim } = harness;
    harness.claim = () => null;
    await harness.begin();
    await harness.clock.advance(45_001);
    harness.claim = claim;
    harness.executor.pump();
    await harness.clock.advance(10);
    expect([harness.sent, harness.steps]).toEqual([[], ['unsent']]);
    expect(harness.told).toEqual([expect.stringContaining('RequestExpired')]);
  });

  it.each(['2001', '2031'])('of the year %s are as old as they have been here', async (year) => {
    const at = `${year}-01-01T00:00:00.000000Z`;
    const dispatched = anEvent('RequestDispatched', { requestId: ORDER }, { time: at });
    const harness = new ExecutorHarness([{ ...ordered(), time: at }, dispatched]);
    await harness.begin();
    const [request] = Object.values(harness.account.tracker.book.requests);
    await harness.clock.advance(29_000);
    expect(request && harness.executor.sinceSentMs(request)).toBe(29_000);
  });

  it('are in doubt when their session is lost, but for those that the broker was too busy for', async () => {
    const lost = new ExecutorHarness([ordered()]);
    await lost.begin();
    lost.executor.end();
    expect(lost.told).toEqual([expect.stringContaining('RequestOutcomeUnknown')]);

    const taken = new ExecutorHarness([ordered()]);
    await taken.begin();
    taken.executor.answered(ORDER, { is: 'taken', brokerRequest: NUMBER });
    taken.executor.end();
    await taken.clock.advance(60_000);
    expect([taken.told, taken.asked]).toEqual([[expect.stringContaining('RequestOutcomeUnknown')], []]);

    const busy = new ExecutorHarness([ordered()]);
    await busy.begin();
    busy.executor.answered(ORDER, { is: 'busy', brokerCode: null, text: null });
    busy.executor.end();
    await busy.clock.advance(60_000);
    expect([busy.told, busy.sent]).toEqual([[expect.stringContaining('RequestExpired')], ['order']]);
  });
});
