import { z } from 'zod';

const CheckResult = z.object({
  status: z.enum(['up', 'down']),
  reason: z.string().optional(),
  /** While it is down: how long ago it was last seen up; null when it never was. */
  lastUpMsAgo: z.number().nullable().optional(),
});

/** Whether a process may be given work, as its health port says it and the ledger on `ledger.ready`. */
export const Readiness = z.object({
  status: z.enum(['ok', 'error']),
  checks: z.record(z.string(), CheckResult),
  /** What keeps nobody from being given work, and an operator should know. */
  notes: z.array(z.string()).optional(),
});
export type Readiness = z.output<typeof Readiness>;
