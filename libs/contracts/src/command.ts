// What someone wants. The sender chooses `commandid`; a command sent again gets its first answer that is final.
import { z } from 'zod';
import { CellName } from './cell.ts';
import { Act, Clearing, DuplicateWindowMs } from './events/operations.ts';
import {
  AmendmentTerms,
  ChosenSlippage,
  Protection,
  Requester,
  RequestKind,
  SignalOrigin,
  WantedTrailing,
  WorstPrice,
} from './events/request.ts';
import { WishType } from './events/refusal.ts';
import { Signal, SignalRefusal } from './events/signal.ts';
import { underRegistration } from './integration-consent.ts';
import { IntegrationPolicy } from './integration-policy.ts';
import { LimitKind } from './limit.ts';
import { message, Source } from './message.ts';
import {
  AccountId,
  Decimal,
  EdgeName,
  Instant,
  Instrument,
  IntegrationId,
  NonNegativeDecimal,
  OrderId,
  OrderKind,
  PositionId,
  PositiveDecimal,
  RequestId,
  Side,
  SignalId,
  Text,
  TraderId,
  Uuid,
  Venue,
} from './primitives.ts';
import { QUARANTINED_BYTES_MAX } from './quarantined-bytes.ts';
import { readerOf } from './reader-of.ts';
import { Refusal } from './refusal.ts';

/** What a signal trades: what the integration's mapping makes of its ticker and quantity, were it nothing or less. */
export const SignalOrder = z.strictObject({ instrument: Instrument, volumeLots: Decimal, ...WorstPrice });
export type SignalOrder = z.output<typeof SignalOrder>;

/**
 * The ledger's answer. `position` is the last event the command led to, or the log's head where it added none:
 * an edge that waits for it before answering shows its user what they just did.
 */
export const Answer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), position: z.int().min(0), eventIds: z.array(Uuid) }),
  z.object({ ok: z.literal(false), refusal: Refusal }),
]);
export type Answer = z.output<typeof Answer>;

/** How much of an account's past comes in one command at most. */
export const IMPORTED_EVENTS_MAX = 500;

/** The first answer to a command, and a digest of what that asked for; null of one that was kept before anybody asked. */
export const ImportedAnswer = z.strictObject({ commandid: Uuid, content: Uuid.nullable(), answer: Answer });
export type ImportedAnswer = z.output<typeof ImportedAnswer>;

const operatorDecision = { operator: Text, note: Text };
const strategy = { integrationId: IntegrationId, strategyId: z.string().min(1).max(128) };

/** `price` is null for market orders. */
const placeOrder = message('PlaceOrder', {
  instrument: Instrument,
  side: Side,
  kind: OrderKind,
  volumeLots: PositiveDecimal,
  price: PositiveDecimal.nullable(),
  ...Protection,
  ...WantedTrailing,
  ...WorstPrice,
  ...ChosenSlippage,
  expiresAt: Instant.nullable(),
  requester: Requester,
  signal: SignalOrigin.nullable(),
});
/** All terms of the order, or the protection of the position, as they are to be. */
const amend = message('Amend', { terms: AmendmentTerms, requester: Requester });

/** Commands that create a request name it by their own `commandid`: an order's id is the id of its `PlaceOrder`. */
export const commandTypes = [
  /** Makes an account known to the log. Asked again with the same terms, it changes nothing. */
  message('RegisterAccount', { traderId: TraderId, venue: Venue, mode: z.enum(['demo', 'live']) }),

  placeOrder,
  amend,
  /** Would it be taken? Answered as the command itself would be; nothing is recorded. */
  message('CheckRequest', { wish: z.discriminatedUnion('type', [placeOrder, amend]) }),
  /** Takes a working order away. */
  message('CancelOrder', { orderId: OrderId, requester: Requester }),
  /** `volumeLots` null closes all of it. */
  message('ClosePosition', { positionId: PositionId, volumeLots: PositiveDecimal.nullable(), requester: Requester }),
  /**
   * Closes all of a position and opens as much on the other side, with this protection: two requests, asked for at once
   * and sent one after the other. The second is not sent where the first comes to nothing.
   */
  message('ReversePosition', {
    positionId: PositionId,
    ...Protection,
    ...WantedTrailing,
    ...WorstPrice,
    requester: Requester,
  }),
  /**
   * The connector's claim: granted once, before the first byte goes to the broker.
   * `price` is what the market offers an order with a worst price; absent where no live price is known.
   */
  message('DispatchRequest', {
    kind: RequestKind,
    requestId: RequestId,
    connector: Text,
    price: PositiveDecimal.optional(),
  }),
  /** Would its claim be granted still? Of a request that the broker was too busy for; answered, and nothing is recorded. */
  message('CheckDispatch', { kind: RequestKind, requestId: RequestId }),

  /** What the user decided at ProQuant about an integration. */
  message('RecordIntegration', {
    integrationId: IntegrationId,
    what: z.enum(['approved', 'rejected', 'deleted']),
    sentAt: Instant.optional(),
    ...underRegistration,
  }),
  /** What the user decided at ProQuant about a strategy. */
  message('RecordStrategy', {
    ...strategy,
    name: Text,
    enabled: z.boolean(),
    sentAt: Instant.optional(),
    ...underRegistration,
  }),
  /** `order` is null where the integration's mapping knows no such ticker. */
  message('ReceiveSignal', {
    signal: Signal,
    order: SignalOrder.nullable(),
    maxAgeMs: z.int().positive(),
  }),
  /** The close leg of a signal is done: decide on its open leg. `order` and `maxAgeMs` as before. */
  message('ContinueSignal', {
    ...strategy,
    signalId: SignalId,
    order: SignalOrder,
    maxAgeMs: z.int().positive(),
  }),
  /** The open leg of a signal that is half done is to be asked for again, however old it is. */
  message('ResumeSignal', { ...operatorDecision, ...strategy, signalId: SignalId }),
  /** A signal that is half done was seen to by other means: its open leg is never asked for again. */
  message('DismissSignal', { ...operatorDecision, ...strategy, signalId: SignalId }),
  /** What is to hold for the signals of an integration. */
  message('SetIntegrationPolicy', { ...operatorDecision, integrationId: IntegrationId, set: IntegrationPolicy }),
  /** What the requests of a signal came to. */
  message('SettleSignal', {
    ...strategy,
    signalId: SignalId,
    outcome: z.discriminatedUnion('result', [
      z.strictObject({ result: z.literal('executed') }),
      z.strictObject({ result: z.literal('refused'), reason: SignalRefusal, text: Text.nullable() }),
      z.strictObject({ result: z.literal('unknown') }),
    ]),
  }),

  /** Of one account, or of all under the system account. */
  message('HaltTrading', { ...operatorDecision, clearing: Clearing.optional() }),
  /** Ends a halt of the same subject. */
  message('ResumeTrading', operatorDecision),
  /** Of one account, or of all under the system account. */
  message('SetCloseOnly', { ...operatorDecision, closeOnly: z.boolean() }),
  /** Of one account, of the accounts of a trader or of all of them, both under the system account; null lifts it. */
  message('SetLimit', {
    ...operatorDecision,
    traderId: TraderId.nullable(),
    limit: LimitKind,
    allowed: NonNegativeDecimal.nullable(),
  }),
  /** Of one account, or of all under the system account; null takes it back. */
  message('SetDuplicateGuard', { ...operatorDecision, edge: EdgeName, windowMs: DuplicateWindowMs.nullable() }),
  /**
   * Of one account, or of all under the system account. What is asked by this edge, by any where it is null, is then
   * decided and recorded and not traded.
   */
  message('SetShadow', { ...operatorDecision, edge: EdgeName.nullable(), shadow: z.boolean() }),
  /** A quarantined message is never to be recorded; under the system account. */
  message('SkipMessage', { ...operatorDecision, messageId: Text }),
  /** A quarantined message is to be recorded after all, as this build reads it; under the system account. */
  message('ReleaseMessage', { ...operatorDecision, messageId: Text }),
  /** A quarantined message is to be recorded as it should have been; `body` is an event or an intake batch, as JSON. */
  message('ReplaceMessage', {
    ...operatorDecision,
    messageId: Text,
    body: z.string().min(1).max(QUARANTINED_BYTES_MAX),
  }),
  /** What an operator has done that no other command tells; under the system account. */
  message('RecordAct', { ...operatorDecision, ...Act }),
  /**
   * An edge said no before it asked: kept with the refusals of ours, within the same bounds. `requestId` is what the
   * request would have become, `omitted` how many of the account before it the edge did not tell.
   */
  message('RecordRefusal', {
    command: WishType,
    requestId: RequestId,
    reason: z.string().min(1).max(64),
    text: Text,
    requester: Requester,
    omitted: z.int().min(0),
  }),
  /** The account is to go to another cell: nothing new is asked of it from now on. */
  message('BeginMove', { ...operatorDecision, moveId: Uuid, from: CellName, to: CellName }),
  /** It has come to rest, and leaves. */
  message('DepartAccount', { moveId: Uuid }),
  /** It stays after all. */
  message('TakeBackMove', { ...operatorDecision, moveId: Uuid }),
  /** Whether this log is to be given the past of an account; under the system account. */
  message('ExpectArrival', {
    ...operatorDecision,
    moveId: Uuid,
    accountId: AccountId,
    from: CellName,
    expected: z.boolean(),
  }),
  /**
   * The account's next events as the other log has them, with their versions, and what its commands were answered there.
   * Those that are known already add nothing.
   */
  message('ImportEvents', {
    moveId: Uuid,
    events: z.array(z.unknown()).min(1).max(IMPORTED_EVENTS_MAX),
    answers: z.array(ImportedAnswer).max(IMPORTED_EVENTS_MAX),
  }),
  /** All of it is here: it is at home in this log. */
  message('ArriveAccount', { moveId: Uuid }),
  /** What an operator saw at the broker about an unknown outcome. */
  message('ResolveRequest', {
    ...operatorDecision,
    kind: RequestKind,
    requestId: RequestId,
    executed: z.boolean(),
    evidence: Text.nullable(),
  }),
] as const;

export const CommandBody = z.discriminatedUnion('type', commandTypes);
type AnyBody = z.output<typeof CommandBody>;
export type CommandType = AnyBody['type'];

/** What someone wants, without who and when; of one type, some, or any. */
export type CommandBody<Type extends CommandType = CommandType> = Extract<AnyBody, { type: Type }>;

const envelope = { commandid: Uuid, source: Source, subject: AccountId, time: Instant, correlationid: Uuid };
type Envelope = z.output<z.ZodObject<typeof envelope>>;

// Written member by member, so that a table with an entry per type can be asked with any of them.
type Commands = {
  readonly [Type in CommandType]: Envelope & { readonly type: Type; readonly data: CommandBody<Type>['data'] };
};

/** The command of one type, or of some. */
export type CommandOf<Type extends CommandType> = Commands[Type];

export type Command = Commands[CommandType];

const byType = new Map<CommandType, (input: unknown) => z.ZodSafeParseResult<Command>>(
  commandTypes.map((each) => [
    each.shape.type.value,
    readerOf(z.strictObject({ ...envelope, ...each.shape }) as z.ZodType<Command>),
  ]),
);

/** The exact schema of one command, for whoever receives it. */
export function parseCommand(
  type: CommandType,
  input: unknown,
): { ok: true; value: Command } | { ok: false; error: string } {
  const parsed = byType.get(type)?.(input);
  if (parsed?.success) return { ok: true, value: parsed.data };
  return { ok: false, error: parsed ? z.prettifyError(parsed.error).slice(0, 512) : `unknown command ${type}` };
}
