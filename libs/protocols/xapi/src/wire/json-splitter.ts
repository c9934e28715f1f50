import { readJson } from '@core/kernel/foreign-json';

/** A parsed JSON object, nothing known about its fields yet. */
export type JsonObject = { readonly [field: string]: unknown };

/** Why a byte stream can no longer be read: there is no place to start again from, so the peer must be dropped. */
export interface SplitFault {
  readonly code: 'too-large' | 'not-an-object' | 'not-json';
  readonly detail: string;
}

export interface Split {
  /** Whole messages in order of arrival. */
  readonly messages: readonly JsonObject[];
  /** Set once, after the messages that came before it; the splitter gives nothing more from then on. */
  readonly fault: SplitFault | null;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const SPACE = 0x20;
const FIRST_HOLD_BYTES = 1024;
/** The memory of a message larger than this is given back; that of an ordinary one is used again. */
const KEPT_BYTES = 64 * 1024;

/** Which bytes matter outside strings; a table because this loop sees every byte that a broker sends. */
const MATTERS = new Uint8Array(256);
for (const byte of [QUOTE, OPEN, CLOSE]) MATTERS[byte] = 1;

/**
 * Cuts a byte stream into JSON objects and parses them, whatever stands between them, if anything (seed §3: consecutive
 * values with no punctuation; servers add two newlines, clients one or none). Works on bytes, so a character or a token
 * may be split between chunks.
 *
 * A message most likely ends at a brace after which the next one begins, or nothing comes. If the bytes up to there
 * parse, they were one whole message, since no object is the beginning of another. Where they do not, because the chunk
 * ends inside a message or a string only looks like an end, every byte is looked at: braces, strings and escapes.
 */
export class JsonSplitter {
  private depth = 0;
  private inString = false;
  private escaped = false;
  private held = Buffer.alloc(0);
  private heldBytes = 0;
  private fault: SplitFault | null = null;

  /** `maxBytes` bounds one message, and with it the memory that an unfinished one can hold. */
  constructor(private readonly maxBytes: number) {}

  push(bytes: Uint8Array): Split {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const messages: JsonObject[] = [];
    let guessed = false;
    let index = 0;

    while (this.fault === null && index < chunk.length) {
      if (this.depth === 0) {
        index = afterSpace(chunk, index);
        if (index < chunk.length && chunk[index] !== OPEN) {
          this.fail('not-an-object', `byte 0x${chunk[index]!.toString(16)} outside an object`);
          break;
        }
        if (!guessed) index = this.guess(chunk, index, messages);
        guessed = true;
        if (index === chunk.length) break;
      }

      const start = index;
      index = this.scan(chunk, start);
      if (this.heldBytes + index - start > this.maxBytes) {
        this.fail('too-large', `a message is longer than ${this.maxBytes} bytes`);
      } else if (this.depth > 0) {
        this.hold(chunk, start, index);
      } else {
        const message = parse(this.take(chunk, start, index));
        if (message) messages.push(message);
        else this.fail('not-json', 'a message does not parse');
      }
    }
    return { messages, fault: this.fault };
  }

  /** Bytes of the message that has begun and not ended; not 0 when the stream ends means it was cut off. */
  get unfinishedBytes(): number {
    return this.heldBytes;
  }

  /** Reads messages that end where they seem to; gives the beginning of the first that does not, or the end of the chunk. */
  private guess(chunk: Buffer, from: number, messages: JsonObject[]): number {
    const text = chunk.toString('utf8');
    // As many characters as bytes: what begins at a byte begins at that character.
    const isAligned = text.length === chunk.length;
    let start = from;
    for (let end = chunk.indexOf(CLOSE, start) + 1; end > 0; end = chunk.indexOf(CLOSE, end) + 1) {
      const next = afterSpace(chunk, end);
      if (next < chunk.length && chunk[next] !== OPEN) continue;
      if (end - start > this.maxBytes) break;
      const message = parse(isAligned ? text.slice(start, end) : chunk.toString('utf8', start, end));
      if (message === undefined) break;
      messages.push(message);
      start = next;
    }
    return start;
  }

  /** The end of the message that begins or goes on at `from`: its last brace, or the end of the chunk. */
  private scan(chunk: Buffer, from: number): number {
    const end = chunk.length;
    let { depth, inString } = this;
    let index = this.escaped ? from + 1 : from;
    while (index < end) {
      const byte = chunk[index++]!;
      if (inString) {
        if (byte === BACKSLASH) index++;
        else inString = byte !== QUOTE;
      } else if (MATTERS[byte] === 1) {
        if (byte === QUOTE) inString = true;
        else if (byte === OPEN) depth++;
        else if (--depth === 0) break;
      }
    }
    this.depth = depth;
    this.inString = inString;
    this.escaped = index > end;
    return Math.min(index, end);
  }

  private hold(chunk: Buffer, start: number, end: number): void {
    const needed = this.heldBytes + end - start;
    if (needed > this.held.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.held.length * 2, FIRST_HOLD_BYTES));
      this.held.copy(grown, 0, 0, this.heldBytes);
      this.held = grown;
    }
    chunk.copy(this.held, this.heldBytes, start, end);
    this.heldBytes = needed;
  }

  /** The text of a message whose last bytes are these. */
  private take(chunk: Buffer, start: number, end: number): string {
    if (this.heldBytes === 0) return chunk.toString('utf8', start, end);
    this.hold(chunk, start, end);
    const text = this.held.toString('utf8', 0, this.heldBytes);
    this.heldBytes = 0;
    if (this.held.length > KEPT_BYTES) this.held = Buffer.alloc(0);
    return text;
  }

  private fail(code: SplitFault['code'], detail: string): void {
    this.fault = { code, detail };
    this.heldBytes = 0;
    this.held = Buffer.alloc(0);
  }
}

/** One message that is known to be whole, such as a WebSocket frame; `undefined` when it is no JSON object. */
export function parseObject(text: string): JsonObject | undefined {
  const value = readJson(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

function afterSpace(chunk: Buffer, from: number): number {
  let index = from;
  while (index < chunk.length && chunk[index]! <= SPACE) index++;
  return index;
}

/** What begins with a brace is an object, or nothing. */
const parse = (text: string): JsonObject | undefined => readJson(text) as JsonObject | undefined;
