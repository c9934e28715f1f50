import { fuzz } from '@core/testing/fuzz';
import { aSimulator, aTrader } from '../in-memory/example.fixture.ts';

const command = (name: string, given: object) => JSON.stringify({ command: name, arguments: given, customTag: 'x' });
const order = { type: 0, cmd: 0, symbol: 'EURUSD', volume: 0.1, price: 1, sl: 0, tp: 0, offset: 0, expiration: 0 };
const examples = [
  command('login', { userId: '10002', password: 'wrong' }),
  command('getTrades', { openedOnly: true }),
  command('getTickPrices', { level: 0, symbols: ['EURUSD'], timestamp: 0 }),
  command('tradeTransaction', { tradeTransInfo: { ...order, order: 0, customComment: 'c' } }),
  command('getChartLastRequest', { info: { period: 5, start: 0, symbol: 'EURUSD' } }),
  command('getTradesHistory', { start: 0, end: 0 }),
  JSON.stringify({ command: 'getTickPrices', streamSessionId: 'x', symbol: 'EURUSD', minArrivalTime: 1, maxLevel: 2 }),
];

it('whatever a client sends ends at most its own connection', () => {
  const simulator = aSimulator({ pacing: { enforce: false } });
  const other = aTrader(simulator, '10002');
  let client = aTrader(simulator);
  return fuzz({
    name: 'xapi client',
    examples,
    take: (input) => {
      const text = Buffer.from(input).toString();
      for (const socket of [client.main, client.stream]) if (socket.ended === null) socket.write(text);
      if (client.main.ended !== null || client.stream.ended !== null) client = aTrader(simulator);
    },
    others: () => expect(other.ask('getMarginLevel')).toMatchObject({ status: true }),
  });
});
