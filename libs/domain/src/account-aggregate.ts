import type { Command } from '@core/contracts/command';
import type { RecordedEvent } from '@core/contracts/event';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import type { Projection } from '@core/kernel/projection';
import { unreachable } from '@core/kernel/unreachable';
import { evolveAccount, registerAccount, unregistered, type Account } from './account.ts';
import { nothing, refuse, type Circumstances, type Decision, type DecisionContext } from './decision.ts';
import { evolveIntegrations, recordIntegration, type Integrations } from './integration.ts';
import { amendOrder, cancelOrder, evolveOrders, isKnownOrder, noOrders, placeOrder, type Orders } from './order.ts';
import { amendPosition, closePosition, evolvePositions, noPositions, type Positions } from './position.ts';
import { dispatchRequest, evolveRequests, isKnown, noRequests, resolveRequest, type Requests } from './request.ts';
import { bothOf, decideRisk, evolveRisk, noRestrictions, type Risk } from './risk.ts';
import { continueSignal, receiveSignal, settleSignal } from './signal.ts';
import { evolveStrategies, noStrategies, recordStrategy, type Strategies } from './strategy.ts';

/**
 * What the rules need to know of one account, and nothing else: closed positions, settled requests and money are gone.
 * Plain JSON. `accountAggregate` changes it in place; a decision does not.
 * The system account has one too, of which only `risk` is ever used.
 */
export interface AccountAggregate {
  account: Account;
  risk: Risk;
  requests: Requests;
  orders: Orders;
  positions: Positions;
  integrations: Integrations;
  strategies: Strategies;
}

/**
 * What one command comes to, for the account it names (`command.subject`) or for all of them (the system account).
 * `state` is the aggregate of that account. A command that has led to a request before adds nothing.
 */
export function decideCommand(state: AccountAggregate, command: Command, context: DecisionContext): Decision {
  const { registration, tradingDisabled } = state.account;
  if (command.type === 'RegisterAccount') return registerAccount(state.account, command);
  if (command.subject === SYSTEM_ACCOUNT) return decideForAll(state, command);
  if (registration === null) return refuse('unknown-account');
  if (isKnown(state.requests, command.commandid) || isKnownOrder(state.orders, command.commandid)) return nothing;

  const at: Circumstances = {
    now: context.now,
    limits: context.limits,
    restrictions: bothOf(state.risk, context.system),
    tradingDisabled,
    instrument: (instrument) => context.instrument(registration.venue, instrument),
  };
  switch (command.type) {
    case 'PlaceOrder':
      return placeOrder(state, command, at);
    case 'Amend': {
      const { terms, requester } = command.data;
      return terms.target === 'order'
        ? amendOrder(state, command.commandid, { terms, requester }, at)
        : amendPosition(state, command.commandid, { terms, requester }, at);
    }
    case 'CancelOrder':
      return cancelOrder(state, command);
    case 'ClosePosition':
      return closePosition(state, command, at);
    case 'DispatchRequest':
      return dispatchRequest(state.requests, command, at);
    case 'ResolveRequest':
      return resolveRequest(state.requests, command);
    case 'RecordIntegration':
      return recordIntegration(state.integrations, command);
    case 'RecordStrategy':
      return recordStrategy(state.strategies, command);
    case 'ReceiveSignal':
      return receiveSignal(state, command, at);
    case 'ContinueSignal':
      return continueSignal(state, command, at);
    case 'SettleSignal':
      return settleSignal(state, command);
    case 'HaltTrading':
    case 'ResumeTrading':
    case 'SetCloseOnly':
      return decideRisk(state.risk, command);
    default:
      return unreachable(command);
  }
}

/** The system account trades nothing: only restrictions mean something there. */
function decideForAll({ risk }: AccountAggregate, command: Command): Decision {
  switch (command.type) {
    case 'HaltTrading':
    case 'ResumeTrading':
    case 'SetCloseOnly':
      return decideRisk(risk, command);
    default:
      return refuse('unknown-account');
  }
}

export const accountAggregate: Projection<AccountAggregate, RecordedEvent> = {
  name: 'account-aggregate',
  version: 1,

  initial: () => ({
    account: unregistered(),
    risk: noRestrictions(),
    requests: noRequests(),
    orders: noOrders(),
    positions: noPositions(),
    integrations: {},
    strategies: noStrategies(),
  }),

  evolve(state, event) {
    switch (event.type) {
      case 'AccountRegistered':
      case 'AccountUpdated':
        evolveAccount(state.account, event);
        return;

      case 'TradingHalted':
      case 'TradingResumed':
      case 'CloseOnlySet':
        evolveRisk(state.risk, event);
        return;

      case 'AmendmentRequested':
      case 'CancellationRequested':
      case 'RequestDispatched':
      case 'RequestAccepted':
      case 'RequestOutcomeUnknown':
        evolveRequests(state.requests, event);
        return;
      case 'OrderRequested':
      case 'CloseRequested':
      case 'RequestRejected':
      case 'RequestExpired':
      case 'RequestResolved':
        evolveRequests(state.requests, event);
        evolveStrategies(state.strategies, event, state);
        return;

      case 'OrderWorking':
      case 'OrderFilled':
        evolveRequests(state.requests, event);
        evolveOrders(state.orders, event);
        return;
      case 'OrderCancelled':
      case 'OrderExpired':
        evolveRequests(state.requests, event);
        evolveOrders(state.orders, event);
        evolveStrategies(state.strategies, event, state);
        return;
      case 'OrderAmended':
        evolveOrders(state.orders, event);
        return;

      case 'PositionOpened':
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
        evolveIntegrations(state.integrations, event);
        return;
      case 'StrategyEnabled':
      case 'StrategyDisabled':
      case 'SignalReceived':
      case 'SignalExecuted':
      case 'SignalRefused':
      case 'SignalOutcomeUnknown':
      case 'AccountReconciled':
        evolveStrategies(state.strategies, event, state);
        return;

      // No rule asks for money, sessions or quarantine.
      case 'AccountSessionOpened':
      case 'AccountSessionLost':
      case 'BalanceChanged':
      case 'EquityMarked':
      case 'PositionSwapCharged':
      case 'MessageQuarantined':
      case 'MessageReleased':
      case 'MessageSkipped':
        return;

      default:
        return unreachable(event);
    }
  },
};
