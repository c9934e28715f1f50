/** The connection to NATS, which has no class of its own. */
export const NATS_CONNECTION = Symbol('the connection to NATS');
