import { hash } from 'node:crypto';

/** RFC 9562 version 5: the same namespace and name give the same id, everywhere and for ever. */
export function uuidV5(namespace: string, name: string): string {
  const digest = hash('sha1', Buffer.concat([bytesOf(namespace), Buffer.from(name)]), 'buffer');
  return stamped(digest.subarray(0, 16), 0x50);
}

/** RFC 9562 version 7: ordered by time, so that rows land beside each other. `random` holds at least ten bytes. */
export function uuidV7(epochMs: number, random: Uint8Array): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(epochMs, 0, 6);
  bytes.set(random.subarray(0, 10), 6);
  return stamped(bytes, 0x70);
}

/** When a UUID of version 7 was made, in milliseconds since the epoch; null of any other. */
export const timeOfUuidV7 = (uuid: string): number | null =>
  uuid.charAt(14) === '7' ? bytesOf(uuid).readUIntBE(0, 6) : null;

/** The sixteen bytes of a UUID. */
export const bytesOf = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');

/** Sixteen bytes in the usual spelling, as they are. */
export function uuidOf(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function stamped(bytes: Buffer, version: number): string {
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | version, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return uuidOf(bytes);
}
