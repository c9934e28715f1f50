/** The first byte of a text that is whole: RFC 6455, section 5.2. */
const WHOLE_TEXT = 0x81;
const SHORT_MAX = 125;
const [TWO_BYTES, EIGHT_BYTES] = [126, 127];

/**
 * A text as a server writes it on a WebSocket, head and all: who tells many the same makes it once, and each of them
 * costs one write.
 */
export function textFrame(text: string): Buffer {
  const bytes = Buffer.byteLength(text);
  const head = bytes <= SHORT_MAX ? 2 : bytes < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + bytes);
  frame[0] = WHOLE_TEXT;
  frame[1] = head === 2 ? bytes : head === 4 ? TWO_BYTES : EIGHT_BYTES;
  if (head === 4) frame.writeUInt16BE(bytes, 2);
  if (head === 10) frame.writeBigUInt64BE(BigInt(bytes), 2);
  frame.write(text, head);
  return frame;
}
