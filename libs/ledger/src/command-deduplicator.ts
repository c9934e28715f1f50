import type { Answer, Command } from '@core/contracts/command';
import { commandContent } from '@core/contracts/command-content';
import type { Uuid } from '@core/contracts/primitives';
import { isPassing, refusal } from '@core/contracts/refusal';
import type { EventLogWriter, KeptAnswer } from '@core/event-log/event-log';
import { BoundedMap } from '@core/kernel/bounded-map';
import { SeenIds } from '@core/kernel/seen-ids';
import { Together } from '@core/service/together';

interface Recent {
  readonly content: Uuid;
  readonly answer: Promise<Answer>;
  isKept: boolean;
}

/** Ids that the log is asked about at once. */
const ASKED_MAX = 1_000;
const REUSED: Answer = { ok: false, refusal: refusal('command-id-reused') };

/**
 * The first answer of every command: the recent ones in memory, also while they are still being found; all in the log.
 * A refusal that passes is no answer to keep: only whoever asks while it is being worked out hears it too.
 * An id that stands for another command is refused.
 *
 * Nearly all ids are new, and the log need not be asked for them: there is one writer, so an answer that stands in the log
 * was there when this one began, was forgotten before, or is of a command that came by here.
 */
export class CommandDeduplicator {
  private readonly recent: BoundedMap<Uuid, Recent>;
  private readonly questions: Together<Command, KeptAnswer | null>;
  /** Ids of commands that may have an answer in the log; of all that have one once it is recalled. */
  private seen: SeenIds | null = null;
  private isRecalled = false;

  constructor(
    private readonly log: Pick<EventLogWriter, 'answers' | 'answered' | 'mayHaveForgotten'>,
    max: number,
  ) {
    this.recent = new BoundedMap(max);
    this.questions = new Together(async (commands) => {
      const answers = await this.log.answers(commands);
      return commands.map(({ commandid }) => answers.get(commandid) ?? null);
    }, ASKED_MAX);
  }

  /** The answer given or being worked out for this command, or else what `work` comes to. A failure is not remembered. */
  once(command: Command, work: () => Promise<Answer>): Promise<Answer> {
    const { commandid } = command;
    const content = commandContent(command);
    const known = this.recent.get(commandid);
    if (known?.content === content) return known.answer;
    if (known?.isKept) return Promise.resolve(REUSED);
    if (known) {
      const again = () => this.once(command, work);
      return known.answer.then(again, again);
    }

    const answer = work();
    const recent: Recent = { content, answer, isKept: false };
    this.recent.set(commandid, recent);
    const settled = (isKept: boolean) => {
      recent.isKept = isKept;
      if (!isKept) this.recent.delete(commandid);
    };
    answer.then(
      (given) => settled(isFinal(given)),
      () => settled(false),
    );
    return answer;
  }

  /** Learns which ids the log has, into so many bytes. Until it resolves the log is asked for every command. */
  async recall(bytes: number): Promise<void> {
    const seen = (this.seen = new SeenIds(bytes));
    for (const id of this.recent.keys()) seen.add(id);
    for await (const ids of this.log.answered()) for (const id of ids) seen.add(id);
    this.isRecalled = true;
  }

  /** Of these the log is asked from now on: it may be given their answers. */
  answeredElsewhere(answers: Iterable<{ readonly commandid: Uuid }>): void {
    for (const { commandid } of answers) this.seen?.add(commandid);
  }

  /** What the log holds. Questions that come while one is being asked go together with the next. */
  async stored(command: Command): Promise<Answer | null> {
    const { commandid } = command;
    const isNew = this.isRecalled && this.seen?.mayHave(commandid) === false && !this.log.mayHaveForgotten(commandid);
    this.seen?.add(commandid);
    if (isNew) return null;
    const kept = await this.questions.run(command);
    return kept && kept.content !== null && kept.content !== commandContent(command) ? REUSED : (kept?.answer ?? null);
  }
}

/** The rest is looked up in the log, for a refusal that passes may have left a trace there all the same. */
const isFinal = (answer: Answer): boolean => answer.ok || (answer !== REUSED && !isPassing(answer.refusal.reason));
