import { aCommand, exampleCommandTypes, exampleSignal } from '@core/contracts/command-examples.fixture';
import type { Command, CommandType, CommandBody } from '@core/contracts/command';
import { parseEvent, statedBy, type Event, type RecordedEvent } from '@core/contracts/event';
import type { RequestKind } from '@core/contracts/events/request';
import { anEvent, exampleId, exampleTypes, recorded } from '@core/contracts/examples.fixture';
import { instantFromMs, toMs } from '@core/kernel/instant';
import { fold } from '@core/kernel/projection';
import { given } from '@core/testing/given';
import fc from 'fast-check';
import { accountAggregate } from './account-aggregate.ts';
import { decideCommand } from './decide-command.ts';
import { aContext, accountRules } from './examples.fixture.ts';
import { noRestrictions } from './risk.ts';
import { STRATEGIES_MAX } from './strategy-fold.ts';

const start = toMs(exampleSignal.sentAt);
const ids = [1, 2, 3, 4].map(exampleId);
const anyId = fc.constantFrom(...ids);
const anyPlace = fc.constantFrom('p1', 'p2');
const anyKind = fc.constantFrom<RequestKind>('order', 'order', 'order', 'amendment', 'cancellation', 'close');
const anyStrategy = fc.constantFrom('s1', 's2');
const anyPrice = fc.constantFrom('1.09' as const, '1.1' as const, '1.11' as const);

/** Commands and facts that meet each other often: few ids, few prices, one integration. */
const parts = fc.record({
  id: anyId,
  target: anyId,
  kind: anyKind,
  strategyId: anyStrategy,
  externalPositionId: anyPlace,
  price: anyPrice,
  second: fc.nat({ max: 120 }),
  flag: fc.boolean(),
});
type Parts = typeof parts extends fc.Arbitrary<infer Value> ? Value : never;

const integrationId = exampleSignal.integrationId;
const originOf = ({ target, strategyId, externalPositionId }: Parts) => ({
  signalId: target,
  integrationId,
  strategyId,
  externalPositionId,
});

function commandOf(type: CommandType, made: Parts): Command {
  const { id, target, kind, strategyId, externalPositionId, price, second, flag } = made;
  const order = { instrument: 'GOLD', volumeLots: '0.1' } as const;
  const outcomes = [
    { result: 'executed' },
    { result: 'unknown' },
    { result: 'refused', reason: 'not-executed', text: null },
  ] as const;
  const signal = {
    ...exampleSignal,
    signalId: target,
    strategyId,
    externalPositionId,
    kind: (['open', 'close', 'reopen'] as const)[second % 3] ?? 'open',
    sentAt: instantFromMs(start + second * 1000),
  };
  const data: { [Type in CommandType]: Partial<CommandBody<Type>['data']> } = {
    RegisterAccount: {},
    PlaceOrder: { ...(flag ? { kind: 'limit', price } : {}), signal: second % 5 === 0 ? originOf(made) : null },
    Amend: flag
      ? { terms: { target: 'position', positionId: target, stopLoss: price, takeProfit: null } }
      : { terms: { target: 'order', orderId: target, price, stopLoss: null, takeProfit: null, expiresAt: null } },
    CheckRequest: {},
    CancelOrder: { orderId: target },
    ClosePosition: { positionId: target, volumeLots: flag ? '0.04' : null },
    ReversePosition: { positionId: target },
    DispatchRequest: { requestId: target, kind },
    CheckDispatch: { requestId: target, kind },
    RecordIntegration: { what: flag ? 'approved' : 'deleted', sentAt: signal.sentAt },
    RecordStrategy: { strategyId, enabled: flag, ...(second % 2 === 0 && { sentAt: signal.sentAt }) },
    ReceiveSignal: { signal, order: flag ? order : null },
    ContinueSignal: { signalId: target, strategyId },
    SetIntegrationPolicy: { set: { policy: 'missed_close_policy', value: flag ? 'reject' : 'close_then_open' } },
    ResumeSignal: { signalId: target, strategyId },
    DismissSignal: { signalId: target, strategyId },
    SettleSignal: { signalId: target, strategyId, outcome: outcomes[second % 3] ?? { result: 'unknown' } },
    HaltTrading: {},
    ResumeTrading: {},
    SetCloseOnly: { closeOnly: flag },
    SkipMessage: {},
    ReleaseMessage: {},
    RecordAct: { actId: target },
    RecordRefusal: { requestId: target },
    ReplaceMessage: {},
    SetDuplicateGuard: { windowMs: flag ? 2_000 : null },
    SetShadow: { edge: second % 2 === 0 ? null : 'tv-gateway', shadow: flag },
    SetLimit: { allowed: flag ? '2' : null },
    BeginMove: { moveId: target },
    DepartAccount: { moveId: target },
    TakeBackMove: { moveId: target },
    ExpectArrival: {},
    ImportEvents: {},
    ArriveAccount: { moveId: target },
    ResolveRequest: { requestId: target, kind, executed: flag },
  };
  return aCommand(type, data[type], { commandid: id });
}

/** All of them, and more of those that everything else needs. */
const asked: readonly CommandType[] = [
  ...exampleCommandTypes,
  ...(['PlaceOrder', 'PlaceOrder', 'ReceiveSignal', 'ReceiveSignal', 'ClosePosition'] as const),
  ...(['DispatchRequest', 'DispatchRequest', 'DispatchRequest', 'DispatchRequest', 'DispatchRequest'] as const),
];

/** What connectors say. Our own decisions never come from them; these may come in any order, about anything. */
const observed = exampleTypes.filter((type) => statedBy(type) !== 'ledger');

function factOf(type: Event['type'], made: Parts): Event {
  const { id, target, kind, flag } = made;
  const has = Object.keys(anEvent(type).data);
  const data = {
    ...(has.includes('orderId') ? { orderId: target } : {}),
    ...(has.includes('requestId') ? { requestId: target } : {}),
    ...(type.startsWith('Request') ? { kind } : {}),
    ...(has.includes('positionId') ? { positionId: id } : {}),
    ...(has.includes('signal') ? { signal: flag ? originOf(made) : null } : {}),
  };
  return anEvent(type, data);
}

type Step = { readonly command: Command } | { readonly fact: Event };
const anyStep: fc.Arbitrary<Step & { second: number }> = fc.oneof(
  fc
    .tuple(fc.constantFrom(...asked), parts)
    .map(([type, made]) => ({ command: commandOf(type, made), second: made.second })),
  fc
    .tuple(fc.constantFrom(...observed), parts)
    .map(([type, made]) => ({ fact: factOf(type, made), second: made.second })),
);
const anyPast = fc.array(anyStep, { maxLength: 120 });

/** The ledger in small: it decides commands, records facts as they come, and folds both. */
class SmallLedger {
  readonly state = accountAggregate.initial();
  log: RecordedEvent[] = [];

  constructor() {
    this.record([anEvent('AccountRegistered')], start);
  }

  take(step: Step & { second: number }): void {
    const now = start + step.second * 1000;
    if ('fact' in step) return this.record([step.fact], now);
    const { events } = this.decide(step.command, now);
    this.record(
      events.map((each) => anEvent(each.type, each.data)),
      now,
    );
  }

  decide(command: Command, now: number) {
    const context = aContext({
      now: instantFromMs(now),
      system: noRestrictions(),
      limits: { requestMaxAgeMs: 50_000, marketOrderMaxAgeMs: 50_000 },
    });
    return decideCommand(this.state, command, context);
  }

  private record(events: readonly Event[], now: number): void {
    const position = this.log.length;
    for (const event of recorded(events, { position, version: position })) {
      const placed = { ...event, recordedtime: instantFromMs(now) };
      this.log.push(placed);
      accountAggregate.evolve(this.state, placed);
    }
  }
}

const after = (past: readonly (Step & { second: number })[]): SmallLedger => {
  const ledger = new SmallLedger();
  for (const step of past) ledger.take(step);
  return ledger;
};

describe('whatever is asked and whatever the broker does', () => {
  it('the rules answer and the log folds', () => {
    fc.assert(
      fc.property(anyPast, (past) => void after(past)),
      { numRuns: 300 },
    );
  });

  it.each(exampleCommandTypes)('%s yields events that can be recorded and folded, and told twice adds none', (type) => {
    fc.assert(
      fc.property(anyPast, parts, (past, made) => {
        const ledger = after(past);
        const [command, second] = [commandOf(type, made), made.second];
        for (const event of ledger.decide(command, start + second * 1000).events) {
          expect(parseEvent({ ...anEvent(event.type), data: event.data })).toMatchObject({ ok: true });
        }
        ledger.take({ command, second });
        expect(ledger.decide(command, start + second * 1000).events).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('no request is claimed twice, and none without being asked for', () => {
    fc.assert(
      fc.property(anyPast, (past) => {
        const seen = new Map<string, number>();
        for (const { type, data } of after(past).log) {
          const id = 'requestId' in data ? data.requestId : 'orderId' in data ? data.orderId : null;
          if (id === null) continue;
          if (type.endsWith('Requested')) expect(seen.get(id)).toBeUndefined();
          if (type.endsWith('Requested')) seen.set(id, 0);
          if (type === 'RequestDispatched') seen.set(id, (seen.get(id) ?? 7) + 1);
        }
        expect(Math.max(0, ...seen.values())).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });

  it('its state is plain JSON: a snapshot goes on like the state it was taken of', () => {
    fc.assert(
      fc.property(anyPast, fc.nat(), (past, cut) => {
        const { log, state } = after(past);
        const at = cut % (log.length + 1);
        const snapshot = JSON.stringify(fold(accountAggregate, log.slice(0, at)));
        expect(fold(accountAggregate, log.slice(at), JSON.parse(snapshot))).toEqual(state);
        expect(JSON.parse(JSON.stringify(state))).toEqual(state);
      }),
      { numRuns: 200 },
    );
  });

  it('its state does not grow with its past', () => {
    const sizeAfter = (rounds: number): number => {
      const lives = Array.from({ length: rounds }, (_, round) => {
        const [id, closeId, signalId] = [exampleId(10 * round), exampleId(10 * round + 1), exampleId(10 * round + 2)];
        const origin = { signalId, integrationId, strategyId: `s${round}`, externalPositionId: `p${round}` };
        const signal = { ...exampleSignal, ...origin };
        return [
          anEvent('SignalReceived', { signal }),
          anEvent('OrderRequested', { orderId: id, signal: origin }),
          anEvent('RequestDispatched', { requestId: id }),
          anEvent('OrderFilled', { orderId: id, positionId: id }),
          anEvent('PositionOpened', { orderId: id, positionId: id, signal: origin }),
          anEvent('SignalExecuted', { signalId, integrationId, strategyId: origin.strategyId }),
          anEvent('CloseRequested', { requestId: closeId, positionId: id }),
          anEvent('RequestAccepted', { kind: 'close', requestId: closeId }),
          anEvent('PositionClosed', { positionId: id }),
        ];
      });
      return JSON.stringify(fold(accountAggregate, recorded(lives.flat()))).length;
    };
    const full = sizeAfter(2 * STRATEGIES_MAX);
    expect(sizeAfter(3 * STRATEGIES_MAX)).toBeLessThan(1.05 * full);
  });

  it('a position that no signal opened is no strategy of anyone', () => {
    const { strategies } = fold(accountAggregate, recorded([anEvent('PositionOpened', { signal: null })]));
    expect(strategies).toEqual(accountAggregate.initial().strategies);
  });

  it('a strategy that holds something is not forgotten, however many others speak', () => {
    const origin = { signalId: exampleId(1), integrationId, strategyId: 'holder', externalPositionId: 'p' };
    const others = Array.from({ length: STRATEGIES_MAX + 5 }, (_, index) =>
      anEvent('StrategyEnabled', { integrationId, strategyId: `s${index}` }),
    );
    const history = [anEvent('AccountRegistered'), anEvent('PositionOpened', { signal: origin }), ...others];
    const signal = { ...exampleSignal, ...origin, signalId: exampleId(2), kind: 'close' } as const;
    given(accountRules(), history)
      .when(aCommand('ReceiveSignal', { signal }))
      .then([expect.objectContaining({ type: 'SignalReceived' }), expect.objectContaining({ type: 'CloseRequested' })]);
  });
});
