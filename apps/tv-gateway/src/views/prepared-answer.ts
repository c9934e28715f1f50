import { createHash } from 'node:crypto';
import type { Language } from '@core/kernel/language';

/** An answer as it goes out, and what names these very bytes. */
export interface PreparedAnswer {
  readonly body: Buffer;
  /** An entity tag with its quotes. Of the bytes alone, so that every instance of ours gives the same one. */
  readonly tag: string;
  /** Of what it says; null where there are no words of ours in it. */
  readonly language: Language | null;
}

/** In the envelope of success. `json` is its `d`. */
export const preparedAnswer = (json: string, language: Language | null = null): PreparedAnswer => ({
  ...prepared(`{"s":"ok","d":${json}}`),
  language,
});

/** Memory of its own: small buffers would otherwise hold the pool that they were cut from for as long as they are kept. */
function prepared(json: string): Pick<PreparedAnswer, 'body' | 'tag'> {
  const body = Buffer.allocUnsafeSlow(Buffer.byteLength(json));
  body.write(json);
  return { body, tag: `"${createHash('sha1').update(body).digest('base64url')}"` };
}
