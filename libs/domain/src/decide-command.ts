import type { CommandOf, CommandType } from '@core/contracts/command';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import type { AccountAggregate } from './account-aggregate.ts';
import { registerAccount } from './account.ts';
import { amend } from './amendment.ts';
import { nothing, refuse, type Circumstances, type Decide, type Decision, type DecisionContext } from './decision.ts';
import { recordIntegration } from './integration.ts';
import { cancelOrder, isKnownOrder, placeOrder } from './order.ts';
import { closePosition } from './position.ts';
import { dispatchRequest, isKnownRequest, resolveRequest } from './request.ts';
import { bothOf, haltTrading, resumeTrading, setCloseOnly } from './risk.ts';
import { continueSignal, receiveSignal, settleSignal } from './signal.ts';
import { recordStrategy } from './strategy.ts';

/** The rule of every command. */
const deciders: { readonly [Type in CommandType]: Decide<Type, AccountAggregate> } = {
  RegisterAccount: registerAccount,
  PlaceOrder: placeOrder,
  Amend: amend,
  CheckRequest: checkRequest,
  CancelOrder: cancelOrder,
  ClosePosition: closePosition,
  DispatchRequest: dispatchRequest,
  ResolveRequest: resolveRequest,
  RecordIntegration: recordIntegration,
  RecordStrategy: recordStrategy,
  ReceiveSignal: receiveSignal,
  ContinueSignal: continueSignal,
  SettleSignal: settleSignal,
  HaltTrading: haltTrading,
  ResumeTrading: resumeTrading,
  SetCloseOnly: setCloseOnly,
};

/** Nothing happens: a no is what the command itself would get. */
function checkRequest(
  state: AccountAggregate,
  { data: { wish }, ...envelope }: CommandOf<'CheckRequest'>,
  at: Circumstances,
): Decision {
  const { refusal } =
    wish.type === 'PlaceOrder'
      ? placeOrder(state, { ...envelope, ...wish }, at)
      : amend(state, { ...envelope, ...wish }, at);
  return { events: [], refusal };
}

/** The system account trades nothing: only restrictions mean something there. */
const FOR_ALL: ReadonlySet<CommandType> = new Set<CommandType>(['HaltTrading', 'ResumeTrading', 'SetCloseOnly']);

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
  const isKnownHere = isForAll ? FOR_ALL.has(command.type) : registration !== null;
  if (!isKnownHere && command.type !== 'RegisterAccount') return refuse('unknown-account');
  if (isKnownRequest(state.requests, command.commandid) || isKnownOrder(state.orders, command.commandid))
    return nothing;

  return deciders[command.type](state, command, {
    now: context.now,
    ageMs: (askedBy, askedAt) => context.ageMs(askedBy, askedAt),
    limits: context.limits,
    restrictions: bothOf(state.risk, context.system),
    tradingDisabled,
    instrument: (instrument) => (registration ? context.instrument(registration.venue, instrument) : 'unavailable'),
  });
}
