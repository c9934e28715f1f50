import { exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import { commandOf, tradeRequests } from './trade-request.ts';

const requester = { edge: 'ws-session', reference: 'p-1' } as const;
const whose = { process_id: 'p-1', account_id: exampleAccount };
const place = {
  ...{ ...whose, asset_pair: 'EURUSD', side: 'Buy', order_type: 'Market', lots_amount: 0.1 },
  ...{ sl_in_instrument_price: 1.09 },
};
const update = { ...whose, position_id: exampleId(5), sl_in_instrument_price: 1.09, tp_in_instrument_price: null };

const placed = (body: object) =>
  commandOf({ name: 'place_order', body: tradeRequests.place_order.parse({ ...place, ...body }) }, requester);
const updated = (body: object) =>
  commandOf({ name: 'update_position', body: tradeRequests.update_position.parse({ ...update, ...body }) }, requester);

/** What is asked for of a trailing stop; undefined is nothing. */
function trailingIn(command: ReturnType<typeof commandOf>): unknown {
  if (!command.ok) return command.error.code;
  const { data } = command.value;
  return 'terms' in data ? data.terms.trailingPoints : (data as { trailingPoints?: number | null }).trailingPoints;
}

describe('a trailing stop', () => {
  it('is a distance in points of a new order and of a change', () => {
    expect(trailingIn(placed({ trailing_points: 120 }))).toBe(120);
    expect(trailingIn(updated({ trailing_points: 80 }))).toBe(80);
  });

  it('stays as it is where a change does not say it, and ends where it says null', () => {
    expect(trailingIn(updated({}))).toBeUndefined();
    expect(trailingIn(updated({ trailing_points: null }))).toBeNull();
  });

  it('ends with the stop loss', () => {
    expect(trailingIn(updated({ sl_in_instrument_price: null }))).toBeNull();
  });

  it('begins at a stop loss, and is no part of a point', () => {
    expect(trailingIn(placed({ trailing_points: 120, sl_in_instrument_price: null }))).toBe('invalid_sl');
    expect(trailingIn(updated({ trailing_points: 120, sl_in_instrument_price: null }))).toBe('invalid_sl');
    for (const trailing_points of [0, -1, 0.5, '120'])
      expect(tradeRequests.place_order.safeParse({ ...place, trailing_points }).success).toBe(false);
  });
});

describe('an amount', () => {
  it.each([
    [0.1, '0.1'],
    [1e300, '1000000000000000000000000'],
    [1e-300, '0.000000000000000001'],
  ])('of any size is asked for, so that it is refused by what it is: %p', (lots_amount, volumeLots) => {
    expect(placed({ lots_amount })).toMatchObject({ ok: true, value: { data: { volumeLots } } });
  });

  it.each([0, -0, -0.1, -1e300, -1e-300, Infinity, NaN, '0.1', null])('of %p is none', (lots_amount) => {
    expect(tradeRequests.place_order.safeParse({ ...place, lots_amount }).success).toBe(false);
  });
});

describe('protection by an amount of money', () => {
  it.each([
    [{ sl_in_currency: 10 }, 'invalid_sl'],
    [{ tp_in_currency: 10 }, 'invalid_tp'],
  ])('is none that a broker of ours has: %p', (body, code) => {
    expect(placed(body)).toMatchObject({ ok: false, error: { code } });
  });
});
