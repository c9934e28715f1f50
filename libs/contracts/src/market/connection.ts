import { z } from 'zod';

/** Answer to `subjects.connection`: whether there is a session that could send something to the broker now. */
export const AccountConnection = z.object({ isConnected: z.boolean() });
export type AccountConnection = z.output<typeof AccountConnection>;
