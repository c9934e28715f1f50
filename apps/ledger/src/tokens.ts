/** The connection to NATS, which has no class of its own. */
export const NATS = Symbol('the connection to NATS');
