/** Names under which Nest finds what has no class of its own. */
export const LOG = Symbol('the writer of the log');
export const NATS = Symbol('the connection to NATS');
