import type { NatsConnection } from 'nats';

const DEFAULT_PAYLOAD = 1024 * 1024;

/** Most bytes of one message. */
export const payloadMax = (nats: NatsConnection): number => nats.info?.max_payload ?? DEFAULT_PAYLOAD;
