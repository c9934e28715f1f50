// What codes mean to whoever meets them, for documents.
import type { CloseName } from './close-code.ts';
import type { SessionErrorCode } from './error-code.ts';

export interface Meaning {
  readonly cause: string;
  readonly remedy: string;
}

const means = (cause: string, remedy: string): Meaning => ({ cause, remedy });

const COME_BACK = 'Reconnect after a random wait, and resume from the last cursor.';

export const closeMeanings: Readonly<Record<CloseName, Meaning>> = {
  normal: means('The client said goodbye.', 'Nothing.'),
  going_away: means('This instance stops.', COME_BACK),
  binary_frame: means('A frame was not text.', 'Send JSON in text frames.'),
  message_too_big: means('A frame was larger than `limits.max_message_bytes`.', 'Send less at once.'),
  internal_error: means('The server failed.', COME_BACK),
  try_again_later: means(
    'Keys cannot be looked up, or the log cannot be read, at the moment.',
    'Reconnect after 5 s or more, and resume.',
  ),
  invalid_message_format: means(
    'A frame was no message of the protocol; with the feature `error`, the third within a minute.',
    'Mend the client.',
  ),
  unauthorized: means(
    'The key is unknown, has ended or was revoked, or something else than `auth_request` came first.',
    'Stop, and ask for another key.',
  ),
  auth_timeout: means('No `auth_request` came in time.', 'Authenticate as soon as the socket is open.'),
  too_many: means(
    'Too many connections, sessions of this key, refused keys, or frames a second.',
    'Reconnect after 30 s or more; use fewer sessions, or send less.',
  ),
  session_max_age: means('The session is as old as sessions get.', COME_BACK),
  slow_consumer: means('The client did not read fast enough; it sees 1006.', `Read faster. ${COME_BACK}`),
  heartbeat_timeout: means(
    'Nothing was heard of the client for `limits.pong_timeout_ms`.',
    `Answer every Ping. ${COME_BACK}`,
  ),
};

export const sessionErrorMeanings: Readonly<Record<SessionErrorCode, Meaning>> = {
  invalid_message_format: means(
    'The message does not have the shape it must have.',
    'Mend it; `message` names the field.',
  ),
  already_authenticated: means('A second `auth_request` on one session.', 'Open another connection for another key.'),
  unauthorized: means('The key does not have the scope that this needs.', 'Ask for a key with `prices` or `trade`.'),
  rate_limited: means('More was asked than the key may ask.', 'Ask again later.'),
  unsupported_feature: means(
    'The session did not ask for the feature that this belongs to.',
    'Name it in `auth_request.features`.',
  ),
  unknown_topic: means('There is no such topic, or the key may not have it.', 'Choose among the topics of the key.'),
  account_not_found: means('There is no such account within what the key sees.', 'Ask `get_accounts` which there are.'),
  position_not_found: means('There is no such open position on the account.', 'Read the positions again.'),
  order_not_found: means('There is no such working order on the account.', 'Read the orders again.'),
  asset_pair_not_found: means(
    'The account’s broker does not offer this instrument.',
    'Use the names of its instruments.',
  ),
  too_many_subscriptions: means(
    'More than 1 000 accounts and instruments were named, or the prices of more than 200 instruments asked for without naming them.',
    'Subscribe to all accounts instead; name the instruments whose prices you want.',
  ),
  invalid_sl: means(
    'This stop loss is not possible: on the wrong side of the price, or an amount of money.',
    'Correct it.',
  ),
  invalid_tp: means(
    'This take profit is not possible: on the wrong side of the price, or an amount of money.',
    'Correct it.',
  ),
  network_error: means(
    'Nobody answered in time. It is no rejection: it may have been done.',
    'Ask again under the same `process_id`.',
  ),
  unexpected: means('The server failed.', 'Ask again under the same `process_id`; tell us when it stays.'),
};
