import { MAX_COMMAND_BYTES } from '../wire/commands.ts';
import { encodeCommand } from '../wire/encode-frames.ts';
import { symbolsOfOneCommand, translateHours } from './hours.ts';

const HOUR = 3_600_000;
const READ_AT = '2026-01-05T10:00:00.000000Z';

describe('trading hours', () => {
  const sessions = (...trading: { day: number; fromT: number; toT: number }[]) => {
    const read = translateHours({ symbol: 'EURUSD', quotes: [], trading }, READ_AT);
    return read.ok ? read.value.trading.map(({ day, fromMinute, toMinute }) => [day, fromMinute, toMinute]) : read;
  };

  it('are minutes of the server’s wall clock, in the order of the week', () => {
    const quotes = [
      { day: 7, fromT: 23 * HOUR, toT: 24 * HOUR },
      { day: 1, fromT: 0, toT: 24 * HOUR },
    ];
    expect(translateHours({ symbol: 'EURUSD', quotes, trading: [] }, READ_AT)).toEqual({
      ok: true,
      value: {
        instrument: 'EURUSD',
        zone: 'Europe/Warsaw',
        quotes: [
          { day: 1, fromMinute: 0, toMinute: 1_440 },
          { day: 7, fromMinute: 1_380, toMinute: 1_440 },
        ],
        trading: [],
        readAt: READ_AT,
      },
    });
  });

  it('that end a moment before midnight end at midnight', () => {
    expect(sessions({ day: 2, fromT: 15.5 * HOUR, toT: 24 * HOUR - 1 })).toEqual([[2, 930, 1_440]]);
  });

  it('over midnight are two sessions, of Sunday and Monday too', () => {
    expect(sessions({ day: 7, fromT: 22 * HOUR, toT: 2 * HOUR })).toEqual([
      [1, 0, 120],
      [7, 1_320, 1_440],
    ]);
    expect(sessions({ day: 1, fromT: 22 * HOUR, toT: 25 * HOUR })).toEqual([
      [1, 1_320, 1_440],
      [2, 0, 60],
    ]);
  });

  it('of no length are none', () => {
    expect(sessions({ day: 1, fromT: HOUR, toT: HOUR })).toEqual([]);
  });

  it.each([{}, { symbol: 'X', quotes: [] }, { symbol: 'X', quotes: [{ day: 8, fromT: 0, toT: 1 }], trading: [] }])(
    'are not %j',
    (data) => {
      expect(translateHours(data, READ_AT)).toMatchObject({ ok: false });
    },
  );
});

describe('a question for trading hours', () => {
  it('asks for as many as fit into a command that a broker takes, in their order', () => {
    const instruments = Array.from({ length: 100 }, (_, n) => `INSTRUMENT.NÜMBER_${n}`);
    const commands: string[] = [];
    for (let left = instruments; left.length > 0;) {
      const symbols = symbolsOfOneCommand(left);
      expect(symbols).toEqual(left.slice(0, symbols.length));
      commands.push(encodeCommand('getTradingHours', { symbols }, 'q1234567'));
      left = left.slice(symbols.length);
    }
    expect(Math.max(...commands.map((command) => Buffer.byteLength(command)))).toBeLessThanOrEqual(MAX_COMMAND_BYTES);
    expect(commands.length).toBeLessThan(6);
  });

  it('asks for one at least', () => {
    expect(symbolsOfOneCommand(['X'.repeat(2_000), 'Y'])).toHaveLength(1);
  });
});
