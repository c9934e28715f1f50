import { bytesOf, uuidOf } from '@core/kernel/uuid';
import type { RequestId } from './primitives.ts';

const TOKEN_PATTERN = /^tc[A-Za-z0-9_-]{22}$/;

/**
 * The mark of one of our requests in a broker's free-text field: 24 ASCII characters, reversible.
 * A lookup token only: brokers wipe and copy comments, so it is never the sole key.
 */
export const tokenOf = (requestId: RequestId): string => `tc${bytesOf(requestId).toString('base64url')}`;

/** The request a broker's comment speaks of; `null` when the comment is not of our making. */
export const requestOfToken = (comment: string | null): RequestId | null =>
  comment !== null && TOKEN_PATTERN.test(comment) ? uuidOf(Buffer.from(comment.slice(2), 'base64url')) : null;
