import { aCommand, exampleNow } from '@core/contracts/command-examples.fixture';
import type { Event } from '@core/contracts/event';
import { anEvent, exampleId, recorded } from '@core/contracts/examples.fixture';
import { uuidV5 } from '@core/kernel/uuid';
import { given } from '@core/testing/given';
import fc from 'fast-check';
import { accountAggregate } from './account-aggregate.ts';
import { decideCommand } from './decide-command.ts';
import { accountRules, aContext } from './examples.fixture.ts';

const positionId = exampleId(0x905);
const reverse = aCommand('ReversePosition', { positionId, takeProfit: '1.05', worstPrice: '1.09' });
const closeId = reverse.commandid;
const orderId = uuidV5(closeId, 'reverse');
const open = [anEvent('AccountRegistered'), anEvent('PositionOpened', { positionId, side: 'buy', volumeLots: '0.1' })];

/** An account whose position is being reversed, and a broker that does what it is sent, or not. */
class Reversed {
  readonly state = accountAggregate.initial();
  readonly events: Event[] = [];

  constructor(private readonly context: Parameters<typeof aContext>[0] = {}) {
    this.record(open);
    this.decide(reverse);
  }

  claim(kind: 'close' | 'order', price: '1.1' | '1.08' = '1.1'): string | null {
    const requestId = kind === 'close' ? closeId : orderId;
    const commandid = exampleId(0x1000 + this.events.length);
    return this.decide(aCommand('DispatchRequest', { kind, requestId, price }, { commandid }));
  }

  tell(type: 'RequestAccepted' | 'RequestRejected' | 'RequestOutcomeUnknown', kind: 'close' | 'order' = 'close'): void {
    this.record([anEvent(type, { kind, requestId: kind === 'close' ? closeId : orderId })]);
  }

  decide(command: Parameters<typeof decideCommand>[1]): string | null {
    const { events, refusal } = decideCommand(this.state, command, aContext(this.context));
    this.record(events.map((each) => anEvent(each.type, each.data, { time: exampleNow })));
    return refusal?.reason ?? null;
  }

  /** What became of the two legs, without what the broker said. */
  get steps(): string[] {
    return this.events.flatMap((event) =>
      event.type === 'RequestDispatched'
        ? [`${event.data.kind} sent`]
        : event.type === 'RequestExpired'
          ? [`${event.data.kind} ${event.data.cause}`]
          : [],
    );
  }

  private record(events: readonly Event[]): void {
    const at = this.events.length;
    this.events.push(...events);
    for (const event of recorded(events, { position: at, version: at })) accountAggregate.evolve(this.state, event);
  }
}

describe('a reversal', () => {
  it('is the close of the whole position and an order for as much on the other side, each naming the other', () => {
    given(accountRules(), open)
      .when(reverse)
      .then([
        expect.objectContaining({
          type: 'CloseRequested',
          data: expect.objectContaining({ requestId: closeId, positionId, volumeLots: '0.1', reversedBy: orderId }),
        }),
        expect.objectContaining({
          type: 'OrderRequested',
          data: expect.objectContaining({
            ...{ orderId, side: 'sell', kind: 'market', volumeLots: '0.1', price: null, takeProfit: '1.05' },
            ...{ worstPrice: '1.09', reverses: { positionId, closeId } },
          }),
        }),
      ]);
  });

  it('asked for again is the same one, and by another name is none while it is under way', () => {
    const reversed = new Reversed();
    const asked = reversed.events.length;
    expect(reversed.decide(reverse)).toBeNull();
    expect(reversed.decide({ ...reverse, commandid: exampleId(0xbad) })).toBe('request-in-flight');
    expect(reversed.events).toHaveLength(asked);
  });

  it.each([
    ['where new risk is not allowed', aCommand('SetCloseOnly', { closeOnly: true }), 'close-only'],
    ['where what it would open is beyond a limit', aCommand('SetLimit', { allowed: '0.05' }), 'limit-exceeded'],
  ] as const)('%s closes nothing either', (_, brake, reason) => {
    const { events } = decideCommand(stateOf(open), brake, aContext());
    const braked = [...open, ...events.map((each) => anEvent(each.type, each.data, { time: exampleNow }))];
    given(accountRules(), braked).when(reverse).thenRefused(reason);
  });

  it('adds no position to those that are open', () => {
    const limit = anEvent('LimitSet', { limit: 'open-positions', allowed: '1' });
    given(accountRules(), [...open, limit])
      .when(reverse)
      .then([expect.anything(), expect.anything()]);
  });

  it('opens once it has closed, at its price or better', () => {
    const reversed = new Reversed();
    expect(reversed.claim('order')).toBe('request-in-flight');
    expect(reversed.claim('close')).toBeNull();
    expect(reversed.claim('order')).toBe('request-in-flight');
    reversed.tell('RequestOutcomeUnknown');
    expect(reversed.claim('order')).toBe('request-in-flight');
    reversed.tell('RequestAccepted');
    expect(reversed.claim('order')).toBeNull();
    expect(reversed.claim('order')).toBe('already-dispatched');
    expect(reversed.steps).toEqual(['close sent', 'order sent']);
    const late = new Reversed();
    late.claim('close');
    late.tell('RequestAccepted');
    expect(late.claim('order', '1.08')).toBe('price-moved');
  });

  it('that could not close opens nothing', () => {
    const reversed = new Reversed();
    reversed.claim('close');
    reversed.tell('RequestRejected');
    expect(reversed.claim('order')).toBe('not-closed');
    expect(reversed.steps).toEqual(['close sent', 'order not-closed']);
  });

  it('that its user took back before it was sent closes nothing', () => {
    const reversed = new Reversed();
    expect(reversed.decide(aCommand('CancelOrder', { orderId }, { commandid: exampleId(7) }))).toBeNull();
    expect(reversed.claim('close')).toBe('already-settled');
    expect(reversed.steps).toEqual(['order cancelled', 'close cancelled']);
  });

  it('is as old as a market order when nobody sends it, in both its legs', () => {
    const reversed = new Reversed({
      ageMs: () => 6_000,
      limits: { requestMaxAgeMs: 30_000, marketOrderMaxAgeMs: 5_000 },
    });
    expect([reversed.claim('order'), reversed.claim('close')]).toEqual(['too-old', 'too-old']);
    expect(reversed.steps).toEqual(['order too-old', 'close too-old']);
  });

  it('never closes twice, never opens twice, and never opens without having closed, whoever claims when', () => {
    const step = fc.oneof(
      fc.constantFrom('close', 'order').map((kind) => ({ does: 'claim', kind }) as const),
      fc.constantFrom('RequestAccepted', 'RequestRejected', 'RequestOutcomeUnknown').map((told) => ({ told }) as const),
      fc.constant({ does: 'cancel' } as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 15 }), (steps) => {
        const reversed = new Reversed();
        let cancellations = 0;
        for (const each of steps) {
          if ('told' in each) {
            if (reversed.state.requests.open[closeId]?.status === 'requested') continue;
            reversed.tell(each.told);
          } else if (each.does === 'claim') reversed.claim(each.kind);
          else reversed.decide(aCommand('CancelOrder', { orderId }, { commandid: exampleId((cancellations += 1)) }));
        }
        const { steps: done, events } = reversed;
        for (const sent of ['close sent', 'order sent'])
          expect(done.filter((each) => each === sent).length).toBeLessThanOrEqual(1);
        const opened = events.findIndex(({ type, data }) => type === 'RequestDispatched' && data.kind === 'order');
        const before = events.slice(0, opened === -1 ? undefined : opened);
        const answer = before.find(({ type }) => type === 'RequestAccepted' || type === 'RequestRejected');
        if (opened !== -1) expect(answer?.type).toBe('RequestAccepted');
      }),
    );
  });
});

function stateOf(events: readonly Event[]) {
  const state = accountAggregate.initial();
  for (const event of recorded(events)) accountAggregate.evolve(state, event);
  return state;
}
