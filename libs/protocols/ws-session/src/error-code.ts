import { NotSentCause, RejectionReason } from '@core/contracts/events/request';
import { RefusalReason } from '@core/contracts/refusal';
import type { FailureReason } from '@core/views/ws-session/session-requests';

type Snake<Reason extends string> = Reason extends `${infer Head}-${infer Tail}` ? `${Head}_${Snake<Tail>}` : Reason;

/** What the protocol has words for already; every other reason is its own name. */
const WIRE_NAMES = {
  'unknown-account': 'account_not_found',
  'unknown-instrument': 'asset_pair_not_found',
  'volume-below-minimum': 'lots_too_low',
  'volume-too-low': 'lots_too_low',
  'volume-above-maximum': 'lots_too_high',
  'volume-too-high': 'lots_too_high',
  'volume-exceeds-position': 'lots_too_high',
  'price-required': 'invalid_desire_price',
  'price-not-allowed': 'invalid_desire_price',
  'price-off-tick': 'invalid_desire_price',
  'invalid-price': 'invalid_desire_price',
  'stop-loss-on-wrong-side': 'invalid_sl',
  'take-profit-on-wrong-side': 'invalid_tp',
  'unknown-order': 'order_not_found',
  'order-not-working': 'order_not_found',
  'unknown-position': 'position_not_found',
  'position-not-open': 'position_not_found',
  'price-unknown': 'no_liquidity',
  'off-quotes': 'no_liquidity',
  'market-closed': 'day_off',
  'insufficient-funds': 'not_enough_balance',
  'trading-disabled': 'account_trading_disabled',
  malformed: 'invalid_message_format',
  'command-id-reused': 'process_id_duplicate',
} as const satisfies Partial<Record<RefusalReason | FailureReason, string>>;

type Reason = RefusalReason | FailureReason;
type CodeOf<Why extends Reason> = Why extends keyof typeof WIRE_NAMES ? (typeof WIRE_NAMES)[Why] : Snake<Why>;
export type TradeErrorCode = CodeOf<Reason>;

/** The code of a no of ours or of the broker's, protocol section 9.6. */
export const errorCodeOf = <Why extends Reason>(reason: Why): CodeOf<Why> =>
  ((WIRE_NAMES as Partial<Record<Reason, string>>)[reason] ?? reason.replaceAll('-', '_')) as CodeOf<Why>;

/** Everything by which a trading request can come to nothing. */
const REASONS: readonly Reason[] = [
  ...[...RefusalReason.options, ...RejectionReason.options, ...NotSentCause.options],
  ...(['not-sent', 'not-executed'] as const),
];
export const tradeErrorCodes: readonly TradeErrorCode[] = [...new Set(REASONS.map((reason) => errorCodeOf(reason)))];

/** What has a word of its own in the protocol is told in that. */
const WORDS: Partial<Record<Reason, string>> = {
  'command-id-reused': 'another request was made under this process_id',
};

/** The reason in words; `said` is what somebody added to it. */
export const reasonText = (reason: Reason, said: string | null): string =>
  [WORDS[reason] ?? reason.replaceAll('-', ' '), ...(said === null || said === '' ? [] : [said])].join(': ');

/** Codes that the session itself gives, whatever was asked. */
export const sessionErrorCodes = [
  'invalid_message_format',
  'already_authenticated',
  'unauthorized',
  'rate_limited',
  'unsupported_feature',
  'unknown_topic',
  'account_not_found',
  'position_not_found',
  'order_not_found',
  'asset_pair_not_found',
  'too_many_subscriptions',
  'invalid_sl',
  'invalid_tp',
  'network_error',
  'unexpected',
] as const;
export type SessionErrorCode = (typeof sessionErrorCodes)[number];

export type ErrorCode = SessionErrorCode | TradeErrorCode;
