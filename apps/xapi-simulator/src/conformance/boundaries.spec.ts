import { anyCharacter } from '@core/testing/any-character';
import fc from 'fast-check';
import type { JsonObject } from '@core/xapi/wire/json-splitter';
import { aSimulator, aTrader, TUESDAY_MS } from '../in-memory/example.fixture.ts';
import { hit, trading } from './trading.fixture.ts';

describe('the stop-out', () => {
  /** A position that holds back 722.34 of an account whose equity is that many cents; then one tick, at the same price. */
  const afterTick = (equityCents: number): JsonObject | undefined => {
    const { simulator, client, trade, control, account } = trading();
    trade({ volume: 0.2 });
    const { equity, margin } = simulator.broker.figures(account);
    expect(margin).toBe(72_234);
    const amount = String((equityCents - equity) / 100) as `${number}`;
    control.cash({ userId: '10001', kind: 'balance', amount });
    hit(simulator, 'EURUSD', '1.0845');
    client.wait(100);
    return client.frames('trade').find(({ comment }) => String(comment).startsWith('[S/O'));
  };

  it.each([
    ['one cent above half of the margin', 36_118, undefined],
    ['at half of the margin', 36_117, undefined],
    ['one cent below', 36_116, '[S/O 50.00% 361.16 / 722.34 (USD)]'],
    ['far below', 10_000, '[S/O 13.84% 100.00 / 722.34 (USD)]'],
    ['below nothing', -10_000, '[S/O -13.84% -100.00 / 722.34 (USD)]'],
  ])('%s', (_where, equityCents, comment) => {
    expect(afterTick(equityCents)?.comment).toBe(comment);
  });
});

describe('numbers', () => {
  it('are given once: to requests, positions and cash from one sequence, to deals from another', () => {
    for (const partialClose of ['same-position', 'new-position'] as const) {
      const { simulator, client, trade, control, account } = trading({ partialClose, splitFillsAbove: 7 });
      const given: number[] = [];
      const ask = (info: JsonObject): void => void given.push(trade({ volume: 0.1, ...info }));
      for (let round = 0; round < 30; round++) {
        ask({ cmd: round % 2 });
        ask({ cmd: 2, price: 1.08 });
        ask({ type: 3, order: [...account.positions.keys()][0], volume: 0.07, sl: 1.01 });
        hit(simulator, 'EURUSD', '1.07');
        hit(simulator, 'EURUSD', '1.0845');
        given.push(control.cash({ userId: '10001', amount: '1', kind: 'balance' }));
        for (const { id, volume } of [...account.positions.values()]) {
          ask({ type: 2, order: id, volume: Math.ceil(volume / 2) / 100 });
        }
        client.wait(100);
      }
      const trades = client.frames('trade');
      const positions = trades.filter(({ type }) => type === 0).map(({ position }) => Number(position));
      const deals = trades.filter(({ type, cmd }) => type === 2 && Number(cmd) < 2).map(({ order }) => Number(order));
      const orders = [...given.filter((number) => number !== 0), ...new Set(positions)];
      expect(orders.length).toBeGreaterThan(300);
      expect(new Set(orders).size).toBe(orders.length);
      expect(new Set(deals).size).toBe(deals.length);

      const again = aSimulator({}, { state: simulator.capture(), startMs: TUESDAY_MS + 3_600_000 });
      const [request, position] = again.broker.newNumbers();
      expect(Math.min(request, position)).toBeGreaterThan(Math.max(...orders));
    }
  });
});

describe('a customTag', () => {
  it('comes back as it was, whatever it is and whatever was asked', () => {
    const client = aTrader(aSimulator({ pacing: { enforce: false } }));
    const commands = fc.constantFrom('ping', 'getVersion', 'noSuchCommand', 'getSymbol', 'login', 'tradeTransaction');
    fc.assert(
      fc.property(commands, fc.string({ unit: anyCharacter, maxLength: 60 }), (command, customTag) => {
        const before = client.main.received.length;
        client.main.write(JSON.stringify({ command, customTag }));
        client.wait(20);
        expect(JSON.parse(client.main.received[before]?.message ?? '')).toMatchObject({ customTag });
      }),
    );
  });
});
