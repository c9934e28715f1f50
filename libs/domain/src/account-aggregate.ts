import type { RecordedEvent } from '@core/contracts/event';
import type { Projection } from '@core/kernel/projection';
import { unreachable } from '@core/kernel/unreachable';
import { evolveAccount, unregistered, type AccountStanding } from './account.ts';
import { evolveIntegrations, type Consents } from './integration.ts';
import { evolveOrders, noOrders, type Orders } from './order.ts';
import { evolvePositions, noPositions, type Positions } from './position.ts';
import { evolveRequests, noRequests, type Requests } from './request.ts';
import { evolveRisk, noRestrictions, type Risk } from './risk.ts';
import { evolveStrategies, noStrategies, type Strategies } from './strategy.ts';

/**
 * What the rules need to know of one account, and nothing else: closed positions, settled requests and money are gone.
 * Plain JSON. `accountAggregate` changes it in place; a decision does not.
 * The system account has one too, of which only `risk` is ever used.
 */
export interface AccountAggregate {
  account: AccountStanding;
  risk: Risk;
  requests: Requests;
  orders: Orders;
  positions: Positions;
  integrations: Consents;
  strategies: Strategies;
}

export const accountAggregate: Projection<AccountAggregate, RecordedEvent> = {
  name: 'account-aggregate',
  version: 2,

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
