import type { AccountId } from '@core/contracts/primitives';

/** Separates the fields of a line. JSON text has no raw control characters, and the log keeps them out of the rest. */
export const FIELD = '\x1f';
export const LINE = '\n';

/** What proofs need to know of a line of the log; the order of its fields stands in `stored-line.ts`. */
export interface LinePlace {
  readonly position: number;
  /** The account's own number of it. */
  readonly version: number;
  readonly recordedtime: string;
  readonly type: string;
  readonly account: AccountId;
}

export function placeOf(line: string): LinePlace {
  const [position, version, recordedtime = '', , type = '', , account = ''] = line.split(FIELD, 7);
  return { position: Number(position), version: Number(version), recordedtime, type, account };
}
