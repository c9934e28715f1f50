import type { Answer, Command } from '@core/contracts/command';
import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import type { Pool } from 'pg';
import type { KeptAnswer } from './event-log.ts';
import { retoldAnswer } from './retold-answer.ts';

/** An answer as its row spells it. */
export type StoredAnswer = Answer & { readonly content?: Uuid | null };

interface AnswersSource {
  readonly pool: Pool;
  /** False: no answer to it was forgotten. */
  readonly mayHaveForgotten: (commandid: Uuid) => boolean;
  readonly readCausedBy: (account: AccountId, cause: Uuid) => Promise<readonly RecordedEvent[]>;
}

/** Ids in one page. */
const PAGE = 10_000;
const BEFORE_ALL_IDS = '00000000-0000-0000-0000-000000000000';
const ALL = `select command_id as id from core.command_answer where command_id > $1 order by command_id limit ${PAGE}`;

export const answerAt = (answer: Answer, position: number): Answer => (answer.ok ? { ...answer, position } : answer);

/** What commands were answered first, as it is kept beside the log, or told by the log where that was forgotten. */
export class CommandAnswers {
  constructor(private readonly source: AnswersSource) {}

  async to(commands: readonly Command[]): Promise<ReadonlyMap<Uuid, KeptAnswer>> {
    if (commands.length === 0) return new Map();
    const { pool, mayHaveForgotten, readCausedBy } = this.source;
    const { rows } = await pool.query<{ command_id: Uuid; position: string; answer: StoredAnswer }>({
      name: 'core-answers',
      text: 'select command_id, position, answer from core.command_answer where command_id = any($1)',
      values: [commands.map(({ commandid }) => commandid)],
    });
    const kept = new Map(
      rows.map(({ command_id, position, answer: { content = null, ...answer } }): [Uuid, KeptAnswer] => [
        command_id,
        { answer: answerAt(answer, Number(position)), content },
      ]),
    );
    for (const command of commands) {
      if (kept.has(command.commandid) || !mayHaveForgotten(command.commandid)) continue;
      const answer = retoldAnswer(command, await readCausedBy(command.subject, command.commandid));
      if (answer !== null) kept.set(command.commandid, { answer, content: null });
    }
    return kept;
  }

  async keptOf(commandids: readonly Uuid[]): Promise<ReadonlySet<Uuid>> {
    const { rows } = await this.source.pool.query<{ id: Uuid }>({
      name: 'core-answered-of',
      text: 'select command_id as id from core.command_answer where command_id = any($1)',
      values: [commandids],
    });
    return new Set(rows.map(({ id }) => id));
  }

  async *all(): AsyncGenerator<readonly Uuid[]> {
    for (let after: Uuid = BEFORE_ALL_IDS; ;) {
      const { rows } = await this.source.pool.query<{ id: Uuid }>({
        name: 'core-answered',
        text: ALL,
        values: [after],
      });
      yield rows.map(({ id }) => id);
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) return;
      after = last.id;
    }
  }
}
