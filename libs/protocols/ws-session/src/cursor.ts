import { createCipheriv, createDecipheriv, createHash, type Cipher } from 'node:crypto';

/** A place in the log as its clients hold it: 22 characters that say nothing, not even how much lies before it. */
const CIPHER = 'aes-256-ecb';
const BLOCK_BYTES = 16;
const POSITION_BYTES = 6;
const SALT_BYTES = 4;
const PATTERN = /^[\w-]{22}$/;

/**
 * Cursors of one log: a position, a salt and zeros, which only the right key brings back, in one block.
 * The same position with the same salt is the same text, in every process that knows the secret.
 */
export class Cursors {
  private readonly key: Buffer;
  /** Each block is enciphered by itself, so one cipher does for all. */
  private readonly cipher: Cipher;

  /** `secret` is of this log alone and known to none of its clients: another log's cursors do not fit. */
  constructor(secret: string) {
    this.key = createHash('sha256').update(secret, 'utf8').digest();
    this.cipher = createCipheriv(CIPHER, this.key, null).setAutoPadding(false);
  }

  seal(position: number, salt = 0): string {
    const block = Buffer.alloc(BLOCK_BYTES);
    block.writeUIntBE(position, 0, POSITION_BYTES);
    block.writeUIntBE(salt, POSITION_BYTES, SALT_BYTES);
    return this.cipher.update(block).toString('base64url');
  }

  /** Null for what was not sealed here. */
  open(text: string): number | null {
    if (!PATTERN.test(text)) return null;
    const decipher = createDecipheriv(CIPHER, this.key, null).setAutoPadding(false);
    const block = Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]);
    const isOurs = block.subarray(POSITION_BYTES + SALT_BYTES).every((byte) => byte === 0);
    return isOurs ? block.readUIntBE(0, POSITION_BYTES) : null;
  }
}
