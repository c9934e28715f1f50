import type { RecordedEvent } from '@core/contracts/event';
import type { Consents } from '@core/contracts/integration-consent';
import { decidePolicy, type DecidedPolicies } from '@core/contracts/integration-policy';
import type { Projection } from '@core/kernel/projection';
import { unreachable } from '@core/kernel/unreachable';
import { evolveAccount, unregistered, type AccountStanding } from './account.ts';
import { evolveDayResult, noDayResult, type DayResult } from './day-result.ts';
import type { SetLimits } from './decision.ts';
import { evolveConsents } from './integration.ts';
import { evolveDuplicateGuard, evolveLimits, noLimits } from './limit.ts';
import { evolveActs } from './operator-act.ts';
import { evolveOrderFlow, noOrderFlow, type OrderFlow } from './order-flow.ts';
import { evolveOrders, noOrders, type Orders } from './order.ts';
import { evolvePositions, noPositions, type Positions } from './position.ts';
import { evolveQuarantine, type QuarantineCases } from './quarantine.ts';
import { noneRecent, type Recent } from './recent.ts';
import { evolveRehearsed } from './rehearsal.ts';
import { atHome, evolveArrivals, evolveResidence, type Arrivals, type Residence } from './residence.ts';
import { evolveRequests, noRequests, type Requests } from './request.ts';
import { evolveRisk, noRestrictions, type Risk } from './risk.ts';
import { evolveStrategies } from './strategy-fold.ts';
import { noStrategies, type Strategies } from './strategy.ts';

/**
 * What the rules need to know of one account, and nothing else: closed positions and settled requests are gone.
 * Plain JSON. `accountAggregate` changes it in place; a decision does not.
 * The system account has one too, of which only `risk`, `limits`, `quarantine`, `acts` and `arrivals` are ever used.
 */
export interface AccountAggregate {
  account: AccountStanding;
  residence: Residence;
  arrivals: Arrivals;
  risk: Risk;
  quarantine: QuarantineCases;
  acts: Recent;
  /** What was asked in shadow. */
  rehearsed: Recent;
  limits: SetLimits;
  requests: Requests;
  orders: Orders;
  flow: OrderFlow;
  result: DayResult;
  positions: Positions;
  consents: Consents;
  policies: DecidedPolicies;
  strategies: Strategies;
}

export const accountAggregate: Projection<AccountAggregate, RecordedEvent> = {
  name: 'account-aggregate',
  version: 14,

  initial: () => ({
    account: unregistered(),
    residence: atHome(),
    arrivals: {},
    risk: noRestrictions(),
    quarantine: {},
    acts: noneRecent(),
    rehearsed: noneRecent(),
    limits: noLimits(),
    requests: noRequests(),
    orders: noOrders(),
    flow: noOrderFlow(),
    result: noDayResult(),
    positions: noPositions(),
    consents: {},
    policies: {},
    strategies: noStrategies(),
  }),

  evolve(state, event) {
    switch (event.type) {
      case 'AccountRegistered':
        evolveAccount(state.account, event);
        return;
      case 'AccountUpdated':
        evolveAccount(state.account, event);
        evolveDayResult(state.result, event);
        return;
      case 'BalanceChanged':
      case 'EquityMarked':
        evolveDayResult(state.result, event);
        return;

      case 'AccountMoveBegun':
      case 'AccountDeparted':
      case 'AccountArrived':
      case 'AccountMoveTakenBack':
        evolveResidence(state.residence, event);
        return;
      case 'ArrivalExpected':
        evolveArrivals(state.arrivals, event);
        return;

      case 'TradingHalted':
      case 'TradingResumed':
      case 'ShadowSet':
        evolveRisk(state.risk, event);
        return;
      case 'CloseOnlySet':
        evolveRisk(state.risk, event);
        evolveOrderFlow(state.flow, event, state.requests);
        return;
      case 'LimitSet':
        evolveLimits(state.limits, event);
        return;
      case 'DuplicateGuardSet':
        evolveDuplicateGuard(state.limits, event);
        return;

      case 'AmendmentRequested':
      case 'CancellationRequested':
      case 'RequestDispatched':
      case 'RequestOutcomeUnknown':
        evolveRequests(state.requests, event);
        return;
      case 'RequestAccepted':
        evolveRequests(state.requests, event);
        evolveOrderFlow(state.flow, event, state.requests);
        return;
      case 'CloseRequested':
        evolveRequests(state.requests, event);
        evolveStrategies(state.strategies, event, state);
        return;
      case 'OrderRequested':
      case 'RequestRejected':
      case 'RequestExpired':
      case 'RequestResolved':
        evolveRequests(state.requests, event);
        evolveOrderFlow(state.flow, event, state.requests);
        evolveStrategies(state.strategies, event, state);
        return;

      case 'OrderWorking':
        evolveRequests(state.requests, event);
        evolveOrders(state.orders, event);
        evolveOrderFlow(state.flow, event, state.requests);
        return;
      case 'OrderFilled':
        evolveRequests(state.requests, event);
        evolveOrders(state.orders, event);
        return;
      case 'OrderCancelled':
      case 'OrderExpired':
        evolveRequests(state.requests, event);
        evolveOrders(state.orders, event);
        evolveOrderFlow(state.flow, event, state.requests);
        evolveStrategies(state.strategies, event, state);
        return;
      case 'OrderAmended':
        evolveOrders(state.orders, event);
        return;

      case 'PositionOpened':
        evolvePositions(state.positions, event);
        evolveOrderFlow(state.flow, event, state.requests);
        evolveStrategies(state.strategies, event, state);
        return;
      case 'PositionClosed':
        evolvePositions(state.positions, event);
        evolveStrategies(state.strategies, event, state);
        return;
      case 'PositionAmended':
      case 'PositionReduced':
        evolvePositions(state.positions, event);
        return;

      case 'IntegrationApproved':
      case 'IntegrationRejected':
      case 'IntegrationDeleted':
        evolveConsents(state.consents, event);
        evolveStrategies(state.strategies, event, state);
        return;
      case 'IntegrationPolicySet':
        decidePolicy(state.policies, event.data);
        evolveStrategies(state.strategies, event, state);
        return;
      case 'StrategyEnabled':
      case 'StrategyDisabled':
      case 'SignalReceived':
      case 'SignalExecuted':
      case 'SignalRefused':
      case 'SignalOutcomeUnknown':
      case 'SignalHalfDone':
      case 'SignalShadowed':
      case 'SignalResumed':
      case 'SignalDismissed':
        evolveStrategies(state.strategies, event, state);
        return;
      case 'AccountReconciled':
        evolveOrderFlow(state.flow, event, state.requests);
        evolveStrategies(state.strategies, event, state);
        return;

      case 'RequestShadowed':
        evolveRehearsed(state.rehearsed, event);
        return;

      // No rule asks for sessions, swaps or what was refused.
      case 'CommandRefused':
      case 'AccountSessionOpened':
      case 'AccountSessionLost':
      case 'PositionSwapCharged':
        return;

      case 'MessageQuarantined':
      case 'MessageReleased':
      case 'MessageReplaced':
      case 'MessageSkipped':
        evolveQuarantine(state.quarantine, event);
        return;
      case 'OperatorActed':
        evolveActs(state.acts, event);
        return;

      default:
        return unreachable(event);
    }
  },
};
