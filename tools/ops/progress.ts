import { progressLine } from '@core/kernel/progress-line';

/** After so long a person wants to know that something happens. */
const QUIET_MS = 2_000;
const REDRAWN_MS = 250;

export interface Progress {
  /** So much of so much is done. */
  readonly at: (done: number, of: number) => void;
  /** Takes the line away again. */
  readonly end: () => void;
}

/** Where it is drawn. */
type Terminal = Pick<NodeJS.WriteStream, 'isTTY'> & { write(text: string): unknown };

/** One line on the terminal with rate and estimate, from two seconds on; nothing where nobody looks. */
export function progressOf(
  what: string,
  out: Terminal = process.stderr,
  nowMs: () => number = () => performance.now(),
): Progress {
  const startedMs = nowMs();
  let drawnMs: number | null = null;
  return {
    at(done, of) {
      const passedMs = nowMs() - startedMs;
      if (!out.isTTY || passedMs < QUIET_MS || (drawnMs !== null && passedMs - drawnMs < REDRAWN_MS)) return;
      drawnMs = passedMs;
      out.write(`\r\u001b[K${progressLine(what, done, of, passedMs)}`);
    },
    end() {
      if (drawnMs !== null) out.write('\r\u001b[K');
    },
  };
}
