import { SYSTEM_ACCOUNT, type Instant, type Uuid } from '@core/contracts/primitives';
import { placeOf } from '@core/log-proof/line';
import type { ClientBase } from 'pg';
import type { DetachedLog } from './detached/detached-log.ts';
import { detachedRanges, endOf, whileNothingMoves } from './detached/detached-ranges.ts';
import { causationIn, idIn, linePosition } from './detached/log-section.ts';
import { ForgottenIds } from './forgotten-ids.ts';
import { SETTLING } from './verify-books.ts';

/** What is forgotten: all that was recorded before then. */
export interface Horizons {
  /** Ids of events; and ids that came again, and were not seen since. */
  readonly ids: Instant;
  /** First answers of commands. */
  readonly answers: Instant;
  /** Messages in quarantine, once somebody settled them. */
  readonly cases: Instant;
}

/** How many rows went. */
export interface ForgottenCounts {
  readonly ids: number;
  readonly answers: number;
  readonly cases: number;
}

/** Positions in one transaction: it takes milliseconds, and whoever appends waits for none of it. */
const PIECE = 2_000;
/** Pieces in one round, so that the filter is written once for many of them. */
const PIECES_MAX = 500;
/** Pages of files in one round: their ids are told to the database, which has them nowhere else. */
const PAGES_MAX = 100;

/** What was recorded one after the other and may be forgotten. */
interface Old {
  readonly upto: number;
  readonly ids: readonly Uuid[];
}

const OLD_IDS = `
  select array_agg(event_id) as ids, max(position) as upto from core.event
  where position > $1 and position <= $1 + ${PIECE} and recorded_at < $2 having min(position) = $1 + 1`;
const OLD_ANSWERS = `
  with old as (
    select coalesce(
      (select max(last) from (select last from core.checkpoint where last > $1 order by last limit 10) c
        where core.recorded_at(c.last) < $2),
      (select max(position) from core.event where position > $1 and position <= $1 + ${PIECE} and recorded_at < $2
        and not exists (select from core.checkpoint))
    ) as upto
  )
  select old.upto, array(select command_id from core.command_answer where position >= $1 and position < old.upto) as ids from old`;

/** What one round forgets for a writer: what only the filter remembers is in it, and kept, before its row goes. */
export class Forgetting {
  constructor(
    private readonly client: ClientBase,
    private readonly writer: Uuid,
    private readonly forgotten: ForgottenIds,
    /** Resolves when everything is over that looked into the filter before it was called. */
    private readonly noneLooked: () => Promise<unknown>,
    private readonly detached: DetachedLog,
  ) {}

  async round({ ids, answers, cases }: Horizons): Promise<ForgottenCounts> {
    const kept = await this.client.query<{ ids_to: string; answers_to: string }>(
      'select ids_to, answers_to from core.retention',
    );
    const { ids_to: idsTo = 0, answers_to: answersTo = 0 } = kept.rows[0] ?? {};
    const detachedIds = await this.rememberDetached(Number(idsTo), ids);
    const oldIds = await this.remember(OLD_IDS, detachedIds.at(-1)?.upto ?? Number(idsTo), ids);
    const oldAnswers = await this.remember(OLD_ANSWERS, Number(answersTo), answers);
    await this.forgotten.save(this.client, this.writer);
    await this.noneLooked();
    const again = await this.gone('select core.forget_again($1, $2) as gone', ids);
    return {
      ids:
        again + (await this.forgetIds(detachedIds)) + (await this.forgetIds(oldIds.map((upto) => ({ upto, ids: [] })))),
      answers: await this.each('select core.forget_answers($1, $2) as gone', oldAnswers),
      cases: await this.gone('select core.forget_cases($1, $3, $4, $2) as gone', cases, [SYSTEM_ACCOUNT, SETTLING]),
    };
  }

  /** Takes old ids into the filter, piece by piece; gives where each piece ends. */
  private async remember(text: string, from: number, before: Instant): Promise<readonly number[]> {
    const ends: number[] = [];
    for (let after = from; ends.length < PIECES_MAX;) {
      const { rows } = await this.client.query<{ ids: readonly Uuid[] | null; upto: string | null }>(text, [
        after,
        before,
      ]);
      const old: Old | null = rows[0]?.upto ? { ids: rows[0].ids ?? [], upto: Number(rows[0].upto) } : null;
      if (old === null || old.upto <= after) break;
      this.forgotten.add(old.ids);
      ends.push(old.upto);
      after = old.upto;
    }
    return ends;
  }

  /** The same of what is in files. */
  private async rememberDetached(from: number, before: Instant): Promise<readonly Old[]> {
    const pages: Old[] = [];
    for await (const lines of this.detached.lines(await detachedRanges(this.client), from, Infinity)) {
      const old = lines.filter((line) => placeOf(line).recordedtime < before);
      const last = old.at(-1);
      if (last === undefined) break;
      const ids = old.map(idIn);
      this.forgotten.add(ids);
      pages.push({ upto: linePosition(last), ids });
      if (old.length < lines.length || pages.length === PAGES_MAX) break;
    }
    return pages;
  }

  private async forgetIds(old: readonly Old[]): Promise<number> {
    let gone = 0;
    for (const { upto, ids } of old) gone += await this.gone('select core.forget_ids($1, $2, $3) as gone', upto, [ids]);
    return gone;
  }

  private async each(text: string, ends: readonly number[]): Promise<number> {
    let gone = 0;
    for (const end of ends) gone += await this.gone(text, end);
    return gone;
  }

  private async gone(text: string, upto: number | Instant, more: readonly unknown[] = []): Promise<number> {
    const { rows } = await this.client.query<{ gone: string }>(text, [this.writer, upto, ...more]);
    return Number(rows[0]?.gone ?? 0);
  }
}

/** A filter of another size, of all that was forgotten here or elsewhere: of all events, and of the commands behind them. */
export const remade = (client: ClientBase, size: number, detached: DetachedLog): Promise<ForgottenIds> =>
  whileNothingMoves(client, async (ranges) => {
    const made = new ForgottenIds(new Uint8Array(size));
    for await (const lines of detached.lines(ranges, 0, Infinity))
      made.add([...lines.map(idIn), ...lines.map(causationIn).filter((cause) => cause !== '')]);
    const { rows: heads } = await client.query<{ position: string }>('select position from core.log_head');
    for (let after = endOf(ranges); after < Number(heads[0]?.position ?? 0); after += PIECE) {
      const { rows } = await client.query<{ ids: readonly Uuid[] | null }>(
        `select array_agg(event_id) || array_remove(array_agg(causation_id), null) as ids from core.event
         where position > $1 and position <= $1 + ${PIECE}`,
        [after],
      );
      made.add(rows[0]?.ids ?? []);
    }
    return made;
  });
