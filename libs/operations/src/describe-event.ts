import type { ShadowTrade } from '@core/contracts/events/signal';
import type { Event, EventBody } from '@core/contracts/event';
import type { LimitBreach } from '@core/contracts/limit';
import type { AmendmentTerms } from '@core/contracts/events/request';
import { unreachable } from '@core/kernel/unreachable';

/** What happened, in a few words for people; the type is printed beside it. */
export function describeEvent(event: Event): string {
  switch (event.type) {
    case 'AccountRegistered':
      return `a ${event.data.mode} account at ${event.data.venue}`;
    case 'AccountSessionOpened':
      return `by ${event.data.connector}`;
    case 'AccountSessionLost':
      return `by ${event.data.connector}: ${event.data.reason}`;
    case 'AccountUpdated':
      return `${event.data.currency}, leverage ${event.data.leverage ?? 'unknown'}, group ${event.data.group}`;
    case 'BalanceChanged': {
      const { balance, operation } = event.data;
      return operation ? `${operation.type} ${operation.delta}, now ${balance}` : `now ${balance}`;
    }
    case 'EquityMarked':
      return `${event.data.equity}, margin ${event.data.margin}`;
    case 'AccountReconciled': {
      const { outcome, positions, orders, drifts } = event.data;
      const drift = drifts.map(
        (each) => `${each.kind} ${each.brokerKey}: ours ${each.ours ?? 'none'}, theirs ${each.theirs ?? 'none'}`,
      );
      return [`${outcome}, ${positions} positions, ${orders} orders`, ...drift].join('; ');
    }

    case 'OrderRequested':
    case 'OrderWorking': {
      const { side, volumeLots, instrument, kind, price, stopLoss, takeProfit } = event.data;
      const at = price === null ? '' : ` at ${price}`;
      return `${side} ${volumeLots} ${instrument} ${kind}${at}${protection({ stopLoss, takeProfit })}`;
    }
    case 'AmendmentRequested':
      return terms(event.data.terms);
    case 'CancellationRequested':
      return `order ${event.data.orderId}`;
    case 'CloseRequested':
      return `${event.data.volumeLots} of position ${event.data.positionId}`;

    case 'RequestDispatched':
      return `${event.data.kind} dispatched by ${event.data.connector}`;
    case 'RequestAccepted': {
      const { kind, brokerRequest, evidence } = event.data;
      return listed(`${kind} accepted`, numbered('broker request', brokerRequest), evidence);
    }
    case 'RequestRejected': {
      const { kind, reason, brokerCode, text } = event.data;
      return listed(`${kind} rejected: ${reason}`, brokerCode, text);
    }
    case 'RequestOutcomeUnknown':
      return `outcome of ${event.data.kind} unknown: ${event.data.cause}`;
    case 'RequestExpired': {
      const { kind, reason, cause = null, evidence } = event.data;
      return listed(`${kind} ${reason === 'not-sent' ? 'not sent' : 'not executed'}`, cause, evidence);
    }
    case 'RequestResolved': {
      const { kind, requestId, executed, operator, note, evidence } = event.data;
      const settled = `${kind} ${requestId} ${executed ? 'executed' : 'not executed'}`;
      return listed(settled, evidence && `as ${evidence} shows`, `by ${operator}: ${note}`);
    }

    case 'OrderAmended':
      return `at ${event.data.price}${protection(event.data)}`;
    case 'OrderFilled':
      return `${event.data.volumeLots} at ${event.data.price}, position ${event.data.positionId}`;
    case 'OrderCancelled':
      return `by ${event.data.reason}`;
    case 'OrderExpired':
      return 'good-till passed';

    case 'PositionOpened': {
      const { side, volumeLots, instrument, price, brokerPosition } = event.data;
      return `${side} ${volumeLots} ${instrument} at ${price}${protection(event.data)}, broker position ${brokerPosition}`;
    }
    case 'PositionAmended':
      return protection(event.data).trim() || 'no protection';
    case 'PositionReduced': {
      const { volumeLots, price, profit, reason, remainingLots } = event.data;
      return `${volumeLots} at ${price}, profit ${profit}, ${reason}, ${remainingLots} left`;
    }
    case 'PositionSwapCharged':
      return `${event.data.delta}, total ${event.data.swap}`;
    case 'PositionClosed':
      return `${event.data.volumeLots} at ${event.data.price}, profit ${event.data.profit}, ${event.data.reason}`;

    case 'IntegrationApproved':
    case 'IntegrationRejected':
    case 'IntegrationDeleted':
      return event.data.integrationId;
    case 'StrategyEnabled':
    case 'StrategyDisabled':
      return event.data.name;
    case 'SignalReceived': {
      const { kind, side, quantity, ticker, strategyName } = event.data.signal;
      return `${kind} ${side} ${quantity} ${ticker}, strategy ${strategyName}`;
    }
    case 'SignalExecuted':
      return event.data.superseded
        ? 'superseded'
        : event.data.requestIds.length === 1
          ? '1 request'
          : `${event.data.requestIds.length} requests`;
    case 'SignalRefused':
      return listed(event.data.step, event.data.reason, event.data.text);
    case 'SignalOutcomeUnknown':
      return event.data.step;
    case 'SignalHalfDone':
      return listed('closed, not opened', event.data.reason, event.data.text);
    case 'SignalShadowed':
      return listed(shadowed('close', event.data.closes), shadowed('open', event.data.opens));
    case 'IntegrationPolicySet': {
      const { integrationId, set, operator, note } = event.data;
      return `${integrationId} ${set.policy} ${set.value}, by ${operator}: ${note}`;
    }
    case 'SignalResumed':
    case 'SignalDismissed':
      return `by ${event.data.operator}: ${event.data.note}`;

    case 'AccountMoveBegun': {
      const { from, to, operator, note } = event.data;
      return `from cell ${from} to cell ${to}, by ${operator}: ${note}`;
    }
    case 'AccountDeparted':
      return `to cell ${event.data.to}`;
    case 'AccountArrived':
      return `from cell ${event.data.from}`;
    case 'AccountMoveTakenBack':
      return `by ${event.data.operator}: ${event.data.note}`;
    case 'ArrivalExpected': {
      const { accountId, from, expected, operator, note } = event.data;
      return `account ${accountId} of cell ${from} ${expected ? 'is expected' : 'is expected no more'}, by ${operator}: ${note}`;
    }

    case 'TradingHalted': {
      const { operator, note, clearing = 'nothing' } = event.data;
      return `clears ${clearing.replaceAll('-', ' ')}, by ${operator}: ${note}`;
    }
    case 'TradingResumed':
      return `by ${event.data.operator}: ${event.data.note}`;
    case 'CloseOnlySet':
      return `${event.data.closeOnly ? 'on' : 'off'}, by ${event.data.operator}: ${event.data.note}`;
    case 'CommandRefused': {
      const { command, reason, text, breach, order, omitted } = event.data;
      const wish = order && `${order.side} ${order.volumeLots} ${order.instrument} ${order.kind}`;
      const left = omitted === 0 ? null : `${omitted} before it not kept`;
      return listed(command, wish, breach ? breachInWords(breach) : reason, text, left);
    }
    case 'DuplicateGuardSet': {
      const { edge, windowMs, operator, note } = event.data;
      return `${edge} ${windowMs === null ? 'not guarded' : `within ${windowMs} ms`}, by ${operator}: ${note}`;
    }
    case 'ShadowSet': {
      const { edge, shadow, operator, note } = event.data;
      return `${edge ?? 'every edge'} ${shadow ? 'recorded and not traded' : 'traded'}, by ${operator}: ${note}`;
    }
    case 'RequestShadowed': {
      const { command, closes, opens, orderId, terms: wanted, requester } = event.data;
      const change = wanted ? terms(wanted) : orderId && `order ${orderId}`;
      return listed(`${command} by ${requester.edge}`, rehearsed('close', closes), rehearsed('open', opens), change);
    }
    case 'LimitSet': {
      const { limit, allowed, operator, note } = event.data;
      return `${limit} ${allowed === null ? 'not limited' : `at most ${allowed}`}, by ${operator}: ${note}`;
    }
    case 'MessageQuarantined':
      return `${event.data.messageId}: ${event.data.reason}, ${event.data.detail}`;
    case 'OperatorActed': {
      const { what, target, action, operator, note } = event.data;
      return `${what} ${target} ${action.replaceAll('-', ' ')}, by ${operator}: ${note}`;
    }
    case 'MessageReplaced': {
      const { messageId, eventIds, operator, note } = event.data;
      return `${messageId} by ${eventIds.length} events, by ${operator}: ${note}`;
    }
    case 'MessageReleased':
    case 'MessageSkipped':
      return `${event.data.messageId}, by ${event.data.operator}: ${event.data.note}`;
    default:
      return unreachable(event);
  }
}

/** The limit that stopped an order, with the numbers it was judged by. */
export const breachInWords = ({ limit, of, allowed, found }: LimitBreach): string =>
  `limit ${limit} of ${of}: ${allowed} allowed, ${found ?? 'nobody knows what'} found`;

const shadowed = (verb: string, trade: Omit<ShadowTrade, 'externalPositionId'> | null): string | null =>
  trade &&
  `would ${verb} ${trade.side} ${trade.volumeLots} ${trade.instrument} at ${trade.price ?? 'an unknown price'}`;

const rehearsed = (verb: string, trade: EventBody<'RequestShadowed'>['data']['opens']): string | null =>
  trade && shadowed(verb, { ...trade, price: trade.price ?? trade.marketPrice });

const listed = (...parts: readonly (string | null)[]): string => parts.filter(Boolean).join(', ');

const numbered = (name: string, value: string | null): string | null => (value === null ? null : `${name} ${value}`);

const protection = (prices: { readonly stopLoss: string | null; readonly takeProfit: string | null }): string =>
  `${prices.stopLoss === null ? '' : ` sl ${prices.stopLoss}`}${prices.takeProfit === null ? '' : ` tp ${prices.takeProfit}`}`;

const terms = (wanted: AmendmentTerms): string =>
  wanted.target === 'order'
    ? `order ${wanted.orderId} at ${wanted.price}${protection(wanted)}`
    : `position ${wanted.positionId}${protection(wanted) || ' without protection'}`;
