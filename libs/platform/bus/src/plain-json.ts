import { readJson } from '@core/kernel/foreign-json';
import type {
  ConsumerDeserializer,
  IncomingEvent,
  IncomingRequest,
  OutgoingResponse,
  Serializer,
} from '@nestjs/microservices';
import { isInbox } from './nats-authorization.ts';

/**
 * Bare JSON on the wire, so that anything that speaks NATS can speak to us without knowing Nest's envelopes.
 * What is not JSON reaches the handler as `undefined`, which its schema refuses.
 * Answered is what asks from an inbox: elsewhere an answer would be somebody else's word in our name.
 */
export class PlainJsonDeserializer implements ConsumerDeserializer {
  deserialize(bytes: Uint8Array, options?: { channel?: string; replyTo?: string }): IncomingRequest | IncomingEvent {
    const pattern = options?.channel ?? '';
    const data = parseJson(bytes);
    return isInbox(options?.replyTo) ? { pattern, data, id: options.replyTo } : { pattern, data };
  }
}

/** A handler's value becomes the reply's body; an exception becomes `{ error }`, which no caller takes for an answer. */
export class PlainJsonSerializer implements Serializer<OutgoingResponse, { data: Uint8Array }> {
  serialize({ response, err }: OutgoingResponse): { data: Uint8Array } {
    return { data: Buffer.from(JSON.stringify(err ? { error: String(err) } : (response ?? null))) };
  }
}

export const parseJson = (bytes: Uint8Array): unknown =>
  readJson(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
