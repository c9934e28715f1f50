// Ed25519 keys as people write them: 32 bytes in base64, the private one being the seed. Node takes them wrapped.
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

const PRIVATE_WRAP = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_WRAP = Buffer.from('302a300506032b6570032100', 'hex');
const BYTES = 32;

/** 32 bytes in base64. */
export const KEY_PATTERN = /^[\w+/]{43}=$/;

export const signingKeyOf = (text: string): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PRIVATE_WRAP, rawOf(text)]), format: 'der', type: 'pkcs8' });

export const publicKeyOf = (text: string): KeyObject =>
  createPublicKey({ key: Buffer.concat([PUBLIC_WRAP, rawOf(text)]), format: 'der', type: 'spki' });

/** What whoever verifies is given. */
export const publicTextOf = (signingKey: KeyObject): string =>
  createPublicKey(signingKey).export({ format: 'der', type: 'spki' }).subarray(PUBLIC_WRAP.length).toString('base64');

function rawOf(text: string): Buffer {
  const raw = Buffer.from(text, 'base64');
  if (raw.length !== BYTES) throw new Error('a key is 32 bytes in base64');
  return raw;
}
