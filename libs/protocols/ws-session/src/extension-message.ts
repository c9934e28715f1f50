// What the server says only to clients that asked for it, protocol section 9.
import type { Instant } from '@core/contracts/primitives';
import { toMicros } from '@core/kernel/instant';
import type { Question } from './client-message.ts';
import type { SessionErrorCode } from './error-code.ts';
import { arrayText, type JsonText } from './encoder.ts';
import type { MessageJson, MessageText } from './server-message.ts';

/** `text` is for people and never quotes the client: its frame may hold the key. */
export const errorMessage = (code: SessionErrorCode, text: string, fatal: boolean): MessageJson => ({
  error: { code, message: text, fatal },
});

/** `cursor` is the last event sent to this session: another one than the client's last means that something is lost. */
export const heartbeatMessage = (now: Instant, cursor: string): MessageJson => ({
  heartbeat: { server_date: toMicros(now), cursor },
});

export const goingAwayNotice = (reconnectAfterMs: number, deadline: Instant, cursor: string): MessageJson => ({
  notice: {
    kind: 'going_away',
    reconnect_after_ms: reconnectAfterMs,
    deadline_date: toMicros(deadline),
    cursor,
  },
});

/** The secret of this session ends at `end`: ask for a new one. */
export const keyExpiringNotice = (end: Instant): MessageJson => ({
  notice: { kind: 'key_expiring', expires_date: toMicros(end) },
});

/** Contact with what tells events was lost: what happens is told late, and none of it is lost. */
export const upstreamGapNotice = (cursor: string): MessageJson => ({
  notice: { kind: 'upstream_gap', account_ids: null, from_cursor: cursor },
});

/** Everything up to `cursor` has been told. */
export const upstreamRestoredNotice = (cursor: string): MessageJson => ({
  notice: { kind: 'upstream_restored', cursor },
});

/** A session did not keep up: prices and figures in between were left out since then. */
export const conflatedNotice = (since: Instant): MessageJson => ({
  notice: { kind: 'conflated', since_date: toMicros(since) },
});

export type SnapshotFamily = 'account_event' | 'position' | 'pending_position';

/** The client replaces what it knows of `accountIds` by the items of all parts. */
export const snapshotMessage = (
  family: SnapshotFamily,
  accountIds: readonly string[],
  [part, parts]: readonly [part: number, parts: number],
  items: readonly JsonText[],
): MessageText => {
  const said = JSON.stringify({ account_ids: accountIds, part, parts }).slice(0, -1);
  return `{"${family}":{"snapshot":${said},"items":${arrayText(items)}}}}`;
};

/** What follows is newer than everything before it. */
export const syncCompletedMessage = (
  mode: 'snapshot' | 'replay',
  cursor: string,
  sequences: Readonly<Record<string, number>>,
): MessageJson => ({ sync_completed: { mode, cursor, sequences } });

export const subscriptionResult = (kind: 'subscribe' | 'unsubscribe', error: SessionErrorCode | null): MessageJson => ({
  [`${kind}_result`]: error === null ? { success: true } : { error },
});

const RESPONSES = {
  get_server_time: 'server_time_response',
  get_accounts: 'get_accounts_response',
  get_positions: 'get_positions_response',
  get_pending_positions: 'get_pending_positions_response',
  get_last_prices: 'get_last_prices_response',
} as const satisfies Record<Question, string>;

export const serverTimeAnswer = (now: Instant): MessageJson => ({
  [RESPONSES.get_server_time]: { success: { server_date: toMicros(now) } },
});

export const itemsAnswer = (question: Question, items: readonly JsonText[]): MessageText =>
  `{"${RESPONSES[question]}":{"success":${arrayText(items)}}}`;

export const failure = (question: Question, error: SessionErrorCode): MessageJson => ({
  [RESPONSES[question]]: { error },
});

/** What a session is granted, beside its `auth_result`. */
export interface Grant {
  readonly features: readonly string[];
  readonly scopes: readonly string[];
  /** Of the secret; null where it has no end. */
  readonly expiresAt: Instant | null;
  readonly resume: 'replayed' | 'outdated_cursor' | 'future_cursor' | null;
  readonly serverTime: Instant;
  readonly maxMessageBytes: number;
  readonly clientMessagesPerSecond: number;
  readonly pingIntervalMs: number;
  readonly pongTimeoutMs: number;
  readonly sessionMaxAgeMs: number;
  readonly resumeMaxAgeMs: number;
  readonly resumeMaxEvents: number;
}

export const grantSiblings = (grant: Grant): MessageJson => ({
  features: grant.features,
  scopes: grant.scopes,
  expires_date: grant.expiresAt && toMicros(grant.expiresAt),
  resume: grant.resume,
  server_date: toMicros(grant.serverTime),
  limits: {
    max_message_bytes: grant.maxMessageBytes,
    client_messages_per_second: grant.clientMessagesPerSecond,
    ping_interval_ms: grant.pingIntervalMs,
    pong_timeout_ms: grant.pongTimeoutMs,
    session_max_age_ms: grant.sessionMaxAgeMs,
    resume_max_age_ms: grant.resumeMaxAgeMs,
    resume_max_events: grant.resumeMaxEvents,
  },
});
