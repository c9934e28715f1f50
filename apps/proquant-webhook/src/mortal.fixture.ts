/** Where work goes out of a process and its result comes back: two steps, after any of which the process may end. */
export class Mortal {
  private readonly waiting: ((error: Error) => void)[] = [];
  private isBuried = false;

  /** It takes so many steps, and not one more. */
  constructor(private stepsLeft: number) {}

  get isDead(): boolean {
    return this.stepsLeft < 0;
  }

  /** Once it is dead nothing goes out any more, and nothing comes back. */
  async outside<Result>(work: () => Promise<Result>): Promise<Result> {
    if (!this.step()) return this.never();
    const result = await work();
    return this.step() ? result : this.never();
  }

  /** Lets what waits for the dead fail, so that what is left of it can be cleared away. */
  bury(): void {
    this.stepsLeft = -1;
    this.isBuried = true;
    for (const fail of this.waiting) fail(new Error('it is dead'));
  }

  private step(): boolean {
    this.stepsLeft -= 1;
    return !this.isDead;
  }

  private never<Result>(): Promise<Result> {
    return new Promise((_, fail) => {
      if (this.isBuried) fail(new Error('it is dead'));
      else this.waiting.push(fail);
    });
  }
}
