import { createHash } from 'node:crypto';

/** An answer as it goes out, and what names these very bytes. */
export interface PreparedAnswer {
  readonly body: Buffer;
  /** An entity tag with its quotes. Of the bytes alone, so that every instance of ours gives the same one. */
  readonly tag: string;
}

/** In the envelope of success. `json` is its `d`. */
export const preparedAnswer = (json: string): PreparedAnswer => prepared(`{"s":"ok","d":${json}}`);

/** Memory of its own: small buffers would otherwise hold the pool that they were cut from for as long as they are kept. */
function prepared(json: string): PreparedAnswer {
  const body = Buffer.allocUnsafeSlow(Buffer.byteLength(json));
  body.write(json);
  return { body, tag: `"${createHash('sha1').update(body).digest('base64url')}"` };
}
