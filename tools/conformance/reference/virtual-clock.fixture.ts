/** Time that stands still while anybody works, and moves to whoever waits for the earliest moment. */
export class VirtualClock {
  private waiting: { readonly atMs: number; readonly wake: () => void }[] = [];
  private isMoving = false;

  constructor(public nowMs: number) {}

  wait(ms: number): Promise<void> {
    return new Promise((wake) => {
      this.waiting.push({ atMs: this.nowMs + ms, wake });
      this.move();
    });
  }

  /** After everything that is ready has run. */
  private move(): void {
    if (this.isMoving) return;
    this.isMoving = true;
    setImmediate(() => {
      this.isMoving = false;
      this.waiting.sort((one, other) => one.atMs - other.atMs);
      const next = this.waiting.shift();
      if (!next) return;
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.wake();
      if (this.waiting.length > 0) this.move();
    });
  }
}
