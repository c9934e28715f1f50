import { readFlatJson } from '@core/kernel/foreign-json';
import { err, ok, type Result } from '@core/kernel/result';
import { z } from 'zod';
import { isTradeRequest, tradeRequests, type TradeRequest } from './trade-request.ts';

/** What a client may ask for beyond the base profile; the server names what it grants. */
const FEATURES = ['sequence', 'snapshot', 'subscribe', 'responses', 'error', 'heartbeat', 'notice'] as const;
export type Feature = (typeof FEATURES)[number];

const ID_MAX = 128;
const SECRET_MAX = 512;

/** As many as a frame holds: how many a session may name is its subscriptions' to say. */
const Ids = z.array(z.string().max(64)).nullish();
const TopicSubscription = z.object({ topics: z.array(z.string().max(32)).max(16), account_ids: Ids, asset_pairs: Ids });
export type TopicSubscription = z.output<typeof TopicSubscription>;

const AuthRequest = z.object({
  secret_key: z.string().max(SECRET_MAX),
  features: z.array(z.string().max(32)).max(32).optional(),
  resume: z.object({ cursor: z.string().max(64) }).nullish(),
});

const Filter = z.object({
  trader_id: z.string().max(64).nullish(),
  account_id: z.string().max(64).nullish(),
  position_id: z.string().max(64).nullish(),
  asset_pair: z.string().max(64).nullish(),
});
export type Filter = z.output<typeof Filter>;

const QUESTIONS = [
  'get_server_time',
  'get_accounts',
  'get_positions',
  'get_pending_positions',
  'get_last_prices',
] as const;
export type Question = (typeof QUESTIONS)[number];

/** Bodies of everything that a client may ask, by name. */
export const clientRequests = {
  auth_request: AuthRequest,
  subscribe: TopicSubscription,
  unsubscribe: TopicSubscription,
  ...({
    get_server_time: Filter,
    get_accounts: Filter,
    get_positions: Filter,
    get_pending_positions: Filter,
    get_last_prices: Filter,
  } satisfies Record<Question, z.ZodType>),
  ...tradeRequests,
} as const;

export type ClientMessage =
  | { readonly kind: 'ping' | 'pong' | 'unknown'; readonly id: string }
  | {
      readonly kind: 'auth_request';
      readonly id: string;
      readonly secretKey: string;
      /** Null for a client of the base profile, which never heard of features. */
      readonly features: readonly Feature[] | null;
      /** Null where the client does not resume. */
      readonly cursor: string | null;
    }
  | { readonly kind: 'subscribe' | 'unsubscribe'; readonly id: string; readonly subscription: TopicSubscription }
  | { readonly kind: 'trade'; readonly id: string; readonly request: TradeRequest }
  | { readonly kind: 'question'; readonly id: string; readonly question: Question; readonly filter: Filter };

/** What was wrong with a frame, without a word of what it held. */
export interface BadFrame {
  /** The frame's id where it had one, to answer to. */
  readonly id: string | null;
  readonly detail: string;
}

const Envelope = z.object({ message_id: z.string().max(ID_MAX), message_type: z.unknown() });
const Tagged = z.object({ client_message: z.record(z.string(), z.unknown()) });

/** Reads one text frame, protocol sections 4, 5, 7 and 9. Keys and variants nobody documented are not errors of form. */
export function decodeClientMessage(frame: string): Result<ClientMessage, BadFrame> {
  const envelope = Envelope.safeParse(readFlatJson(frame));
  if (!envelope.success) return err({ id: null, detail: detailOf('envelope', envelope.error) });
  const { message_id: id, message_type: type } = envelope.data;

  if (type === 'Ping' || type === 'ping') return ok({ kind: 'ping', id });
  if (type === 'Pong' || type === 'pong') return ok({ kind: 'pong', id });
  const tagged = Tagged.safeParse(type);
  if (!tagged.success) return err({ id, detail: detailOf('message_type', tagged.error) });
  const entries = Object.entries(tagged.data.client_message);
  const [entry] = entries;
  if (!entry || entries.length > 1) return err({ id, detail: 'client_message: expected exactly one variant' });
  return decodeVariant(id, ...entry);
}

function decodeVariant(id: string, name: string, body: unknown): Result<ClientMessage, BadFrame> {
  if (name === 'auth_request') {
    const read = AuthRequest.safeParse(body);
    if (!read.success) return err({ id, detail: detailOf(name, read.error) });
    const { secret_key: secretKey, features, resume } = read.data;
    const known = features && FEATURES.filter((feature) => features.includes(feature));
    return ok({ kind: name, id, secretKey, features: known ?? null, cursor: resume?.cursor ?? null });
  }
  if (name === 'subscribe' || name === 'unsubscribe') {
    const read = TopicSubscription.safeParse(body);
    return read.success
      ? ok({ kind: name, id, subscription: read.data })
      : err({ id, detail: detailOf(name, read.error) });
  }
  if (isTradeRequest(name)) {
    const read = tradeRequests[name].safeParse(body);
    return read.success
      ? ok({ kind: 'trade', id, request: { name, body: read.data } as TradeRequest })
      : err({ id, detail: detailOf(name, read.error) });
  }
  const question = QUESTIONS.find((each) => each === name);
  if (!question) return ok({ kind: 'unknown', id });
  const read = Filter.safeParse(body ?? {});
  return read.success
    ? ok({ kind: 'question', id, question, filter: read.data })
    : err({ id, detail: detailOf(question, read.error) });
}

/** Names fields, never values: a frame may hold the key. */
const detailOf = (where: string, { issues }: z.ZodError): string =>
  issues
    .map(({ path, code, message }) => `${[where, ...path].join('.')}: ${code === 'custom' ? message : code}`)
    .join('; ')
    .slice(0, 200);
