import type { Flaw } from '@core/log-proof/committed-batch';
import type { KeyObject } from 'node:crypto';
import { isIndexRight } from './index-proof.ts';
import { LogFile, LogFileFault } from './log-file-reader.ts';
import { SectionProof } from './section-proof.ts';

/** Whether a file of the log proves what it holds. `until` is when the last of it was recorded. */
export type LogFileVerdict =
  | { readonly ok: true; readonly first: number; readonly last: number; readonly until: string }
  | ({ readonly ok: false } & Flaw);

/** Needs nothing but the file and the key; that it is of this log, and not of another with the same key, the log says. */
export async function verifyLogFile(path: string, publicKey: KeyObject): Promise<LogFileVerdict> {
  let position = 1;
  try {
    const file = await LogFile.open(path);
    const { first, last, before } = file.head;
    const proof = new SectionProof(before, publicKey);
    for (const index of file.index.sections) {
      position = index.first;
      const { head, lines } = await file.section(index);
      const flaw = proof.next(head, lines);
      if (flaw !== null) return { ok: false, ...flaw };
    }
    position = first;
    if (proof.from !== first || proof.to !== last)
      return {
        ok: false,
        position,
        why: `it holds positions ${proof.from} to ${proof.to}, and not ${first} to ${last}`,
      };
    if (!(await isIndexRight(file))) return { ok: false, position, why: 'its index does not lead to all of it' };
    return { ok: true, first, last, until: proof.signed?.recordedtime ?? '' };
  } catch (error) {
    if (error instanceof LogFileFault) return { ok: false, position, why: error.message };
    throw error;
  }
}
