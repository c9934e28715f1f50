import type { EventType } from '@core/contracts/event';
import { anEvent, exampleAccount, exampleId, exampleTypes } from '@core/contracts/examples.fixture';
import { subjects } from '@core/contracts/subjects';
import fc from 'fast-check';
import { readIntakeMessage } from './intake-message.ts';
import { quarantineEvent } from './dead-letter.ts';

const subject = subjects.intake(exampleAccount);
const bytesOf = (value: unknown): Uint8Array => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const admission = {
  now: '2026-01-05T10:00:00.000000Z',
  isRegistered: (account: string) => account === exampleAccount,
  mayTellOfStranger: () => true,
};
const read = (value: unknown) => readIntakeMessage(subject, `${subject}#17`, bytesOf(value), admission);
const batch = (...events: unknown[]) => ({ batchid: exampleId(1), events });

describe('readIntakeMessage', () => {
  it('reads a batch of facts', () => {
    const events = [anEvent('PositionOpened'), anEvent('OrderFilled')];
    expect(read(batch(...events))).toMatchObject({ identity: exampleId(1), events, deadLetters: [] });
  });

  it('sets aside what cannot be recorded, and only that', () => {
    const [good, other] = [anEvent('OrderFilled'), anEvent('EquityMarked')];
    const bad: readonly [unknown, string][] = [
      [{ ...good, id: exampleId(3), type: 'OrderTeleported' }, 'unknown event type'],
      [{ ...good, id: exampleId(4), extra: 1 }, 'extra'],
      [{ ...good, id: exampleId(5), subject: exampleId(9) }, 'came on the subject'],
      [{ ...good, id: exampleId(6), time: '2026-13-05T10:00:00.000000Z' }, 'calendar'],
      [{ ...good, id: exampleId(7), source: 'a\u0000b' }, 'control'],
      [{ ...good, id: exampleId(8), time: '2026-01-06T10:00:00.000001Z' }, 'future'],
      [{ ...good, id: exampleId(10), time: '2999-01-01T00:00:00.000000Z' }, 'future'],
      [{ ...anEvent('OrderCancelled'), id: 'no uuid' }, 'id'],
      [null, 'unknown event type'],
      ['text', 'unknown event type'],
    ];
    const message = read(batch(good, ...bad.map(([event]) => event), other));
    expect(message.events).toEqual([good, other]);
    expect(message.deadLetters.map(({ kept }) => kept.reason)).toEqual(bad.map(() => 'malformed'));
    for (const [index, [, why]] of bad.entries()) expect(message.deadLetters[index]?.kept.detail).toContain(why);
    expect(message.deadLetters.slice(0, 8).map(({ id }) => id)).toEqual(
      [3, 4, 5, 6, 7, 8, 10].map(exampleId).concat([null] as never),
    );
  });

  it('takes nothing of an account that nobody registered, and tells each of its events by its id', () => {
    const stranger = exampleId(0x5a);
    const events = [1, 2].map((id) => anEvent('EquityMarked', {}, { subject: stranger, id: exampleId(id) }));
    const bytes = bytesOf(batch(...events));
    const { events: taken, deadLetters } = readIntakeMessage(subjects.intake(stranger), 'x', bytes, admission);
    expect(taken).toEqual([]);
    expect(deadLetters.map(({ id, kept }) => [id, kept.detail])).toEqual(
      events.map(({ id }) => [id, `account ${stranger} is not registered`]),
    );
  });

  it('takes no number that no money is, and no moment that never comes, wherever in an event they stand', () => {
    const long = `1${'0'.repeat(400)}`;
    const money = anEvent('EquityMarked');
    expect(read(batch({ ...money, data: { ...money.data, equity: long } })).events).toEqual([]);
    const order = anEvent('OrderWorking');
    for (const expiresAt of ['2026-02-30T00:00:00.000000Z', '0000-01-01T00:00:00.000000Z'])
      expect(read(batch({ ...order, data: { ...order.data, expiresAt } })).events).toEqual([]);
  });

  // Told here apart from the contracts, which say it too: who may state a fact is decided twice, or it is not decided.
  const observed: readonly EventType[] = [
    ...(['AccountSessionOpened', 'AccountSessionLost', 'AccountUpdated', 'AccountReconciled'] as const),
    ...(['BalanceChanged', 'EquityMarked'] as const),
    ...(['RequestAccepted', 'RequestRejected', 'RequestOutcomeUnknown', 'RequestExpired'] as const),
    ...(['OrderWorking', 'OrderAmended', 'OrderFilled', 'OrderCancelled', 'OrderExpired'] as const),
    ...(['PositionOpened', 'PositionAmended', 'PositionReduced', 'PositionSwapCharged', 'PositionClosed'] as const),
  ];

  it.each(observed)('lets %s in', (type) => {
    const event = anEvent(type);
    expect(read(batch(event))).toMatchObject({ events: [event], deadLetters: [] });
  });

  it.each(exampleTypes.filter((type) => !observed.includes(type)))(
    'does not let %s in: that is decided, not observed',
    (type) => {
      const { events, deadLetters } = read(batch(anEvent(type)));
      expect(events).toEqual([]);
      expect(deadLetters[0]?.kept.detail).toBe(`only the ledger decides ${type}`);
    },
  );

  it.each(['', 'no json', '[]', '{"batchid":"x","events":[]}', JSON.stringify(batch(...Array(201).fill(1)))])(
    'keeps a message that is no batch: %#',
    (text) => {
      const { events, deadLetters } = read(text);
      expect(events).toEqual([]);
      expect(deadLetters).toHaveLength(1);
      expect(Buffer.from(deadLetters[0]?.kept.body ?? []).toString()).toBe(text);
    },
  );

  it('knows the same bytes again, wherever they stand', () => {
    const [once, again] = [17, 99].map((at) =>
      readIntakeMessage(subject, `${subject}#${at}`, bytesOf('no json'), admission),
    );
    expect(again?.identity).toBe(once?.identity);
    expect(again?.deadLetters[0]?.kept.messageId).toBe(once?.deadLetters[0]?.kept.messageId);
    expect(read('another').identity).not.toBe(once?.identity);
  });

  it('keeps no more of a body than its limit', () => {
    expect(read('x'.repeat(100_000)).deadLetters[0]?.kept.body).toHaveLength(65_536);
  });

  it.each([4_500, 100_000])('keeps the bytes of %d levels of nesting, and tells nothing of them', (levels) => {
    const deep = '['.repeat(levels) + ']'.repeat(levels);
    const text = `{"batchid":"${exampleId(1)}","events":[${deep}]}`;
    const { events, deadLetters } = read(text);
    expect(events).toEqual([]);
    expect(deadLetters.map(({ kept }) => kept)).toMatchObject([
      { reason: 'malformed', detail: 'nested deeper than 64' },
    ]);
    expect(Buffer.from(deadLetters[0]?.kept.body ?? []).toString()).toBe(text.slice(0, 65_536));
  });

  it('sets aside half of a character by its event, and leaves a whole one', () => {
    const whole = anEvent('RequestRejected', { text: 'whole 😀' });
    const half = { ...anEvent('RequestRejected', { text: 'half \ud83d' }), id: exampleId(3) };
    const { events, deadLetters } = read(JSON.stringify(batch(whole, half)).replace('😀', String.raw`\ud83d\ude00`));
    expect(events).toEqual([whole]);
    expect(deadLetters).toMatchObject([{ id: exampleId(3), kept: { detail: expect.stringContaining('surrogate') } }]);
  });

  it('says what it set aside in an event that the log can hold', () => {
    const [deadLetter] = read(batch({ type: 'x\u0000', id: exampleId(1) })).deadLetters;
    const stamp = { source: 'spec@0', time: '2026-01-05T10:00:00.000000Z', correlationid: exampleId(2) };
    const event = deadLetter && quarantineEvent(deadLetter, stamp);
    expect(event?.data).toMatchObject({ messageId: deadLetter?.kept.messageId, reason: 'malformed' });
    expect(JSON.stringify(event)).not.toContain('\\u0000');
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readIntakeMessage(subject, 'x', bytes, admission)),
    );
    fc.assert(fc.property(fc.jsonValue(), (value) => void read(batch(value))));
  });
});
