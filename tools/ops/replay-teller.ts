import type { ReplayState } from '@core/operations/replay-state';

/** Between two lines while it plays at full speed. */
const TOLD_EVERY_MS = 200;

/** Says how a replay stands, for a program that follows it. */
export class ReplayTeller {
  private state: ReplayState;
  private toldMs = -Infinity;

  constructor(
    range: Pick<ReplayState, 'from' | 'to'>,
    private readonly tell: (line: string) => void,
  ) {
    this.state = { ...range, phase: 'filling', position: 0, recorded: null, events: 0, urls: {}, venues: [] };
  }

  /** Said at once. */
  now(change: Partial<ReplayState>): void {
    this.state = { ...this.state, ...change };
    this.toldMs = performance.now();
    this.tell(JSON.stringify(this.state));
  }

  /** Said unless something was just said; a change of phase says it. */
  soon(change: Partial<ReplayState>): void {
    this.state = { ...this.state, ...change };
    if (performance.now() - this.toldMs >= TOLD_EVERY_MS) this.now({});
  }
}
