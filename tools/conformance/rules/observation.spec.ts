import { profitsNotAdded, type Observation } from './observation.ts';

/** A round in which the account and its one position were read at these profits. */
const round = (unrealizedPl: number, ofPosition: number): Observation => ({
  atMs: 0,
  orders: [],
  positions: [{ id: 'p', instrument: 'EURUSD', side: 'buy', qty: 1, avgPrice: 1, unrealizedPl: ofPosition }],
  state: { balance: 0, unrealizedPl },
});

describe('the open profit of the account beside that of its positions', () => {
  it('is wrong where it stays another while the market stands', () => {
    const [fault] = profitsNotAdded([round(5, 4), round(5, 4), round(5, 4)]);
    expect(fault).toMatchObject({ got: '4.00' });
  });

  it('is not where the market moved between two readings of a round and came back, however often', () => {
    const back = [round(5, 4), round(5, 5), round(5, 6), round(5, 5), round(5, 4), round(5, 6)];
    expect(profitsNotAdded([...back, ...back])).toEqual([]);
  });
});
