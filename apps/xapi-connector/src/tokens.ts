/** What the connector gets from outside and no class of its own stands for. */
export const NATS = Symbol('NATS');
export const LOG = Symbol('LOG');
export const POOL = Symbol('POOL');
export const ACCOUNTS = Symbol('ACCOUNTS');
export const INSTANCE = Symbol('INSTANCE');
