/** How often Node looks for requests that take too long; 30 s unless it is told. */
const LOOK_MS = 1_000;

/**
 * Options for Fastify that hold how long a request may take to arrive, head and body.
 * Node swaps its two limits where that of the head is the longer one, and that is a minute unless it is told.
 */
export const arrivalWithin = (timeoutMs: number) => ({
  requestTimeout: timeoutMs,
  http: { headersTimeout: timeoutMs, requestTimeout: timeoutMs, connectionsCheckingInterval: LOOK_MS },
});
