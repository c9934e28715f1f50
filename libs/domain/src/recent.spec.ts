import { noneRecent, remember, remembers } from './recent.ts';

describe('what is over', () => {
  const recent = (ids: readonly string[]) => {
    const past = noneRecent();
    for (const id of ids) remember(past, id, 3);
    return past;
  };
  const numbered = (count: number) => Array.from({ length: count }, (_, index) => `id-${index}`);

  it('is remembered, and the last ones are whatever came before', () => {
    for (const count of [1, 3, 4, 6, 7, 20]) {
      for (const id of numbered(count).slice(-3)) expect(remembers(recent(numbered(count)), id)).toBe(true);
    }
    expect(remembers(noneRecent(), 'id-0')).toBe(false);
  });

  it('is forgotten in time', () => {
    expect(remembers(recent(numbered(6)), 'id-0')).toBe(true);
    expect(remembers(recent(numbered(7)), 'id-0')).toBe(false);
    expect(JSON.stringify(recent(numbered(1000))).length).toBeLessThan(150);
  });

  it('counts once, however often it is said', () => {
    expect(remembers(recent(['first', 'same', 'same', 'same', 'same', 'same', 'same', 'same']), 'first')).toBe(true);
  });
});
