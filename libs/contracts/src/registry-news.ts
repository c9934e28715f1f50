// What an operator tells of the registry. It says that something changed; what it is now, the registry is asked.
import { z } from 'zod';
import { Uuid } from './primitives.ts';

/** Accounts, credentials or integrations changed. */
export const RegistryChanged = z.object({});

/** An access right was withdrawn. */
export const KeyRevoked = z.object({ keyId: Uuid });
