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

interface Consent {
  readonly status: 'approved' | 'rejected' | 'deleted';
  readonly since: Instant;
}

interface Said {
  readonly integrationId: IntegrationId;
  readonly registration?: Registration | undefined;
  readonly registrations?: readonly Registration[] | undefined;
}

/** What the user of each integration last said of each registration, and when; under `UNNAMED` where that is not known. */
export type Consents = Record<IntegrationId, Readonly<Record<Registration, Consent>>>;
type KnownConsents = Readonly<Consents>;

const UNNAMED = '';

/** The last that was said of what this is said of. */
export const lastConsent = (consents: Consents, { integrationId, registration = UNNAMED }: Said): Consent | undefined =>
  consents[integrationId]?.[registration];

/** Whether anything was said of a registration, be it before registrations were told apart. */
export const isSpokenOf = (consents: Consents, integrationId: IntegrationId, registration: Registration): boolean =>
  [UNNAMED, registration].some((named) => consents[integrationId]?.[named] !== undefined);

/** What was said of a registration whose token is good no more is forgotten: nobody can take it back. */
export function hearConsent(consents: Consents, said: Said, consent: Consent): void {
  const { integrationId, registration = UNNAMED, registrations: good } = said;
  const known = { ...consents[integrationId], [registration]: consent };
  // What names no registration was said of those that have no word of their own.
  const isGood = (each: Registration): boolean =>
    each === UNNAMED ? !good?.every((named) => named in known) : !good || good.includes(each);
  consents[integrationId] = Object.fromEntries(Object.entries(known).filter(([each]) => isGood(each)));
}

/** Whether an integration goes on to stand when one registration of it falls. */
export function standsBeside(consents: KnownConsents, said: Said): boolean {
  const after = { ...consents };
  hearConsent(after, said, { status: 'deleted', since: '' });
  return withdrawnAt(after, said.integrationId) === null;
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
