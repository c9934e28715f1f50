import {
  mayTrade,
  withWord,
  type ByRegistration,
  type KnownConsents,
  type Registration,
} from './integration-consent.ts';
import type { Instant, IntegrationId } from './primitives.ts';

interface Word {
  readonly enabled: boolean;
  readonly name: string;
  /** By the sender's clock, as far as it may order what was sent; null of what was recorded before it was kept. */
  readonly since: Instant | null;
}

/** What a user last said of a strategy under each registration of its integration. */
export type StrategyWords = ByRegistration<Word>;

interface Said {
  readonly integrationId: IntegrationId;
  readonly registration?: Registration | undefined;
  readonly registrations?: readonly Registration[] | undefined;
}

/**
 * Whether a strategy is on: under one registration at least that its user lets trade, for each switches it on and off
 * for itself. Null where nobody said, for such words can be lost.
 */
export function isStrategyOn(
  words: StrategyWords,
  consents: KnownConsents,
  integrationId: IntegrationId,
): boolean | null {
  const said = Object.entries(words);
  if (said.length === 0) return null;
  const known = consents[integrationId] ?? {};
  return said.some(([registration, { enabled }]) => enabled && mayTrade(known, registration, words));
}

/**
 * Whether a strategy is on, or goes on to be, whatever is said of it under this one registration. Such a word orders
 * nothing of what its other registrations send.
 */
export const isOnBeside = (words: StrategyWords, consents: KnownConsents, said: Said): boolean =>
  isStrategyOn(withWord(words, said, OFF), consents, said.integrationId) === true;

const OFF: Word = { enabled: false, name: '', since: null };
