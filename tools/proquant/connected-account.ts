import { z } from 'zod';

/** The body of an Integration request, guide section "Creating an Integration". */
export const IntegrationBody = z.object({
  name: z.string().min(1).max(256),
  description: z.string().max(256),
  imageUrl: z.url(),
  userEmail: z.email(),
  webhook: z.object({ url: z.url(), headers: z.record(z.string(), z.string()).default({}) }),
});
export type IntegrationBody = z.output<typeof IntegrationBody>;

/** An Integration as ProQuant keeps it, which its app calls a connected account. */
export interface ConnectedAccount {
  /** Its place among all, from 1: what people say at the terminal. */
  readonly number: number;
  readonly asked: IntegrationBody;
  state: 'requested' | 'approved' | 'rejected' | 'deleted';
  /** Names of the strategies whose signals it gets. */
  readonly enabledFor: Set<string>;
}
