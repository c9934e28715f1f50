import type { NotSentCause, RejectionReason } from '@core/contracts/events/request';
import type { LimitBreach } from '@core/contracts/limit';
import type { Refusal, RefusalReason } from '@core/contracts/refusal';
import type { Language } from '@core/kernel/language';
import { unreachable } from '@core/kernel/unreachable';
import type { Asked, Note } from '@core/views/tradingview/ticket';
import { isTextKey, say, type UserText } from '../texts/user-text.ts';
import type { TvMessage } from '../wire/order.ts';

// What a user reads about what did not happen, or happened without them. No ids, no codes, no jargon.

/** Why the ledger said no, for `errmsg`. Reasons that no edge of ours can cause are one sentence. */
export function refusalText(reason: RefusalReason): UserText {
  const key = `refusal.${reason}`;
  return { key: isTextKey(key) ? key : 'refusal.other' };
}

/** The same of a whole refusal: a limit says what it allows and what was asked. */
export const refusedText = ({ reason, breach }: Refusal): UserText =>
  breach === undefined ? refusalText(reason) : limitText(breach);

function limitText({ limit, allowed, found }: LimitBreach): UserText {
  return found === null ? { key: 'refusal.limit-unmeasured' } : { key: `limit.${limit}`, values: { allowed, found } };
}

/** Of a net position with so many positions beneath it: why some of them, or all, are not being closed. */
export function partlyClosedText(refusals: readonly UserText[], positions: number): UserText {
  const why = [...new Map(refusals.map((refusal) => [JSON.stringify(refusal), refusal])).values()];
  return { key: 'position.partlyClosed', values: { closing: positions - refusals.length, positions, why } };
}

/** A note as the message of an order or a position. */
export function messageOf(note: Note, language: Language): TvMessage {
  const [type, text] = meantBy(note);
  return { text: say(language, text), type };
}

function meantBy(note: Note): readonly [TvMessage['type'], UserText] {
  switch (note.about) {
    case 'rejected': {
      const { what, reason, text } = note;
      return ['error', { key: 'note.rejected', values: { what, reason: rejectionText(reason, text) } }];
    }
    case 'unknown':
      return ['warning', { key: 'note.unknown', values: { what: note.what } }];
    case 'not-sent':
      return unsent(note.what, note.cause ?? 'too-old');
    case 'not-executed':
      if (note.cause !== undefined) return unsent(note.what, note.cause);
      return ['error', { key: 'note.notExecuted', values: { what: note.what } }];
    case 'waiting':
      return ['information', { key: 'note.waiting' }];
    case 'not-connected':
      return ['warning', { key: 'note.notConnected', values: { what: note.what } }];
    case 'resolved': {
      const key = note.executed ? 'note.resolvedExecuted' : 'note.resolvedNotExecuted';
      return ['information', { key, values: { what: note.what } }];
    }
    case 'expired':
      return ['information', { key: 'note.expired' }];
    case 'trigger-failed':
      return ['error', { key: 'note.triggerFailed' }];
    case 'overtaken':
      return ['information', { key: 'note.overtaken' }];
    case 'revived':
      return ['warning', { key: 'note.revived' }];
    case 'closed':
      return [note.reason === 'stop-out' ? 'warning' : 'information', { key: `closed.${note.reason}` }];
    case 'half-reversed':
      return ['error', { key: 'note.halfReversed', values: { why: meantBy(note.why)[1] } }];
    default:
      return unreachable(note);
  }
}

const unsent = (what: Asked, cause: NotSentCause): readonly [TvMessage['type'], UserText] =>
  cause === 'cancelled'
    ? ['information', { key: 'note.takenBack', values: { what } }]
    : ['error', { key: 'note.notSent', values: { what, cause: { key: `unsent.${cause}` } } }];

/** The broker's own words say more only where we have none. */
const rejectionText = (reason: RejectionReason, said: string | null): UserText =>
  reason === 'broker-error' && said !== null && said !== ''
    ? { key: 'rejection.broker-said', values: { said } }
    : { key: `rejection.${reason}` };
