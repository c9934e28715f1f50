import type { CommandOf, CommandType } from '@core/contracts/command';
import { closingPrice, openingPrice } from '@core/contracts/market/valuation';
import { SYSTEM_ACCOUNT, type TraderId, type Venue } from '@core/contracts/primitives';
import type { AccountAggregate } from './account-aggregate.ts';
import { registerAccount } from './account.ts';
import { amend } from './amendment.ts';
import { nothing, refuse, type Circumstances, type Decide, type Decision, type DecisionContext } from './decision.ts';
import { recordIntegration } from './integration.ts';
import { setIntegrationPolicy } from './integration-policy.ts';
import { cancelOrder, isKnownOrder, placeOrder } from './order.ts';
import { closePosition } from './position.ts';
import { recordAct } from './operator-act.ts';
import { releaseMessage, replaceMessage, skipMessage } from './quarantine.ts';
import { checkDispatch, dispatchRequest, isKnownRequest, resolveRequest } from './request.ts';
import { limitInForce, setDuplicateGuard, setLimit } from './limit.ts';
import { isRepeated } from './order-flow.ts';
import { limitOnOrder, limitOnPrice, type Measures } from './order-limits.ts';
import { continueSignal, dismissSignal, resumeSignal, settleSignal } from './signal-progress.ts';
import { bothOf, haltTrading, resumeTrading, setCloseOnly, setShadow } from './risk.ts';
import { remembers } from './recent.ts';
import { rehearsed } from './rehearsal.ts';
import { receiveSignal } from './signal.ts';
import { reversePosition } from './reversal.ts';
import { recordStrategy } from './record-strategy.ts';
import {
  arriveAccount,
  beginMove,
  departAccount,
  expectArrival,
  importEvents,
  mayBeAsked,
  takeBackMove,
} from './residence.ts';

/** The rule of every command. */
const deciders: { readonly [Type in CommandType]: Decide<Type, AccountAggregate> } = {
  RegisterAccount: registerAccount,
  PlaceOrder: placeOrder,
  Amend: amend,
  CheckRequest: checkRequest,
  CancelOrder: cancelOrder,
  ClosePosition: closePosition,
  ReversePosition: reversePosition,
  DispatchRequest: dispatchRequest,
  CheckDispatch: checkDispatch,
  ResolveRequest: resolveRequest,
  RecordIntegration: recordIntegration,
  RecordStrategy: recordStrategy,
  ReceiveSignal: receiveSignal,
  ContinueSignal: continueSignal,
  SetIntegrationPolicy: setIntegrationPolicy,
  ResumeSignal: resumeSignal,
  DismissSignal: dismissSignal,
  SettleSignal: settleSignal,
  HaltTrading: haltTrading,
  ResumeTrading: resumeTrading,
  SetCloseOnly: setCloseOnly,
  SetLimit: setLimit,
  SetDuplicateGuard: setDuplicateGuard,
  SetShadow: setShadow,
  SkipMessage: skipMessage,
  RecordAct: recordAct,
  // What an edge decided is no question to a rule: whether it is kept is the journal's.
  RecordRefusal: () => nothing,
  ReleaseMessage: releaseMessage,
  ReplaceMessage: replaceMessage,
  BeginMove: beginMove,
  DepartAccount: departAccount,
  TakeBackMove: takeBackMove,
  ExpectArrival: expectArrival,
  ImportEvents: importEvents,
  ArriveAccount: arriveAccount,
};

/** Nothing happens: a no is what the command itself would get. */
function checkRequest(
  state: AccountAggregate,
  { data: { wish }, ...envelope }: CommandOf<'CheckRequest'>,
  at: Circumstances,
): Decision {
  const command = { ...envelope, ...wish };
  const decision = command.type === 'PlaceOrder' ? placeOrder(state, command, at) : amend(state, command, at);
  return { events: [], refusal: rehearsed(decision, state, command, at).refusal };
}

/** The system account trades nothing: only restrictions mean something there. */
const FOR_ALL: ReadonlySet<CommandType> = new Set<CommandType>([
  'HaltTrading',
  'ResumeTrading',
  'SetCloseOnly',
  'SetLimit',
  'SetDuplicateGuard',
  'SetShadow',
  'SkipMessage',
  'ReleaseMessage',
  'ReplaceMessage',
  'RecordAct',
  'ExpectArrival',
]);

/** What an account may be asked that nobody registered here yet. */
const FOR_STRANGERS: ReadonlySet<CommandType> = new Set<CommandType>(['RegisterAccount', 'ImportEvents']);

/**
 * What one command comes to, for the account it names (`command.subject`) or for all of them (the system account).
 * `state` is the aggregate of that account. A command that has led to a request before adds nothing.
 */
export function decideCommand<Type extends CommandType>(
  state: AccountAggregate,
  command: CommandOf<Type>,
  context: DecisionContext,
): Decision {
  const { registration, tradingDisabled } = state.account;
  const isForAll = command.subject === SYSTEM_ACCOUNT;
  const isKnownHere =
    FOR_STRANGERS.has(command.type) ||
    (isForAll ? FOR_ALL.has(command.type) : registration !== null && command.type !== 'ExpectArrival');
  if (!isKnownHere) return refuse('unknown-account');
  if (isKnownRequest(state.requests, command.commandid) || isKnownOrder(state.orders, command.commandid))
    return nothing;
  const expectedBy = context.arrivals[command.subject] ?? null;
  if (!mayBeAsked(command, state.residence, expectedBy)) return refuse('account-moving');
  if (remembers(state.rehearsed, command.commandid)) return refuse('in-shadow');

  const measures = registration && measuresOf(state, registration, context);
  const circumstances: Circumstances = {
    now: context.now,
    ageMs: (askedBy, askedAt) => context.ageMs(askedBy, askedAt),
    limits: context.limits,
    handedIn: (commandid) => context.handedIn(commandid),
    whyUnfit: (commandid, account) => context.whyUnfit(commandid, account),
    expectedBy,
    restrictions: bothOf(state.risk, context.system),
    tradingDisabled,
    instrument: (instrument) => (registration ? context.instrument(registration.venue, instrument) : 'unavailable'),
    marketPrice: (purpose, { instrument, side }) => {
      const quote = registration && context.market(registration.venue).quote(instrument);
      return quote && (purpose === 'opening' ? openingPrice : closingPrice)(side, quote);
    },
    limitOn: (order, spec) => measures && limitOnOrder(order, spec, state, measures),
    isDuplicate: (order, edge) => isRepeated(state.flow, order, edge, windowOf(edge, state, context), context.now),
    limitOnPrice: (order) => measures && limitOnPrice(order, measures),
  };
  return rehearsed(deciders[command.type](state, command, circumstances), state, command, circumstances);
}

/** The longer of the two that may hold. */
const windowOf = (edge: string, { limits }: AccountAggregate, { systemLimits }: DecisionContext): number =>
  Math.max(limits.duplicateWindowMs[edge] ?? 0, systemLimits.duplicateWindowMs[edge] ?? 0);

const measuresOf = (
  { limits }: AccountAggregate,
  { venue, traderId }: { readonly venue: Venue; readonly traderId: TraderId },
  { now, market, systemLimits }: DecisionContext,
): Measures => ({
  now,
  market: market(venue),
  limit: (kind) => limitInForce(kind, limits, systemLimits, traderId),
});
