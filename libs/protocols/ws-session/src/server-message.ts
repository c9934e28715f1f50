// What the server says, protocol sections 5, 8 and 9: externally tagged, one key each.
import type { Uuid } from '@core/contracts/primitives';
import type { PendingChange, PositionChange } from '@core/views/ws-session/session-book';
import { z } from 'zod';
import { encoderOf, type JsonText } from './encoder.ts';
import { Account, BidAsk, Operation, PendingPosition, Position } from './root-models.ts';

/** `unauthorized`: do not try again unchanged. `auth_failed`: we could not check; try again later. */
export const AuthResult = z.looseObject({
  result: z.enum(['success', 'unauthorized', 'auth_failed']),
  session_id: z.string().nullable(),
});
export type AuthOutcome = z.output<typeof AuthResult>['result'];

const AccountUpdate = z.object({ account: Account, operation: Operation.nullable() });

/** The messages that every client understands. */
export const BaseMessage = z.union([
  z.strictObject({ auth_result: AuthResult }),
  z.strictObject({
    account_event: z.union([
      z.strictObject({ account_update: AccountUpdate }),
      z.strictObject({ account_added: Account }),
    ]),
  }),
  z.strictObject({
    position: z.union([
      z.strictObject({ created: Position }),
      z.strictObject({ updated: Position }),
      z.strictObject({ closed: Position }),
    ]),
  }),
  z.strictObject({
    pending_position: z.union([
      z.strictObject({ created: PendingPosition }),
      z.strictObject({ updated: PendingPosition }),
      z.strictObject({ canceled: PendingPosition }),
      z.strictObject({ failed: PendingPosition }),
      z.strictObject({ executed: PendingPosition }),
    ]),
  }),
  z.strictObject({ bid_ask: BidAsk }),
]);
export type BaseMessage = z.output<typeof BaseMessage>;

/** JSON of one message, without the envelope around it. */
export type MessageJson = Readonly<Record<string, unknown>>;
/** The same as text, where a root model is in it. */
export type MessageText = JsonText;

const encodeAccount = encoderOf(Account);
const encodeAccountUpdate = encoderOf(AccountUpdate);
const encodePosition = encoderOf(Position);
const encodePending = encoderOf(PendingPosition);
export const encodeBidAsk = encoderOf(BidAsk);

export const authResult = (result: AuthOutcome, sessionId: string | null, granted: MessageJson = {}): MessageJson => ({
  auth_result: { result, session_id: sessionId, ...granted },
});

export const accountAdded = (account: Account): MessageText =>
  `{"account_event":{"account_added":${encodeAccount(account)}}}`;

/** `account` is the state after the operation; `operation` is null where no balance moved. */
export const accountUpdate = (account: Account, operation: Operation | null): MessageText =>
  `{"account_event":{"account_update":${encodeAccountUpdate({ account, operation })}}}`;

export const positionMessage = (change: PositionChange, position: Position): MessageText =>
  `{"position":{"${change}":${encodePosition(position)}}}`;

export const pendingMessage = (change: PendingChange, pending: PendingPosition): MessageText =>
  `{"pending_position":{"${change}":${encodePending(pending)}}}`;

export const bidAskMessage = (quote: BidAsk): MessageText => `{"bid_ask":${encodeBidAsk(quote)}}`;

/** One part of a snapshot: everything that is open of the accounts it names, feature `snapshot`. */
export const snapshotItems = {
  account_event: (items: readonly Account[]) => items.map(encodeAccount),
  position: (items: readonly Position[]) => items.map(encodePosition),
  pending_position: (items: readonly PendingPosition[]) => items.map(encodePending),
};

/** What stands beside a message in its envelope, only where a client asked for it. */
export interface EnvelopeSiblings {
  readonly message_response_id?: string;
  readonly sequence?: number;
  readonly cursor?: string;
}

/** The text of one frame, protocol section 4. */
export const encodeEnvelope = (
  messageId: string,
  message: MessageJson | MessageText,
  siblings: EnvelopeSiblings = {},
): string => {
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  return `${JSON.stringify({ message_id: messageId, ...siblings }).slice(0, -1)},"message_type":{"server_message":${text}}}`;
};

export const encodePing = (messageId: Uuid): string => JSON.stringify({ message_id: messageId, message_type: 'Ping' });

/** The answer to a client's `Ping`, with its id. */
export const encodePong = (messageId: string): string =>
  JSON.stringify({ message_id: messageId, message_type: 'Pong' });
