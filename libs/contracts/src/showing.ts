import { z } from 'zod';
import { Instant } from './primitives.ts';

/** When an edge first gave a reader what an event did, and in which list or message. */
export const Showing = z.object({ position: z.number().int(), at: Instant, where: z.string() });
export type Showing = z.infer<typeof Showing>;
