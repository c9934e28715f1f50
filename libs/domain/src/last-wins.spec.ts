import { aCommand, exampleNow } from '@core/contracts/command-examples.fixture';
import type { Event } from '@core/contracts/event';
import { anEvent, exampleId, recorded } from '@core/contracts/examples.fixture';
import type { Decimal } from '@core/contracts/primitives';
import { fromNumber } from '@core/kernel/decimal';
import fc from 'fast-check';
import { accountAggregate } from './account-aggregate.ts';
import { decideCommand } from './decide-command.ts';
import { aContext } from './examples.fixture.ts';
import { amendmentsOf } from './request.ts';

const positionId = exampleId(0x905);

/** A position whose stop loss is dragged about, and a broker that does what it is sent, or never says. */
class Dragged {
  readonly state = accountAggregate.initial();
  /** Stop losses as they were sent, in order. */
  readonly sent: (Decimal | null)[] = [];
  private position = 0;
  private made = 0;

  constructor() {
    this.record([anEvent('AccountRegistered'), anEvent('PositionOpened', { positionId, stopLoss: '1.05' })]);
  }

  get unsettled() {
    return amendmentsOf(this.state.requests, positionId);
  }

  /** Without a distance the trailing stop stays as it is. */
  drag(stopLoss: Decimal, trailing: { readonly trailingPoints?: number | null } = {}): void {
    this.made += 1;
    const terms = { target: 'position', positionId, stopLoss, takeProfit: null, ...trailing } as const;
    const { refusal } = this.decide(aCommand('Amend', { terms }, { commandid: exampleId(this.made) }));
    expect(refusal).toBeNull();
  }

  claim(pick: number): void {
    const [requestId, request] = this.unsettled[pick % (this.unsettled.length || 1)] ?? [];
    if (!requestId || !request?.terms) return;
    this.made += 1;
    const command = aCommand('DispatchRequest', { kind: 'amendment', requestId }, { commandid: exampleId(this.made) });
    if (this.decide(command).refusal === null) this.sent.push(request.terms.stopLoss);
  }

  settle(as: 'accepted' | 'rejected' | 'unknown'): void {
    const [requestId, request] = this.unsettled.find(([, { status }]) => status === 'dispatched') ?? [];
    if (!requestId || !request?.terms) return;
    const step = { kind: 'amendment', requestId } as const;
    const standing = this.state.positions.open[positionId]?.trailingPoints ?? null;
    const { stopLoss, takeProfit, trailingPoints = standing } = request.terms;
    if (as === 'rejected') this.record([anEvent('RequestRejected', step)]);
    else if (as === 'unknown') this.record([anEvent('RequestOutcomeUnknown', step)]);
    else
      this.record([
        anEvent('PositionAmended', { positionId, stopLoss, takeProfit, trailingPoints }),
        anEvent('RequestAccepted', step),
      ]);
  }

  private decide(command: Parameters<typeof decideCommand>[1]) {
    const decision = decideCommand(this.state, command, aContext());
    this.record(decision.events.map((each) => anEvent(each.type, each.data, { time: exampleNow })));
    return decision;
  }

  private record(events: readonly Event[]): void {
    for (const event of recorded(events, { position: this.position, version: this.position })) {
      accountAggregate.evolve(this.state, event);
      this.position += 1;
    }
  }
}

const price = fc.integer({ min: 101, max: 105 }).map((cents) => fromNumber(cents / 100));
const step = fc.oneof(
  price.map((to) => ({ does: 'drag', to }) as const),
  fc.nat(3).map((pick) => ({ does: 'claim', pick }) as const),
  fc.constantFrom('accepted', 'rejected', 'unknown').map((as) => ({ does: 'settle', as }) as const),
);

it('of changes in quick succession at most one is on its way and one waits, and the last one wins', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), price, (steps, last) => {
      const dragged = new Dragged();
      for (const each of steps) {
        if (each.does === 'drag') dragged.drag(each.to);
        else if (each.does === 'claim') dragged.claim(each.pick);
        else dragged.settle(each.as);
        for (const status of ['requested', 'dispatched'] as const)
          expect(dragged.unsettled.filter(([, request]) => request.status === status).length).toBeLessThanOrEqual(1);
      }
      dragged.drag(last);
      for (let n = 0; n < 6; n += 1) {
        dragged.settle('accepted');
        dragged.claim(n);
      }
      dragged.settle('accepted');
      const { stopLoss } = dragged.state.positions.open[positionId] ?? {};
      expect(stopLoss).toBe(last);
      expect(dragged.unsettled.every(([, { status }]) => status === 'unknown')).toBe(true);
    }),
  );
});

it('the trailing stop that was named last is set, whatever was dragged after it', () => {
  const before = fc.array(step, { maxLength: 20 });
  const after = fc.array(fc.oneof(price, fc.nat(3)), { maxLength: 20 });
  const distance = fc.constantFrom(null, 50, 100);
  fc.assert(
    fc.property(before, distance, distance, after, price, (steps, first, named, drags, last) => {
      const dragged = new Dragged();
      dragged.drag('1.04', { trailingPoints: first });
      for (const each of steps) {
        if (each.does === 'drag') dragged.drag(each.to);
        else if (each.does === 'claim') dragged.claim(each.pick);
        else dragged.settle('accepted');
      }
      dragged.drag('1.03', { trailingPoints: named });
      for (const each of drags) {
        if (typeof each === 'string') dragged.drag(each);
        else if (each % 2 === 0) dragged.claim(each);
        else dragged.settle('accepted');
      }
      dragged.drag(last);
      for (let n = 0; n < 6; n += 1) {
        dragged.settle('accepted');
        dragged.claim(n);
      }
      expect(dragged.state.positions.open[positionId]).toMatchObject({ stopLoss: last, trailingPoints: named });
    }),
  );
});
