import { aPair } from '@core/contracts/market/example.fixture';
import { dealIn, PaperTrader, unvalued } from './exchange.fixture.ts';

describe('an order that meets its price', () => {
  it('is told once more, leaves, and becomes a position of its own number', () => {
    const trader = new PaperTrader();
    trader.order({ kind: 'limit', price: '1.09', stopLoss: '1.08', takeProfit: '1.12' });
    const [standing] = trader.exchange.drain();
    expect(trader.moves('1.09', '1.0902')).toEqual([]);
    expect(trader.moves('1.0898', '1.09')).toMatchObject([
      standing,
      { about: 'order-gone', order: '2' },
      { about: 'position', position: '3', origin: '2', price: '1.09', stopLoss: '1.08', takeProfit: '1.12' },
    ]);
    expect(trader.exchange.standing()).toHaveLength(1);
  });

  it.each([
    ['limit', 'buy', '1.09', ['1.08', '1.0802'], '1.0802'],
    ['limit', 'sell', '1.11', ['1.12', '1.1202'], '1.12'],
    ['stop', 'buy', '1.11', ['1.12', '1.1202'], '1.1202'],
    ['stop', 'sell', '1.09', ['1.08', '1.0802'], '1.08'],
  ] as const)('over a gap, as a %s to %s, fills at the market', (kind, side, price, [bid, ask], filled) => {
    const trader = new PaperTrader();
    trader.order({ kind, side, price });
    trader.exchange.drain();
    expect(trader.moves(bid, ask).at(-1)).toMatchObject({ about: 'position', side, price: filled });
  });

  it('without money for it is gone, and nothing came of it', () => {
    const trader = new PaperTrader();
    trader.order({ kind: 'limit', price: '1.09', volumeLots: '50' });
    trader.exchange.drain();
    expect(trader.moves('1.08', '1.0802').map(({ about }) => about)).toEqual(['order', 'order-gone']);
    expect(trader.exchange.standing()).toEqual([]);
  });

  it('waits while nothing says what it would cost, and is not met once it has expired', () => {
    const trader = new PaperTrader({}, [aPair('EURUSD'), unvalued]);
    trader.market.say('NIKKEI', '40000', '40010');
    trader.order({ instrument: 'NIKKEI', kind: 'limit', price: '39000', volumeLots: '1' });
    trader.order({ kind: 'limit', price: '1.09', expiresAt: trader.at });
    trader.exchange.drain();
    expect(trader.moves('38000', '38010', 'NIKKEI')).toEqual([]);
    expect(trader.moves('1.08', '1.0802')).toEqual([]);
    expect(trader.exchange.standing()).toHaveLength(2);
  });
});

describe('a position', () => {
  it.each([
    ['buy', { stopLoss: '1.09' }, ['1.0901', '1.0903'], ['1.085', '1.0852'], 'stop-loss', '1.085'],
    ['sell', { stopLoss: '1.11' }, ['1.1097', '1.1099'], ['1.112', '1.1122'], 'stop-loss', '1.1122'],
    ['buy', { takeProfit: '1.11' }, ['1.1099', '1.1101'], ['1.112', '1.1122'], 'take-profit', '1.112'],
    ['sell', { takeProfit: '1.09' }, ['1.0899', '1.0901'], ['1.0898', '1.09'], 'take-profit', '1.09'],
  ] as const)('to %s with %j ends where its side of the market meets it', (side, levels, near, there, reason, at) => {
    const trader = new PaperTrader();
    trader.order({ side, ...levels });
    trader.exchange.drain();
    expect(trader.moves(near[0], near[1])).toEqual([]);
    const reports = trader.moves(there[0], there[1]);
    expect(reports.map(({ about }) => about)).toEqual(['position-gone', 'deal']);
    expect(dealIn(reports)).toMatchObject({ reason, closePrice: at, request: '4', deal: '5' });
  });

  it('is moved by the prices of its own instrument alone, while they live', () => {
    const trader = new PaperTrader({}, [aPair('EURUSD'), aPair('GBPUSD')]);
    trader.order({ stopLoss: '1.09' });
    trader.exchange.drain();
    trader.market.say('EURUSD', '1.08', '1.0802');
    expect(trader.moves('1.2', '1.2002', 'GBPUSD')).toEqual([]);
    trader.market.dead.add('EURUSD');
    expect(trader.moves('1.08', '1.0802')).toEqual([]);
    trader.market.dead.clear();
    expect(trader.moves('1.08', '1.0802')).toHaveLength(2);
  });

  it.each([
    ['buy', ['1.1', '1.1002'], '1.099', ['1.102', '1.1022'], '1.101', ['1.1015', '1.1017']],
    ['sell', ['1.1', '1.1002'], '1.1012', ['1.098', '1.0982'], '1.0992', ['1.0985', '1.0987']],
  ] as const)('to %s with a trailing stop is followed, and never back', (side, at, first, better, second, back) => {
    const trader = new PaperTrader();
    trader.order({ side, trailingPoints: 100 });
    trader.exchange.drain();
    expect(trader.moves(at[0], at[1])).toMatchObject([{ about: 'position', stopLoss: first, trailingPoints: 100 }]);
    expect(trader.moves(better[0], better[1])).toMatchObject([{ about: 'position', stopLoss: second }]);
    expect(trader.moves(back[0], back[1])).toEqual([]);
  });
});

it('an order hands its trailing stop on, through changes that do not name it', () => {
  const trader = new PaperTrader();
  trader.order({ kind: 'limit', price: '1.09', stopLoss: '1.08', trailingPoints: 1000 });
  trader.ask({ is: 'amend', order: '2', price: '1.091', stopLoss: '1.081', takeProfit: null, expiresAt: null });
  trader.exchange.drain();
  const [, , position] = trader.moves('1.0908', '1.091');
  expect(position).toMatchObject({ about: 'position', stopLoss: '1.081', trailingPoints: 1000 });
  trader.ask({ is: 'protect', position: '4', stopLoss: '1.082', takeProfit: null });
  expect(trader.position).toMatchObject({ stopLoss: '1.082', trailingPoints: 1000 });
  trader.ask({ is: 'protect', position: '4', stopLoss: '1.082', takeProfit: null, trailingPoints: null });
  expect(trader.exchange.drain().at(-1)).toMatchObject({ stopLoss: '1.082', trailingPoints: null });
  expect(trader.moves('1.2', '1.2002')).toEqual([]);
});

describe('a margin that does not hold', () => {
  it('costs the worst position first, and no more than it must', () => {
    const trader = new PaperTrader({ balance: '1000' });
    trader.order({ volumeLots: '0.4' });
    trader.order({ volumeLots: '0.3' });
    trader.exchange.drain();
    expect(trader.moves('1.0921', '1.0923')).toEqual([]);
    const reports = trader.moves('1.091', '1.0912');
    expect(dealIn(reports)).toMatchObject({ volumeLots: '0.4', reason: 'stop-out', closePrice: '1.091' });
    expect(reports.filter(({ about }) => about === 'deal')).toHaveLength(1);
    expect(trader.exchange.standing()).toHaveLength(1);
  });

  it('is one at the percentage itself, and none above it', () => {
    const trader = new PaperTrader({ balance: '1000' });
    trader.order({ volumeLots: '0.5' });
    trader.exchange.drain();
    expect(trader.moves('1.085702', '1.0859')).toEqual([]);
    expect(dealIn(trader.moves('1.085701', '1.0859'))).toMatchObject({ reason: 'stop-out' });
  });

  it('costs nothing while nobody knows what it is worth, or at what price it would end', () => {
    const trader = new PaperTrader({ balance: '1000' }, [aPair('EURUSD'), aPair('GBPUSD')]);
    trader.order({ volumeLots: '0.7' });
    trader.exchange.drain();
    trader.market.dead.add('EURUSD');
    expect(trader.moves('1.05', '1.0502')).toEqual([]);
    trader.market.quotes.clear();
    expect(trader.moves('1.2', '1.2002', 'GBPUSD')).toEqual([]);
    expect(trader.exchange.standing()).toHaveLength(1);
  });
});
