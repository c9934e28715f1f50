import { createHash } from 'node:crypto';

/** What our registration looks like when it is echoed: its headers are the token. */
const DROPPED: ReadonlySet<string> = new Set(['webhook', 'headers', 'useremail']);
const SHOWN_MAX = 2_048;

/** A body as an operator may read it: our registration and its secrets are gone, wherever and under whatever version. */
export interface Redacted {
  readonly sha256: string;
  readonly bytes: number;
  /** Null for what is not JSON: a secret cannot be found in it, so nothing of it is shown. */
  readonly shown: string | null;
}

export function redact(body: string): Redacted {
  return {
    sha256: createHash('sha256').update(body, 'utf8').digest('hex'),
    bytes: Buffer.byteLength(body),
    shown: shownOf(body),
  };
}

function shownOf(body: string): string | null {
  try {
    const kept: unknown = JSON.parse(body, (key, value: unknown) =>
      DROPPED.has(key.toLowerCase()) ? undefined : value,
    );
    return JSON.stringify(kept)?.slice(0, SHOWN_MAX) ?? null;
  } catch {
    return null;
  }
}
