import type { Answer } from '@core/contracts/command';
import type { Uuid } from '@core/contracts/primitives';
import type { EventLogWriter } from '@core/event-log/event-log';
import { BoundedMap } from '@core/kernel/bounded-map';

/** The first answer of every command: the recent ones in memory, also while they are still being found; all in the log. */
export class CommandDeduplicator {
  private readonly recent: BoundedMap<Uuid, Promise<Answer>>;
  private asked: { readonly commandid: Uuid; readonly resolve: (found: Promise<Answer | null>) => void }[] = [];
  private asking = false;

  constructor(
    private readonly log: Pick<EventLogWriter, 'answers'>,
    max: number,
  ) {
    this.recent = new BoundedMap(max);
  }

  /** The answer given or being worked out for this command, or else what `work` comes to. A failure is not remembered. */
  once(commandid: Uuid, work: () => Promise<Answer>): Promise<Answer> {
    const known = this.recent.get(commandid);
    if (known) return known;
    const answer = work();
    this.recent.set(commandid, answer);
    answer.catch(() => this.recent.delete(commandid));
    return answer;
  }

  /** What the log holds. Questions that come while one is being asked go together with the next. */
  stored(commandid: Uuid): Promise<Answer | null> {
    const found = new Promise<Answer | null>((resolve) => this.asked.push({ commandid, resolve }));
    if (!this.asking) void this.ask();
    return found;
  }

  private async ask(): Promise<void> {
    this.asking = true;
    while (this.asked.length > 0) {
      const asked = this.asked;
      this.asked = [];
      const found = this.log.answers(asked.map(({ commandid }) => commandid));
      for (const { commandid, resolve } of asked) resolve(found.then((answers) => answers.get(commandid) ?? null));
      await found.catch(() => undefined); // whoever asked has it
    }
    this.asking = false;
  }
}
