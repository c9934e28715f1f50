import { PrimaryClient } from './primary-client.ts';

interface Patience {
  readonly Client: typeof PrimaryClient;
  readonly connectionTimeoutMillis: number;
  readonly query_timeout: number;
}

/**
 * How long a pool of connections to Postgres waits to be let in, and for each answer: a server that hangs is as good as
 * none, and so is one that is no primary.
 */
export const patience = (timeoutMs: number): Patience => ({
  Client: PrimaryClient,
  connectionTimeoutMillis: timeoutMs,
  query_timeout: timeoutMs,
});

/** For those who read much at once, and for whom nobody waits. */
export const LONG_PATIENCE_MS = 65_000;
