import { anEvent, recorded } from '@core/contracts/examples';
import { sessionBook } from './session-book.ts';

describe('an account', () => {
  it('counts up by one per message, so that a hole can be seen', () => {
    const book = sessionBook.initial();
    const numbers = recorded([
      anEvent('AccountRegistered'),
      anEvent('AccountUpdated'),
      anEvent('OrderRequested'),
      anEvent('OrderWorking'),
      anEvent('EquityMarked'),
      anEvent('PositionOpened'),
    ]).flatMap((event) => {
      sessionBook.evolve(book, event);
      return book.latest ? [book.sequence] : [];
    });
    expect(numbers).toEqual([1, 2, 3, 4]);
  });
});
