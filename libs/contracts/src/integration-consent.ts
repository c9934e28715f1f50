import { z } from 'zod';
import type { Instant, IntegrationId } from './primitives.ts';

/**
 * One of the times an integration was registered at its sender, told apart by a fingerprint of the token it was given.
 * While tokens rotate there are several, each approved, rejected and deleted for itself.
 */
export const Registration = z.string().regex(/^[0-9a-f]{16}$/);
export type Registration = z.output<typeof Registration>;

/** Under which registration a user said something, and those whose tokens were good then. Before they were kept: none. */
export const underRegistration = {
  registration: Registration.optional(),
  registrations: z.array(Registration).max(8).optional(),
};

export type ConsentStatus = 'approved' | 'rejected' | 'deleted';

interface Consent {
  readonly status: ConsentStatus;
  readonly since: Instant;
}

interface Said {
  readonly integrationId: IntegrationId;
  readonly registration?: Registration | undefined;
  readonly registrations?: readonly Registration[] | undefined;
}

/** The last word of each registration; under `UNNAMED` where nobody knows of which it was said. */
export type ByRegistration<Word> = Readonly<Record<Registration, Word>>;

/** What the user of each integration last said of each registration, and when. */
export type Consents = Record<IntegrationId, ByRegistration<Consent>>;
export type KnownConsents = Readonly<Consents>;

const UNNAMED = '';

/** The last that was said of the registration that this is said of. */
export const lastWord = <Word>(
  words: ByRegistration<Word>,
  { registration = UNNAMED }: Pick<Said, 'registration'>,
): Word | undefined => words[registration];

/** What was last said of a registration, be it before registrations were told apart. */
export const consentTo = (
  consents: KnownConsents,
  integrationId: IntegrationId,
  registration: Registration,
): Consent | undefined => consents[integrationId]?.[registration] ?? consents[integrationId]?.[UNNAMED];

/** What was said of a registration whose token is good no more is forgotten: nobody can take it back. */
export function stillSaid<Word>(
  words: ByRegistration<Word>,
  { registrations: good }: Pick<Said, 'registrations'>,
): ByRegistration<Word> {
  // What names no registration was said of those that have no word of their own.
  const isGood = (each: Registration): boolean =>
    each === UNNAMED ? !good?.every((named) => named in words) : !good || good.includes(each);
  return Object.fromEntries(Object.entries(words).filter(([each]) => isGood(each)));
}

/** All that holds once a word was said of a registration. */
export const withWord = <Word>(
  words: ByRegistration<Word>,
  said: Pick<Said, 'registration' | 'registrations'>,
  word: Word,
): ByRegistration<Word> => stillSaid({ ...words, [said.registration ?? UNNAMED]: word }, said);

export function hearConsent(consents: Consents, said: Said, consent: Consent): void {
  consents[said.integrationId] = withWord(consents[said.integrationId] ?? {}, said, consent);
}

/**
 * Whether a user lets the registration trade that something else was said of: it was not taken back. What was said of
 * none by name holds while one of those without a word of their own, which are not among `named`, may.
 */
export function mayTrade(
  consents: ByRegistration<Consent>,
  registration: Registration,
  named: ByRegistration<unknown>,
): boolean {
  const itself = consents[registration] ?? consents[UNNAMED];
  if (registration !== UNNAMED) return itself === undefined || itself.status === 'approved';
  const others = Object.entries(consents).filter(([each]) => each === UNNAMED || !(each in named));
  return others.length === 0 || others.some(([, { status }]) => status === 'approved');
}

/**
 * When the last registration of an integration that stood fell. Null while one is approved, and without any word, for
 * such words can be lost.
 */
export function withdrawnAt(consents: KnownConsents, integrationId: IntegrationId): Instant | null {
  const known = Object.values(consents[integrationId] ?? {});
  if (known.some(({ status }) => status === 'approved')) return null;
  return known.reduce<Instant | null>((last, { since }) => (last === null || since > last ? since : last), null);
}
