import { Hearing } from './hearing.ts';

const MINUTE = 60_000;
const NEXT_MS = 2_000;

/** Heard every second from one moment to another. */
function listen(hearing: Hearing, fromMs: number, toMs: number): void {
  for (let atMs = fromMs; atMs <= toMs; atMs += 1_000) hearing.heard(atMs, NEXT_MS);
}

it('the minute in which listening began is not wholly heard; those after it are, each told once', () => {
  const hearing = new Hearing();
  listen(hearing, 30_000, 3 * MINUTE);
  expect(hearing.ended(3 * MINUTE)).toEqual({ fromMs: MINUTE, untilMs: 3 * MINUTE });
  expect(hearing.ended(3 * MINUTE + 5)).toBeNull();
});

it('one that begins with the minute hears it whole', () => {
  const hearing = new Hearing();
  listen(hearing, MINUTE, 2 * MINUTE);
  expect(hearing.ended(2 * MINUTE)).toEqual({ fromMs: MINUTE, untilMs: 2 * MINUTE });
});

it.each([
  ['a silence that was not announced', (): void => undefined],
  ['what may have been missed', (hearing: Hearing): void => hearing.missed()],
])('after %s the minutes that it touches are not wholly heard', (_, between) => {
  const hearing = new Hearing();
  listen(hearing, 0, MINUTE + 10_000);
  expect(hearing.ended(MINUTE + 10_000)).toEqual({ fromMs: 0, untilMs: MINUTE });
  between(hearing);
  listen(hearing, MINUTE + 15_000, 3 * MINUTE);
  expect(hearing.ended(3 * MINUTE)).toEqual({ fromMs: 2 * MINUTE, untilMs: 3 * MINUTE });
});

it('silence settles nothing that lies behind it', () => {
  const hearing = new Hearing();
  listen(hearing, 0, 30_000);
  expect(hearing.ended(5 * MINUTE)).toBeNull();
});
