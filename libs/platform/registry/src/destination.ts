import type { AccountId, Venue } from '@core/contracts/primitives';

/** Where an account's password goes, and whose money it moves: what it is sealed for, and opens for nothing else. */
export interface Destination {
  readonly venue: Venue;
  readonly protocol: string;
  /** Where the venue is, in the terms of its protocol. */
  readonly endpoint: unknown;
  readonly mode: 'demo' | 'live';
}

/** The purpose of an account's sealed password. Whoever writes the registry and points it elsewhere makes it another one. */
export const purposeOf = (account: AccountId, { venue, protocol, endpoint, mode }: Destination): string =>
  JSON.stringify(['broker-password', account, venue, protocol, mode, endpoint], inOrder);

/** Databases keep the names of an object in an order of their own. */
const inOrder = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;
