// An account between people who want things and a broker that answers late, wrongly or never; for property tests.
import { aCommand, exampleSignal } from '@core/contracts/command-examples.fixture';
import type { Command } from '@core/contracts/command';
import type { Event, EventBody } from '@core/contracts/event';
import { anEvent, exampleId, recorded } from '@core/contracts/examples.fixture';
import type { SignalOrigin } from '@core/contracts/events/request';
import { positionIdOf } from '@core/contracts/fact-id';
import { instantFromMs, toMs } from '@core/kernel/instant';
import { accountAggregate } from './account-aggregate.ts';
import { decideCommand } from './decide-command.ts';
import type { Decision } from './decision.ts';
import { aContext } from './examples.fixture.ts';

const account = anEvent('AccountRegistered');
const start = toMs(exampleSignal.sentAt);
const MAX_AGE_MS = 30_000;

/**
 * A broker that does what it was asked, or does not, and says so late or never: what is true there and what we know
 * of it are two things. Its connector reports facts in order, and reconciles only when it has reported all of them.
 */
export class World {
  private readonly state = accountAggregate.initial();
  private position = 0;
  private nowMs = start;
  private made = 0;
  /** Claimed, and neither done nor dropped by the broker. */
  private readonly sent: EventBody[] = [];
  private readonly unreported: Event[] = [];
  /** Positions as they truly are, with the strategy that opened them. */
  readonly standing = new Map<string, SignalOrigin | null>();
  readonly dispatches = new Map<string, number>();
  private readonly requested = new Map<string, EventBody>();

  constructor() {
    this.record([account]);
  }

  get open() {
    return Object.entries(this.state.requests.open);
  }

  get aggregate() {
    return this.state;
  }

  pass(ms: number): void {
    this.nowMs += ms;
  }

  get now() {
    return instantFromMs(this.nowMs);
  }

  newId(): string {
    this.made += 1;
    return exampleId(this.made);
  }

  ask(command: Command): Decision {
    const context = aContext({
      now: this.now,
      limits: { requestMaxAgeMs: MAX_AGE_MS, marketOrderMaxAgeMs: MAX_AGE_MS },
    });
    const decision = decideCommand(this.state, command, context);
    const { events } = decision;
    this.record(events.map((each) => anEvent(each.type, each.data, { time: this.now })));
    for (const event of events) {
      if (event.type === 'OrderRequested') this.requested.set(event.data.orderId, event);
      if (event.type === 'CloseRequested') this.requested.set(event.data.requestId, event);
      if (event.type === 'RequestDispatched') this.send(event.data.requestId);
    }
    return decision;
  }

  /** The connector claims what is asked for; only what is granted reaches the broker. */
  claim(pick: number): void {
    const [id, request] = chosen(this.open, pick) ?? [];
    if (id && request)
      this.ask(aCommand('DispatchRequest', { kind: request.kind, requestId: id }, { commandid: this.newId() }));
  }

  private send(id: string): void {
    this.dispatches.set(id, (this.dispatches.get(id) ?? 0) + 1);
    const request = this.requested.get(id);
    if (request) this.sent.push(request);
  }

  /** The broker gets to what it was sent, in its own order. */
  execute(pick: number, isWilling: boolean): void {
    const request = chosen(this.sent, pick);
    if (!request) return;
    this.sent.splice(this.sent.indexOf(request), 1);
    if (request.type === 'OrderRequested') {
      const { orderId, signal, instrument, side, volumeLots } = request.data;
      if (!isWilling) return void this.unreported.push(anEvent('RequestRejected', { requestId: orderId }));
      const positionId = positionIdOf(account.subject, orderId);
      this.standing.set(positionId, signal);
      const terms = { positionId, orderId, signal, instrument, side, volumeLots };
      this.unreported.push(anEvent('RequestAccepted', { requestId: orderId }), anEvent('PositionOpened', terms));
    }
    if (request.type === 'CloseRequested') {
      const { requestId, positionId } = request.data;
      if (!isWilling || !this.standing.delete(positionId)) {
        return void this.unreported.push(anEvent('RequestRejected', { kind: 'close', requestId }));
      }
      this.unreported.push(
        anEvent('RequestAccepted', { kind: 'close', requestId }),
        anEvent('PositionClosed', { positionId, requestId }),
      );
    }
  }

  stopOut(pick: number): void {
    const positionId = chosen([...this.standing.keys()], pick);
    if (positionId === undefined || !this.standing.delete(positionId)) return;
    this.unreported.push(anEvent('PositionClosed', { positionId, reason: 'stop-out' }));
  }

  report(): void {
    const fact = this.unreported.shift();
    if (fact) this.record([fact]);
    else this.record([anEvent('AccountReconciled')]);
  }

  /** The connector lost sight of a request it had claimed. */
  doubt(pick: number): void {
    const [id, request] = chosen(this.open, pick) ?? [];
    if (!id || request?.status !== 'dispatched') return;
    this.record([anEvent('RequestOutcomeUnknown', { kind: request.kind, requestId: id })]);
  }

  /** An operator looks at the broker, tells it to forget what it has not begun, and says what is true. */
  resolve(pick: number): void {
    const [id, request] = chosen(this.open, pick) ?? [];
    if (!id || request?.status !== 'unknown') return;
    const pending = this.sent.findIndex((each) => idOf(each) === id);
    if (pending !== -1) this.sent.splice(pending, 1);
    const executed = this.unreported.some(({ type, data }) => {
      return type === 'RequestAccepted' && data.requestId === id;
    });
    this.ask(aCommand('ResolveRequest', { kind: request.kind, requestId: id, executed }, { commandid: this.newId() }));
  }

  /** Everything that is under way comes to an end by the means there are, and reconciliation finds nothing missing. */
  drain(): void {
    while (this.sent.length > 0) this.execute(0, true);
    while (this.unreported.length > 0) this.report();
    this.pass(MAX_AGE_MS + 1);
    for (const [id, { kind, status }] of this.open) {
      if (status === 'requested')
        this.ask(aCommand('DispatchRequest', { kind, requestId: id }, { commandid: this.newId() }));
    }
    this.report();
  }

  private record(events: readonly Event[]): void {
    for (const event of recorded(events, { position: this.position, version: this.position })) {
      accountAggregate.evolve(this.state, { ...event, recordedtime: this.now });
      this.position += 1;
    }
  }
}

export const chosen = <Item>(from: readonly Item[], pick: number): Item | undefined => from[pick % (from.length || 1)];

const idOf = ({ data }: EventBody): string | null =>
  'requestId' in data ? data.requestId : 'orderId' in data ? data.orderId : null;
