// What a session hears of what it asked of the broker: docs/decisions/0030.
import type { AccountId, RequestId } from '@core/contracts/primitives';
import { isPassing, type Refusal } from '@core/contracts/refusal';
import type { SessionRequest, TradeRequestName } from '@core/views/ws-session/session-requests';
import type { LimitBreach } from '@core/contracts/limit';
import { errorCodeOf, reasonText, type ErrorCode } from './error-code.ts';
import { limitModelOf, limitText } from './limit-words.ts';
import type { MessageJson } from './server-message.ts';

/** Where a request stands. */
export interface TradeStatus extends Pick<SessionRequest, 'name' | 'processId' | 'state' | 'why' | 'text'> {
  readonly id: RequestId;
  readonly accountId: AccountId;
  /** The account's broker is not connected. */
  readonly isCutOff: boolean;
}

const statusJson = ({ id, name, processId, accountId, state, why, text, isCutOff }: TradeStatus): MessageJson => ({
  request: name,
  request_id: id,
  process_id: processId,
  account_id: accountId,
  state,
  waits_for: state === 'requested' && isCutOff ? 'broker' : null,
  error: why && errorCodeOf(why),
  message: why && reasonText(why, text),
});

/** The ledger has recorded it. */
export const tradeAnswer = (status: TradeStatus): MessageJson => ({
  [`${status.name}_response`]: { success: statusJson(status) },
});

/** It became something else meanwhile. */
export const requestUpdate = (status: TradeStatus): MessageJson => ({ request_update: statusJson(status) });

/** Why it was not taken. `isFinal`: it never will be under this process id. */
export interface TradeFailure {
  readonly code: ErrorCode;
  readonly text: string;
  readonly isFinal: boolean;
  /** The limit of an operator's that stopped it, where one did. */
  readonly breach?: LimitBreach | undefined;
}

export const tradeFailureOf = ({ reason, text, breach }: Refusal): TradeFailure => ({
  code: errorCodeOf(reason),
  text: reasonText(reason, breach ? limitText(breach) : text),
  isFinal: !isPassing(reason),
  breach,
});

export const tradeFailure = (name: TradeRequestName, { code, text, isFinal, breach }: TradeFailure): MessageJson => ({
  [`${name}_response`]: { error: code, message: text, final: isFinal, ...(breach && { limit: limitModelOf(breach) }) },
});
