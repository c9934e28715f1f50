import { commands } from './commands.ts';
import { StreamingTradeRecord, TradeTransInfo } from './trade-record.ts';
import { isStreamName, subscriptions } from './streams.ts';
import { errorCodes } from './error-codes.ts';

describe('the wire tables', () => {
  it('hold every command and stream of the document', () => {
    // login, logout and 23 numbered ones; 8 streams, and the ninth streaming command is ping.
    expect(Object.keys(commands)).toHaveLength(25);
    expect(Object.keys(subscriptions)).toHaveLength(8);
    expect(isStreamName('trade') && !isStreamName('toString')).toBe(true);
  });

  it('hold every range of error codes', () => {
    const codes = Object.keys(errorCodes);
    expect(codes).toEqual(
      expect.arrayContaining(['BE001', 'BE020', 'BE037', 'BE099', 'BE117', 'BE200', 'EX010', 'EX011', 'SE199']),
    );
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('let unknown fields and codes pass when read', () => {
    const record = {
      order: 1,
      order2: 2,
      position: 1,
      cmd: 99,
      type: 17,
      state: 'Odd',
      symbol: null,
      customComment: null,
    };
    const rest = {
      comment: null,
      commission: null,
      storage: 0,
      margin_rate: 0,
      close_price: 1,
      open_price: 1,
      profit: null,
    };
    const more = { volume: 1, sl: 0, tp: 0, digits: 5, offset: 0, closed: false, open_time: 1, close_time: null };
    const read = StreamingTradeRecord.safeParse({ ...record, ...rest, ...more, expiration: null, neverSeen: {} });
    expect(read.success).toBe(true);
  });

  it('take a trade without cmd, as one client sends it', () => {
    expect(TradeTransInfo.safeParse({ type: 0, symbol: 'A', volume: 1, price: 1 }).success).toBe(true);
    expect(TradeTransInfo.safeParse({ type: 0, symbol: 'A', volume: 1 }).success).toBe(false);
  });
});
