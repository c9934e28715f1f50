import { Logger } from '@nestjs/common';

/** Begins work that nobody waits for: what it fails with is a line of the log, and ends nothing. */
export function inBackground(what: string, work: Promise<unknown>): void {
  work.catch((error: unknown) => new Logger('Background').error({ err: error, what, msg: 'it failed' }));
}
