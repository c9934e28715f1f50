import { defaultBehaviour, withChanges } from './behaviour-settings.ts';
import { Fault, FaultBook } from './faults.ts';

describe('behaviour settings', () => {
  it('keep what is not named', () => {
    const changed = withChanges(defaultBehaviour(), { pacing: { enforce: false }, market: { disabled: ['GOLD'] } });
    expect(changed).toEqual({
      ...defaultBehaviour(),
      pacing: { ...defaultBehaviour().pacing, enforce: false },
      market: { ...defaultBehaviour().market, disabled: ['GOLD'] },
    });
    expect(withChanges(changed, { market: { disabled: [] } }).market.disabled).toEqual([]);
  });

  it.each([{ noSuchKnob: 1 }, { pacing: { strikes: 0 } }, { market: { tickPerSecond: 5 } }, { duplicate: '3' }])(
    'refuse %j',
    (changes) => {
      expect(() => withChanges(defaultBehaviour(), changes as never)).toThrow();
    },
  );
});

describe('faults', () => {
  const lose = (more: object = {}): Fault =>
    Fault.parse({ kind: 'lose-reply', command: 'ping', executed: true, ...more });

  it('strike whom they name, as often as they say, and are then gone', () => {
    const book = new FaultBook();
    book.set(lose({ user: 'ada', times: 2 }));
    expect(book.strike('lose-reply', 'bob')).toBeNull();
    expect(book.strike('lose-reply', null)).toBeNull();
    expect(book.strike('reject', 'ada')).toBeNull();
    expect(book.strike('lose-reply', 'ada', ({ command }) => command === 'login')).toBeNull();
    expect(book.strike('lose-reply', 'ada')).toMatchObject({ command: 'ping' });
    expect(book.strike('lose-reply', 'ada')).not.toBeNull();
    expect(book.strike('lose-reply', 'ada')).toBeNull();
    expect(book.list()).toEqual([]);
  });

  it('strike everyone, for ever, until they are lifted', () => {
    const book = new FaultBook();
    const { id } = book.set(lose());
    for (const user of ['ada', 'bob', null]) expect(book.strike('lose-reply', user)).not.toBeNull();
    expect(book.list()).toMatchObject([{ id, struck: 3 }]);
    expect([book.lift(id), book.lift(id)]).toEqual([true, false]);
    expect(book.strike('lose-reply', 'ada')).toBeNull();
  });
});
