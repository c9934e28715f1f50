import type { Event, RecordedEvent } from '@core/contracts/event';
import { aCommand } from '@core/contracts/command-examples.fixture';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import type { Uuid } from '@core/contracts/primitives';
import { LINE } from '@core/log-proof/line';
import { newId } from '@core/service/clock';
import { createHash } from 'node:crypto';
import { LogFenced, type AppendBatch, type EventLog, type EventLogWriter } from './event-log.ts';
import { encodeLine } from './stored-line.ts';

/** One log, opened several times. */
export interface LogUnderTest {
  /** Takes over from the writer before; waits for no lock. */
  writer(): Promise<EventLogWriter>;
  reader(): EventLog;
  close(): Promise<void>;
}

const AT = '2026-01-05T10:00:00.000001Z';

export const aBatch = (events: readonly Event[], rest: Partial<AppendBatch> = {}): AppendBatch => ({
  events,
  answers: [],
  quarantined: [],
  checkpoint: null,
  recordedtime: AT,
  ...rest,
});

export const anEquityMark = (subject = newId(), id = newId()): Event => anEvent('EquityMarked', {}, { id, subject });

const asking = (commandid: Uuid) => aCommand('HaltTrading', {}, { commandid });

export async function allOf(pages: AsyncIterable<readonly RecordedEvent[]>): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of pages) events.push(...page);
  return events;
}

/** What every log must do. */
export function describeEventLog(name: string, open: () => Promise<LogUnderTest>): void {
  describe(`${name} event log`, () => {
    let log: LogUnderTest;
    let writer: EventLogWriter;

    beforeEach(async () => {
      log = await open();
      writer = await log.writer();
    });
    afterEach(() => log.close());

    it('starts empty', async () => {
      expect(await log.reader().head()).toBe(0);
      expect(await allOf(log.reader().read(0))).toEqual([]);
      expect(await writer.checkpoint()).toBeNull();
    });

    it('numbers events without holes, and those of each account on their own', async () => {
      const [ada, bob] = [newId(), newId()];
      const first = await writer.append(aBatch([anEquityMark(ada), anEquityMark(bob), anEquityMark(ada)]));
      const second = await writer.append(aBatch([anEquityMark(bob), anEquityMark(ada)]));
      const places = [...first.recorded, ...second.recorded].map((event) => [event.position, event.version]);
      expect(places).toEqual([
        [1, 1],
        [2, 1],
        [3, 2],
        [4, 2],
        [5, 3],
      ]);
    });

    it('reads back exactly what was appended', async () => {
      const strange = anEvent('TradingHalted', {
        operator: 'line\nbreak \u001f "quoted"',
        note: '¥ 😀 \ud800 \\u0000',
      });
      const { recorded } = await writer.append(aBatch([{ ...strange, causationid: newId() }, anEquityMark()]));
      expect(await allOf(log.reader().read(0))).toEqual(recorded);
      expect(recorded[0]).toMatchObject({ data: strange.data, recordedtime: AT });
    });

    it('reads on from a position, up to another', async () => {
      const { recorded } = await writer.append(aBatch([anEquityMark(), anEquityMark(), anEquityMark()]));
      expect(await allOf(log.reader().read(1))).toEqual(recorded.slice(1));
      expect(await allOf(log.reader().read(3))).toEqual([]);
      expect(await allOf(log.reader().read(1, 2))).toEqual(recorded.slice(1, 2));
      expect(await allOf(log.reader().read(1, 9))).toEqual(recorded.slice(1));
    });

    it('reads one account, from a version, up to a position or a time', async () => {
      const ada = newId();
      const later = '2026-01-05T11:00:00.000000Z';
      await writer.append(aBatch([anEquityMark(ada), anEquityMark(), anEquityMark(ada)]));
      await writer.append(aBatch([anEquityMark(ada)], { recordedtime: later }));
      const versions = async (...[after, until]: [number?, { position?: number; time?: string }?]) =>
        (await allOf(log.reader().readAccount(ada, after, until))).map(({ version }) => version);
      expect(await versions()).toEqual([1, 2, 3]);
      expect(await versions(1)).toEqual([2, 3]);
      expect(await versions(0, { position: 3 })).toEqual([1, 2]);
      expect(await versions(0, { time: AT })).toEqual([1, 2]);
      expect(await versions(0, { time: later })).toEqual([1, 2, 3]);
    });

    it('tells the digest of what it holds between two positions, as a reader can make it', async () => {
      const strange = anEvent('TradingHalted', { operator: '¥ 😀 "\u001f"', note: '\ud800' });
      const { recorded } = await writer.append(aBatch([anEquityMark(), { ...strange, causationid: newId() }]));
      const more = await writer.append(aBatch([anEquityMark()]));
      const lines = [...recorded, ...more.recorded].map(encodeLine);
      const digestOf = (some: readonly string[]) => createHash('sha256').update(some.join(LINE)).digest('hex');
      const reader = log.reader();
      expect(await reader.digest(0, 3)).toBe(digestOf(lines));
      expect(await reader.digest(1, 2)).toBe(digestOf(lines.slice(1, 2)));
      expect(await reader.digest(1, 9)).toBe(digestOf(lines.slice(1)));
      expect(await reader.digest(3, 9)).toBe(digestOf([]));
    });

    it('says which ids it holds', async () => {
      const [one, two] = [anEquityMark(), anEquityMark()];
      await writer.append(aBatch([one]));
      expect(await log.reader().holding([one.id, two.id, one.id])).toEqual(new Set([one.id]));
      expect(await log.reader().holding([])).toEqual(new Set());
    });

    it('reads one chain of cause', async () => {
      const correlationid = newId();
      const chain = [1, 2].map(() => anEvent('EquityMarked', {}, { id: newId(), subject: newId(), correlationid }));
      await writer.append(aBatch([anEquityMark(), ...chain, anEquityMark()]));
      const found = await log.reader().readCorrelation(correlationid);
      expect(found.map(({ id }) => id)).toEqual(chain.map(({ id }) => id));
    });

    it('records each id once and confirms its place to whoever sends it again', async () => {
      const [one, two, three] = [anEquityMark(), anEquityMark(), anEquityMark()];
      await writer.append(aBatch([one]));
      const again = { ...one, source: 'another@1', correlationid: newId(), time: '2026-02-01T00:00:00.000000Z' };
      const appended = await writer.append(aBatch([two, again, three, two]));
      expect(appended.recorded.map(({ id, position }) => [id, position])).toEqual([
        [two.id, 2],
        [three.id, 3],
      ]);
      expect(appended.known).toEqual([
        { id: one.id, position: 1 },
        { id: two.id, position: 2 },
      ]);
      expect(appended.conflicting).toEqual([]);
      expect(await log.reader().head()).toBe(3);
    });

    it('does not record an id that stands for something else', async () => {
      const one = anEquityMark();
      await writer.append(aBatch([one]));
      const otherData = anEvent('EquityMarked', { equity: '1' }, { id: one.id, subject: one.subject });
      const otherAccount = { ...one, subject: newId() };
      const otherType = anEvent('AccountSessionOpened', {}, { id: one.id, subject: one.subject });
      const fine = anEquityMark();
      const clash = { ...fine, subject: newId() };
      const appended = await writer.append(aBatch([otherData, otherAccount, otherType, fine, clash]));
      expect(appended.conflicting).toEqual([otherData, otherAccount, otherType, clash]);
      expect(appended.recorded.map(({ id }) => id)).toEqual([fine.id]);
    });

    it('keeps checkpoint, answers and events together', async () => {
      const event = anEquityMark();
      const [placed, idle, refused] = [newId(), newId(), newId()];
      const checkpoint = { incarnation: '2026-01-05', sequence: 17, batchid: exampleId(7) };
      const refusal = { ok: false, refusal: { reason: 'unknown-order', text: null } } as const;
      const { answers } = await writer.append(
        aBatch([event, anEquityMark()], {
          checkpoint,
          answers: [
            { commandid: idle, content: exampleId(1), eventIds: [], answer: { ok: true, position: 0, eventIds: [] } },
            {
              commandid: placed,
              content: exampleId(2),
              eventIds: [event.id],
              answer: { ok: true, position: 0, eventIds: [event.id] },
            },
            { commandid: refused, content: exampleId(3), eventIds: [], answer: refusal },
          ],
        }),
      );
      const expected: [string, object][] = [
        [idle, { ok: true, position: 0, eventIds: [] }],
        [placed, { ok: true, position: 1, eventIds: [event.id] }],
        [refused, refusal],
      ];
      expect(answers).toEqual(new Map(expected));
      const next = await log.writer();
      expect(await next.checkpoint()).toEqual(checkpoint);
      expect(await next.answers([placed, idle, refused, newId()].map(asking))).toEqual(
        new Map(expected.map(([id, answer], index) => [id, { answer, content: exampleId(index + 1) }])),
      );
      const answered: string[] = [];
      for await (const ids of next.answered()) answered.push(...ids);
      expect(answered.toSorted()).toEqual([placed, idle, refused].toSorted());
    });

    it('moves the checkpoint without an event, and keeps it when a batch has none', async () => {
      const checkpoint = { incarnation: 'a', sequence: 1, batchid: null };
      await writer.append(aBatch([], { checkpoint: { ...checkpoint, batchid: newId() } }));
      await writer.append(aBatch([], { checkpoint }));
      await writer.append(aBatch([anEquityMark()]));
      expect(await writer.checkpoint()).toEqual(checkpoint);
      expect(await log.reader().head()).toBe(1);
    });

    it('never lets recorded time go back', async () => {
      await writer.append(aBatch([anEquityMark()], { recordedtime: '2026-01-05T10:00:00.000002Z' }));
      const { recorded } = await writer.append(
        aBatch([anEquityMark()], { recordedtime: '2026-01-05T09:00:00.000000Z' }),
      );
      expect(recorded[0]?.recordedtime).toBe('2026-01-05T10:00:00.000002Z');
      expect((await allOf(log.reader().read(1)))[0]?.recordedtime).toBe('2026-01-05T10:00:00.000002Z');
    });

    it('counts no time that nothing was recorded at', async () => {
      await writer.append(aBatch([], { recordedtime: '2026-01-05T11:00:00.000000Z' }));
      const { recorded } = await writer.append(aBatch([anEquityMark()]));
      expect(recorded[0]?.recordedtime).toBe(AT);
    });

    it('keeps what it was told to quarantine without disturbing the rest', async () => {
      const deadLetter = { messageId: 'INTAKE/x', origin: 'intake/1', reason: 'malformed', detail: 'no JSON' } as const;
      const body = Uint8Array.from([0, 255, 10]);
      const batch = aBatch([anEquityMark()], { quarantined: [{ ...deadLetter, body }] });
      expect((await writer.append(batch)).recorded).toHaveLength(1);
      expect((await writer.append({ ...batch, events: [anEquityMark()] })).recorded).toHaveLength(1);
      const kept = await writer.quarantined('INTAKE/x');
      expect({ ...kept, body: Uint8Array.from(kept?.body ?? []) }).toEqual({ ...deadLetter, body });
      expect(await writer.quarantined('INTAKE/y')).toBeNull();
    });

    it('lets the writer that came last go on, and no other', async () => {
      await writer.append(aBatch([anEquityMark()]));
      const second = await log.writer();
      const late = writer.append(aBatch([anEquityMark(), anEquityMark()]));
      await expect(late).rejects.toThrow(LogFenced);
      await expect(writer.append(aBatch([]))).rejects.toThrow(LogFenced);
      const { recorded } = await second.append(aBatch([anEquityMark()]));
      expect(recorded[0]?.position).toBe(2);
      expect(await log.reader().head()).toBe(2);
    });

    it('goes on numbering after a batch that it knew in part, after a take-over, and for whoever does not wait', async () => {
      const account = newId();
      const first = anEquityMark(account);
      await writer.append(aBatch([first]));
      await writer.append(aBatch([anEquityMark(account), first]));
      const second = await log.writer();
      const both = [second.append(aBatch([anEquityMark(account)])), second.append(aBatch([anEquityMark(account)]))];
      const recorded = (await Promise.all(both)).flatMap((appended) => appended.recorded);
      expect(recorded.map(({ position, version }) => [position, version])).toEqual([
        [3, 3],
        [4, 4],
      ]);
    });

    it('never shows a reader an event without all before it', async () => {
      const total = 600;
      let done = false;
      const writing = (async () => {
        const account = newId();
        for (let count = 0; count < total; count += 6) {
          await writer.append(aBatch(Array.from({ length: 6 }, () => anEquityMark(account))));
        }
        done = true;
      })();
      const follow = async () => {
        const reader = log.reader();
        let position = 0;
        while (!done || position < total) {
          for await (const page of reader.read(position)) {
            for (const event of page) expect(event.position).toBe((position += 1));
          }
          await new Promise((resolve) => setImmediate(resolve));
        }
      };
      await Promise.all([writing, follow(), follow()]);
    });
  });
}
