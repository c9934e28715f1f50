/** How long a pool of connections to Postgres waits to be let in, and for each answer: a server that hangs is as good as none. */
export const patience = (timeoutMs: number): { connectionTimeoutMillis: number; query_timeout: number } => ({
  connectionTimeoutMillis: timeoutMs,
  query_timeout: timeoutMs,
});

/** For those who read much at once, and for whom nobody waits. */
export const LONG_PATIENCE_MS = 65_000;
