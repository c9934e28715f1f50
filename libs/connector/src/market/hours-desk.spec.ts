import { encodeCommand } from '@core/xapi/wire/encode-frames';
import { MAX_COMMAND_BYTES } from '@core/xapi/wire/commands';
import { CommandRefused } from '../../../../apps/xapi-connector/src/transport/main-connection.ts';
import { NoTurn } from '../requests/pacer.ts';
import { HoursDesk } from './hours-desk.ts';

const NOW = Date.UTC(2026, 0, 7, 10);
const session = { day: 1, fromT: 0, toT: 3_600_000 };

describe('trading hours', () => {
  const asked: string[][] = [];
  let answerOf: (symbols: string[]) => unknown;
  let unreadable: number;

  beforeEach(() => {
    asked.length = unreadable = 0;
    answerOf = (symbols) => symbols.map((symbol) => ({ symbol, quotes: [session], trading: [session] }));
  });

  const deskOf = (maxAgeMs = 60_000, isKnown: (instrument: string) => boolean | null = () => true): HoursDesk =>
    new HoursDesk({
      questions: {
        nowMs: NOW,
        ask: async (_command: string, { symbols }: { symbols: string[] }) => {
          asked.push(symbols);
          await Promise.resolve();
          return answerOf(symbols);
        },
      } as never,
      ...{ maxAgeMs, isKnown },
      onUnreadable: () => (unreadable += 1),
    });
  const body = (...instruments: string[]) => ({ venue: 'sim', instruments });

  it('are those that were asked for, in their order, with the moment they were read', async () => {
    const hours = { zone: 'Europe/Warsaw', readAt: '2026-01-07T10:00:00.000000Z' };
    const sessions = [{ day: 1, fromMinute: 0, toMinute: 60 }];
    expect(await deskOf().answer(body('B', 'A'))).toEqual({
      ok: true,
      venue: 'sim',
      hours: ['B', 'A'].map((instrument) => ({ instrument, ...hours, quotes: sessions, trading: sessions })),
    });
  });

  it('are read once for all who want them, and again when they are old', async () => {
    const desk = deskOf();
    await Promise.all([desk.answer(body('A', 'B')), desk.answer(body('B', 'C')), desk.answer(body('C'))]);
    await desk.answer(body('A', 'B', 'C'));
    expect(asked).toEqual([['A', 'B'], ['C']]);
    const forgetful = deskOf(0);
    await forgetful.answer(body('A'));
    await forgetful.answer(body('A'));
    expect(asked.slice(2)).toEqual([['A'], ['A']]);
  });

  it('of many instruments are asked for in commands that a broker takes', async () => {
    const instruments = Array.from({ length: 100 }, (_, n) => `INSTRUMENT.NÜMBER_${n}`);
    expect(await deskOf().answer(body(...instruments))).toMatchObject({ ok: true });
    expect(asked.flat()).toEqual(instruments);
    const bytes = asked.map((symbols) => Buffer.byteLength(encodeCommand('getTradingHours', { symbols }, 'q1234567')));
    expect(Math.max(...bytes)).toBeLessThanOrEqual(MAX_COMMAND_BYTES);
    expect(asked.length).toBeLessThan(6);
  });

  it('that the broker does not tell, or not readably, are left out', async () => {
    answerOf = () => [{ symbol: 'A', quotes: [], trading: [session] }, { symbol: 'B' }];
    const answer = await deskOf().answer(body('A', 'B', 'C'));
    expect(answer).toMatchObject({ ok: true, hours: [{ instrument: 'A' }] });
    expect(unreadable).toBe(1);
  });

  it('are not given for what nobody knows', async () => {
    expect(await deskOf(1, (each) => each !== 'X').answer(body('A', 'X'))).toMatchObject({
      ...{ ok: false, reason: 'unknown-instrument', text: 'X' },
    });
    expect(await deskOf(1, () => null).answer(body('A'))).toMatchObject({ reason: 'broker-unavailable' });
    expect(await deskOf().answer(body())).toMatchObject({ reason: 'malformed' });
    expect(asked).toEqual([]);
  });

  it.each([
    [new NoTurn('gone'), 'broker-unavailable'],
    [new CommandRefused('getTradingHours', 'SE199', 'Internal error'), 'broker-error'],
    [null, 'broker-error'],
  ])('are not given when asking fails, and are asked for again: %#', async (trouble, reason) => {
    const usual = answerOf;
    answerOf = () => {
      if (trouble) throw trouble;
      return {};
    };
    const desk = deskOf();
    expect(await desk.answer(body('A'))).toMatchObject({ ok: false, reason });
    answerOf = usual;
    expect(await desk.answer(body('A'))).toMatchObject({ ok: true, hours: [{ instrument: 'A' }] });
  });
});
