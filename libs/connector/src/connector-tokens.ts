/** What a connector is given and no class of its own stands for. */
export const BROKER_ADAPTER = Symbol('BROKER_ADAPTER');
/** The app's folder name. */
export const CONNECTOR_NAME = Symbol('CONNECTOR_NAME');
/** The connection that the whole process shares. */
export const NATS = Symbol('NATS');
/** The name of this instance in leases and claims. */
export const INSTANCE = Symbol('INSTANCE');
