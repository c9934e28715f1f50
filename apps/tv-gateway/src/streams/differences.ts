/**
 * Remembers what a stream has told of each thing and gives what is new: all of it the first time, after that the things
 * that are not as they were, each whole (document, streams of orders and positions).
 */
export class Differences {
  private told: ReadonlyMap<string, string> | null = null;

  /** JSON texts of the things whose text is not the one told last; null when there are none to tell. */
  next(things: Iterable<readonly [id: string, json: string]>): readonly string[] | null {
    const { told } = this;
    this.told = new Map(things);
    const changed = [...this.told].flatMap(([id, json]) => (told?.get(id) === json ? [] : [json]));
    return told !== null && changed.length === 0 ? null : changed;
  }
}
