/** Whoever watches a replay stops it, lets one batch through, and lets it go on. */
export class ReplayControl {
  private paused = false;
  private over = false;
  private steps = 0;
  private wake: () => void = () => undefined;

  get isPaused(): boolean {
    return this.paused;
  }

  /** One key of a terminal; what it does, or null where it means nothing. */
  press(key: string): 'paused' | 'going on' | 'one step' | 'over' | null {
    switch (key) {
      case 'p':
      case ' ':
        this.paused = !this.paused;
        this.wake();
        return this.paused ? 'paused' : 'going on';
      case 's':
        this.paused = true;
        this.steps += 1;
        this.wake();
        return 'one step';
      case 'q':
      case '\u0003':
        this.end();
        return 'over';
      default:
        return null;
    }
  }

  end(): void {
    this.over = true;
    this.wake();
  }

  /** Waits so long, and as long as nobody lets it go on. False when it is over, and every step that was asked for is done. */
  async turn(afterMs: number): Promise<boolean> {
    for (let leftMs = afterMs; ;) {
      if (this.steps > 0) {
        this.steps -= 1;
        return true;
      }
      if (this.over) return false;
      if (!this.paused && leftMs <= 0) return true;
      const [sinceMs, wasPaused] = [performance.now(), this.paused];
      await this.woken(wasPaused ? null : leftMs);
      if (!wasPaused) leftMs -= performance.now() - sinceMs;
    }
  }

  /** Until it is over. */
  async ended(): Promise<void> {
    while (!this.over) await this.woken(null);
  }

  private woken(withinMs: number | null): Promise<void> {
    return new Promise((resolve) => {
      const timer = withinMs === null ? undefined : setTimeout(resolve, withinMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
