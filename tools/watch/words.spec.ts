import { wordsOf } from './words.ts';

const position = {
  ...{ id: 'p1', side: 'Sell', lots_amount: 0.1, asset_pair: 'GOLD', asset_open_price: 2400.5 },
  ...{ sl_in_instrument_price: 2500, tp_in_instrument_price: null, close_date: null, collateral_currency: 'USD' },
};
const recorded = { id: 'e1', accountId: 'a1', sequence: 1, cursor: 'c' };
const words = (event: object): readonly string[] => wordsOf({ ...recorded, ...event } as never);

it('says what stands, and then what happens to it', () => {
  const account = { id: 'a1', balance: 100, currency: 'USD' };
  expect(words({ type: 'snapshot', accounts: [account], positions: [position], pendings: [] })).toEqual([
    'account a1: balance 100 USD',
    '  open      0.1 lots of GOLD sold at 2400.5, stop loss 2500 (p1)',
    'from here on, as it happens',
  ]);
  const closed = { ...position, close_date: 1, close_reason: 'StopLoss', asset_close_price: 2500, profit: -995 };
  expect(words({ type: 'position.closed', position: closed })).toEqual([
    'closed    0.1 lots of GOLD sold at 2400.5, closed at 2500 by StopLoss, profit -995 USD (p1)',
  ]);
});

it('an interruption is said with when it ends', () => {
  expect(words({ type: 'disconnected', code: 1006, reason: '', retryInMs: 1_500 })).toEqual([
    'the connection is gone (1006); trying again in 1.5 s',
  ]);
});
