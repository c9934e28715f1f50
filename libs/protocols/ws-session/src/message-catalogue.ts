// Every message of the protocol, both ways, for documents: what is sent is held to it by the specs of ws-session.
import { LimitBreach } from '@core/contracts/limit';
import { z } from 'zod';
import { clientRequests, type Feature } from './client-message.ts';
import { tradeErrorCodes } from './error-code.ts';
import { Account, BidAsk, Micros, PendingPosition, Position } from './root-models.ts';
import { AuthResult, BaseMessage } from './server-message.ts';

/** What documents say of one message: the name that stands in its envelope, and the shape of what stands under it. */
export interface DocumentedMessage {
  readonly description: string;
  /** Only clients that asked for it hear of it, or are heard; null is everyone. */
  readonly feature: Feature | null;
  readonly schema: z.ZodType;
}

const Id = z.string().max(128);
const Cursor = z.string().max(64);
const ErrorCode = z.string().describe('See the catalogue of errors');

const Part = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({
    snapshot: z.strictObject({ account_ids: z.array(Id), part: z.int(), parts: z.int(), items: z.array(item) }),
  });

const family = (name: 'account_event' | 'position' | 'pending_position') => {
  const base = BaseMessage.options.find((option) => name in option.shape);
  return (base?.shape as Record<string, z.ZodUnion<readonly z.ZodType[]>>)[name]?.options ?? [];
};

const milliseconds = z.int();

/** A client that names no features hears of the first two only. */
const GrantedResult = z.strictObject({
  ...AuthResult.shape,
  cell: z
    .string()
    .optional()
    .describe('The cell that a refused key is of, where that is another one: its key opens there'),
  features: z.array(z.string()).optional(),
  scopes: z.array(z.enum(['read', 'prices', 'trade'])).optional(),
  expires_date: Micros.nullable().optional(),
  resume: z.enum(['replayed', 'outdated_cursor', 'future_cursor']).nullable().optional(),
  server_date: Micros.optional(),
  limits: z
    .strictObject({
      max_message_bytes: z.int(),
      client_messages_per_second: z.int(),
      ping_interval_ms: milliseconds,
      pong_timeout_ms: milliseconds,
      session_max_age_ms: milliseconds,
      resume_max_age_ms: milliseconds,
      resume_max_events: z.int(),
    })
    .optional(),
});

const AccountFigures = z.strictObject({
  account_id: Id,
  margin: z.number().nullable(),
  equity: z.number().nullable(),
  free_margin: z.number().nullable(),
  margin_level: z.number().nullable(),
});
const PositionFigures = z.strictObject({ account_id: Id, position_id: Id, gross_pl: z.number().nullable() });
const Figures = <Item extends z.ZodType>(item: Item) => z.strictObject({ calculate_updates: z.array(item) });

const Notice = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('going_away'),
    reconnect_after_ms: z.int(),
    deadline_date: Micros,
    cursor: Cursor,
  }),
  z.strictObject({ kind: z.literal('key_expiring'), expires_date: Micros }),
  z.strictObject({ kind: z.literal('upstream_gap'), account_ids: z.null(), from_cursor: Cursor }),
  z.strictObject({ kind: z.literal('upstream_restored'), cursor: Cursor }),
  z.strictObject({ kind: z.literal('conflated'), since_date: Micros }),
]);

const RequestState = z.strictObject({
  request: z.string(),
  request_id: Id,
  process_id: Id,
  account_id: Id,
  state: z.enum(['requested', 'sent', 'unknown', 'accepted', 'rejected', 'expired']),
  waits_for: z.literal('broker').nullable(),
  error: z.enum(tradeErrorCodes).nullable(),
  message: z.string().nullable(),
});

const Limit = z
  .strictObject({ kind: z.string(), of: LimitBreach.shape.of, allowed: z.number(), found: z.number().nullable() })
  .describe('The limit of an operator’s that stopped it; found null: not known now');

const answerOf = (success: z.ZodType) => z.union([z.strictObject({ success }), z.strictObject({ error: ErrorCode })]);
const tradeAnswer = z.union([
  z.strictObject({ success: RequestState }),
  z.strictObject({ error: ErrorCode, message: z.string(), final: z.boolean(), limit: Limit.optional() }),
]);

const message = (feature: Feature | null, description: string, schema: z.ZodType): DocumentedMessage => ({
  ...{ feature, description, schema },
});
const answer = (question: string, success: z.ZodType) =>
  message('responses', `Answers \`${question}\`.`, answerOf(success));
const recorded = (request: string) =>
  message('responses', `Answers \`${request}\`: \`success\` as soon as it is recorded.`, tradeAnswer);

/** What the server says, by the key in `message_type.server_message`. */
export const serverMessages = {
  auth_result: message(null, 'Answers `auth_request`; whoever named features is told what was granted.', GrantedResult),
  account_event: message(
    null,
    'An account was added or changed; its parts of a snapshot, and its figures for those who chose them.',
    z.union([...family('account_event'), Part(Account), Figures(AccountFigures)]),
  ),
  position: message(
    null,
    'A position, whole: it replaces what was known of it.',
    z.union([...family('position'), Part(Position), Figures(PositionFigures)]),
  ),
  pending_position: message(
    null,
    'A limit or stop order, whole. After `canceled`, `failed` and `executed` it stands no longer.',
    z.union([...family('pending_position'), Part(PendingPosition)]),
  ),
  bid_ask: message(null, 'A quote, for keys with the scope `prices`; conflated.', z.strictObject(BidAsk.shape)),
  heartbeat: message(
    'heartbeat',
    'The place of the last event that was sent to this session: another one than yours means that something is lost.',
    z.strictObject({ server_date: Micros, cursor: Cursor }),
  ),
  sync_completed: message(
    'snapshot',
    'Everything that stood, or was missed, has been told. `sequences`: the last event of each account in a snapshot.',
    z.strictObject({
      mode: z.enum(['snapshot', 'replay']),
      cursor: Cursor,
      sequences: z.record(z.string(), z.int()),
    }),
  ),
  notice: message('notice', 'Something about the session itself.', Notice),
  error: message(
    'error',
    'What was sent could not be served. `fatal`: the session ends.',
    z.strictObject({ code: ErrorCode, message: z.string(), fatal: z.boolean() }),
  ),
  subscribe_result: message('subscribe', 'Answers `subscribe`: all of it, or none.', subscriptionResult()),
  unsubscribe_result: message('subscribe', 'Answers `unsubscribe`.', subscriptionResult()),
  server_time_response: answer('get_server_time', z.strictObject({ server_date: Micros })),
  get_accounts_response: answer('get_accounts', z.array(Account)),
  get_positions_response: answer('get_positions', z.array(Position)),
  get_pending_positions_response: answer('get_pending_positions', z.array(PendingPosition)),
  get_last_prices_response: answer('get_last_prices', z.array(BidAsk)),
  place_order_response: recorded('place_order'),
  update_order_response: recorded('update_order'),
  cancel_order_response: recorded('cancel_order'),
  close_position_response: recorded('close_position'),
  update_position_response: recorded('update_position'),
  request_update: message('responses', 'A trading request of this session stands differently now.', RequestState),
} as const satisfies Readonly<Record<string, DocumentedMessage>>;

const asked = (name: keyof typeof clientRequests, feature: Feature | null, description: string): DocumentedMessage =>
  message(feature, description, clientRequests[name]);

/** What a client says, by the key in `message_type.client_message`. */
export const clientMessages = {
  auth_request: asked(
    'auth_request',
    null,
    'The first message. Without `features` the session has the base profile: events, and nothing else.',
  ),
  subscribe: asked('subscribe', 'subscribe', 'Chooses topics: accounts, positions, orders, prices, calculate_updates.'),
  unsubscribe: asked('unsubscribe', 'subscribe', 'Takes topics back.'),
  get_server_time: asked('get_server_time', 'responses', 'The server’s clock.'),
  get_accounts: asked('get_accounts', 'responses', 'Accounts as they stand.'),
  get_positions: asked('get_positions', 'responses', 'Open positions.'),
  get_pending_positions: asked('get_pending_positions', 'responses', 'Limit and stop orders that stand.'),
  get_last_prices: asked('get_last_prices', 'responses', 'Live quotes, for keys with the scope `prices`.'),
  place_order: asked('place_order', 'responses', 'Places an order, for keys with the scope `trade`.'),
  update_order: asked('update_order', 'responses', 'Says the whole of what an order is to be; null clears.'),
  cancel_order: asked('cancel_order', 'responses', 'Cancels an order.'),
  close_position: asked('close_position', 'responses', 'Closes a position, or a part of it.'),
  update_position: asked('update_position', 'responses', 'Says the whole of what protects a position; null clears.'),
} as const satisfies Readonly<Record<keyof typeof clientRequests, DocumentedMessage>>;

/** A frame of the server, protocol section 4. */
export const ServerFrame = z.strictObject({
  message_id: Id,
  message_response_id: Id.optional(),
  sequence: z.int().optional(),
  cursor: Cursor.optional(),
  message_type: z.union([
    z.enum(['Ping', 'Pong']),
    z.strictObject({
      server_message: z.union(
        Object.entries(serverMessages).map(([name, { schema }]) => z.strictObject({ [name]: schema })),
      ),
    }),
  ]),
});

function subscriptionResult() {
  return z.union([z.strictObject({ success: z.literal(true) }), z.strictObject({ error: ErrorCode })]);
}
