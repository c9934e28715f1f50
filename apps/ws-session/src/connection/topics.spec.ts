import { Topics } from './topics.ts';

describe('topics', () => {
  it('are none, until some are chosen', () => {
    const topics = new Topics();
    expect(topics.wants('positions', 'a')).toBe(false);
    topics.add('positions', ['a']);
    expect([topics.wants('positions', 'a'), topics.wants('positions', 'b'), topics.wants('orders', 'a')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('can be everything but some', () => {
    const topics = Topics.all(false);
    topics.remove('positions', ['a']);
    expect([topics.wants('positions', 'a'), topics.wants('positions', 'b'), topics.wants('accounts', 'a')]).toEqual([
      false,
      true,
      true,
    ]);
    topics.add('positions', ['a']);
    expect(topics.wants('positions', 'a')).toBe(true);
    expect(Topics.all(false).wants('prices', 'EURUSD')).toBe(false);
  });

  it('widen to everything and narrow to nothing', () => {
    const topics = new Topics();
    topics.add('orders', ['a']);
    topics.add('orders', null);
    expect(topics.wants('orders', 'b')).toBe(true);
    topics.remove('orders', null);
    expect(topics.wants('orders', 'a')).toBe(false);
    topics.remove('orders', ['a']);
    expect([...topics.named]).toEqual([]);
  });

  it('name what was named singly', () => {
    const topics = new Topics();
    topics.add('orders', ['a', 'b']);
    topics.add('positions', ['b', 'c']);
    topics.remove('orders', ['a']);
    expect([...topics.named].toSorted()).toEqual(['b', 'c']);
  });
});
