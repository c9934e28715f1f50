/** Work that begins at once and whose results are handed on in the order it was asked for, for each key on its own. */
export class InOrder {
  private readonly last = new Map<string, Promise<void>>();

  /** What `work` comes to, once everything of this key that was asked for before has come to something. */
  run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const begun = work();
    const turn = Promise.allSettled([this.last.get(key), begun]).then(() => begun);
    const passed = turn.then(nothing, nothing).then(() => {
      if (this.last.get(key) === passed) this.last.delete(key);
    });
    this.last.set(key, passed);
    return turn;
  }
}

const nothing = (): void => undefined;
