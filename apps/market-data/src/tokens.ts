/** The connection to NATS, which has no class of its own. */
export const MARKET_DATA_NATS = Symbol('the connection to NATS');
