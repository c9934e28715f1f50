import type { AccountId } from '@core/contracts/primitives';
import { sessionBook } from '@core/views/ws-session/session-book';
import type { HeardByReader, RunRecord } from './run-record.ts';
import type { Violation } from './violation.ts';

/**
 * A reader gets everything that is told of an account from where it begins to the head, once and in order. Who was cut
 * off between two messages of one event hears that event again.
 */
export function heardInOrder({ log, heard: readers }: RunRecord): Violation[] {
  const told = toldOf(log);
  return readers.flatMap((reader) => heardBy(reader, told));
}

type Told = ReadonlyMap<AccountId, readonly number[]>;

/** Of each account, the position of each message that is told of it, by its number less one. */
function toldOf(log: RunRecord['log']): Told {
  const books = new Map<AccountId, ReturnType<typeof sessionBook.initial>>();
  const told = new Map<AccountId, number[]>();
  for (const event of log) {
    const book = books.get(event.subject) ?? sessionBook.initial();
    books.set(event.subject, book);
    sessionBook.evolve(book, event);
    const places = told.get(event.subject) ?? [];
    told.set(event.subject, places);
    while (places.length < book.sequence) places.push(event.position);
  }
  return told;
}

function heardBy({ reader, from, frames }: HeardByReader, told: Told): Violation[] {
  const next = new Map([...told.keys()].map((account) => [account, (from[account] ?? 0) + 1]));
  const placeOf = (account: AccountId, sequence: number): number | null => told.get(account)?.[sequence - 1] ?? null;
  const wrong: Violation[] = [];
  const say = (account: AccountId, sequence: number, what: string): void =>
    void wrong.push({ rule: 'heard', position: placeOf(account, sequence), what: `${reader} ${what} of ${account}` });
  for (const { account, sequence } of frames) {
    const expected = next.get(account) ?? 1;
    if (placeOf(account, sequence) === null) say(account, sequence, `heard ${sequence}, which the log does not tell,`);
    else if (sequence > expected) say(account, expected, `never heard ${expected}, but ${sequence}`);
    const isAgain = sequence < expected && placeOf(account, sequence) === placeOf(account, expected);
    if (sequence < expected && !isAgain) say(account, sequence, `heard ${sequence} after ${expected - 1}`);
    next.set(account, isAgain ? sequence + 1 : Math.max(expected, sequence + 1));
  }
  for (const [account, sequence] of next) {
    if (sequence <= (told.get(account)?.length ?? 0)) say(account, sequence, `heard nothing from ${sequence} on`);
  }
  return wrong;
}
