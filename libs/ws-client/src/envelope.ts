import type { Account, Operation, PendingPosition, Position } from './models.ts';
import type { RecordedEvent } from './session-event.ts';

type Body = Readonly<Record<string, unknown>>;

/** One frame of the server. */
export interface Envelope {
  readonly id: string;
  /** The request that it answers. */
  readonly answers: string | null;
  readonly sequence: number | null;
  readonly cursor: string | null;
  /** `Ping`, `Pong`, or the name of a message; `position.created` where a family has variants. */
  readonly name: string;
  readonly body: unknown;
}

const FAMILIES = ['account_event', 'position', 'pending_position'];

/** Null for what is no message of this protocol. */
export function decodeEnvelope(data: unknown): Envelope | null {
  if (typeof data !== 'string') return null;
  const frame = parsed(data);
  if (!isBody(frame) || typeof frame['message_id'] !== 'string') return null;
  const { message_id: id, message_response_id: answers, sequence, cursor, message_type: type } = frame;
  const envelope = {
    id,
    answers: typeof answers === 'string' ? answers : null,
    sequence: typeof sequence === 'number' ? sequence : null,
    cursor: typeof cursor === 'string' ? cursor : null,
  };
  if (typeof type === 'string') return { ...envelope, name: type, body: null };
  if (!isBody(type) || !isBody(type['server_message'])) return null;
  const tagged = only(type['server_message']);
  if (!tagged) return null;
  const variant = FAMILIES.includes(tagged.name) && isBody(tagged.body) ? only(tagged.body) : null;
  return variant
    ? { ...envelope, name: `${tagged.name}.${variant.name}`, body: variant.body }
    : { ...envelope, ...tagged };
}

/** Null for messages that are not of the log, and for variants that this version does not know. */
export function recordedEventOf({ id, sequence, cursor, name, body }: Envelope): RecordedEvent | null {
  if (sequence === null || cursor === null) return null;
  const event = { id, sequence, cursor };
  switch (name) {
    case 'account_event.account_added': {
      const account = body as Account;
      return { ...event, type: name, accountId: account.id, account };
    }
    case 'account_event.account_update': {
      const { account, operation } = body as { account: Account; operation: Operation | null };
      return { ...event, type: name, accountId: account.id, account, operation };
    }
    case 'position.created':
    case 'position.updated':
    case 'position.closed': {
      const position = body as Position;
      return { ...event, type: name, accountId: position.account_id, position };
    }
    case 'pending_position.created':
    case 'pending_position.updated':
    case 'pending_position.canceled':
    case 'pending_position.failed':
    case 'pending_position.executed': {
      const pending = body as PendingPosition;
      return { ...event, type: name, accountId: pending.account_id, pending };
    }
    default:
      return null;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function only(body: Body): { readonly name: string; readonly body: unknown } | null {
  const [entry, ...more] = Object.entries(body);
  return entry && more.length === 0 ? { name: entry[0], body: entry[1] } : null;
}

const isBody = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value);
