import { anEvent } from '@core/contracts/examples.fixture';
import { newId } from '@core/service/clock';
import { readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { aBatch, anEquityMark } from '../event-log.contract.ts';
import type { AttachStep } from './attaching.ts';
import { DetachableLog, eventsOf, rewritten } from './detached-log.fixture.ts';
import { detachedRanges } from './detached-ranges.ts';

let log: DetachableLog;

beforeEach(async () => {
  log = await DetachableLog.open();
});

afterEach(() => log.close());

/** Every row of the log and of the writer's books beside it, and where the table is cut. */
async function stored(): Promise<unknown> {
  const rows = async (text: string): Promise<unknown[]> => (await log.client.query(text)).rows as unknown[];
  return {
    lines: await rows('select core.event_line(e) as line from core.event e order by position'),
    rows: await rows('select md5(e::text) as row from core.event e order by position'),
    batches: await rows('select * from core.batch order by first'),
    identities: await rows('select * from core.event_identity order by event_id'),
    accounts: await rows('select * from core.account order by account_id'),
    head: await rows('select * from core.log_head'),
    ranges: await rows('select * from core.detached'),
    partitions: await rows(
      `select relname, pg_get_expr(relpartbound, oid) as bounds, relowner,
         (select count(*) from pg_index where indrelid = c.oid) as indexes,
         (select count(*) from pg_trigger where tgrelid = c.oid) as triggers,
         (select count(*) from pg_constraint where conrelid = c.oid) as constraints
       from pg_class c where oid in (select inhrelid from pg_inherits where inhparent = 'core.event'::regclass)
       order by relname`,
    ),
  };
}

/** Accounts that come, depart and come back; the first departs within the first file, and again within the third. */
async function growWithDepartures(): Promise<void> {
  const [often, once] = [newId(), newId()];
  const departed = (account: string) => anEvent('AccountDeparted', {}, { id: newId(), subject: account });
  await log.append([anEquityMark(often), anEquityMark(once)]);
  await log.append([departed(often)]);
  await log.grow(5);
  await log.append([anEquityMark(often), departed(once)]);
  await log.grow(2);
  await log.append([anEquityMark(often), departed(often)]);
  await log.grow(8);
  await log.seal();
}

it('makes the log what it was before it was detached, row by row', async () => {
  await growWithDepartures();
  const before = await stored();
  const verified = await log.verify(await log.witness());
  expect(verified).toMatchObject({ ok: true, detachedTo: 0 });
  expect(await log.detachTo(60)).toBe(3);
  expect(await log.attachFrom(1)).toBe(3);
  expect(await stored()).toEqual(before);
  expect(await log.verify(await log.witness())).toEqual(verified);
  expect(await log.detachTo(60)).toBe(3);
  expect(await log.verify(await log.witness())).toMatchObject({ ok: true, detachedTo: expect.any(Number) as number });
});

it('takes back whole files, the newest first, and leaves those before', async () => {
  await growWithDepartures();
  await log.detachTo(40);
  const before = await stored();
  await log.detachTo(60);
  const reader = log.reader();
  const told = await log.answersOf(reader);
  expect(await log.attachFrom(41)).toBe(1);
  expect(await stored()).toEqual(before);
  expect(await log.answersOf(reader)).toEqual(told);
  expect(await log.attaching().next(41)).toEqual({
    whyNot: 'the newest file that is left ends at position 40, before 41',
  });
  expect(await log.attachFrom(40)).toBe(1);
  expect(await detachedRanges(log.client)).toMatchObject([{ first: 1, partitionLast: 20 }]);
  expect(await log.answersOf(reader)).toEqual(told);
  expect(await log.attachFrom(1)).toBe(1);
  expect(await log.attaching().next(1)).toEqual({ whyNot: 'nothing of the log lies in files' });
  await reader.close();
});

it.each<AttachStep | 'told'>(['proven', 'written', 'told', 'attached'])(
  'is finished by whoever attaches next where it died after %s, and reads as before meanwhile',
  async (step) => {
    await growWithDepartures();
    const [before, reader] = [await stored(), log.reader()];
    const told = await log.answersOf(reader);
    const verified = await log.verify(await log.witness());
    await log.detachTo(60);
    const [, , newest] = await detachedRanges(log.client);
    await expect(log.attaching(step).next(1)).rejects.toThrow(`died after ${step}`);
    expect(await log.answersOf(reader)).toEqual(told);
    expect(await log.verify(await log.witness())).toMatchObject({ ok: true });
    expect(await log.attachFrom(1)).toBe(step === 'attached' ? 2 : 3);
    expect(await stored()).toEqual(before);
    expect(await log.verify(await log.witness())).toEqual(verified);
    const times = log.told.filter((range) => range === `${newest?.first}-${newest?.last}`).length;
    expect(times).toBe(step === 'told' ? 2 : 1);
    await reader.close();
  },
);

it('goes back to its file where it died half-way and is detached again instead', async () => {
  await growWithDepartures();
  await log.detachTo(60);
  const detached = await stored();
  await expect(log.attaching('written').next(1)).rejects.toThrow();
  expect(await log.detachTo(60)).toBe(1);
  expect(await stored()).toEqual(detached);
});

it('takes back nothing that is not what was committed and signed', async () => {
  await growWithDepartures();
  await log.detachTo(60);
  const [, before, newest] = await detachedRanges(log.client);
  const path = join(log.folder, newest?.file ?? '');
  const bytes = await readFile(path);
  await rewritten(path, (lines, head) => [lines.with(7, (lines[7] ?? '').replace(/.$/, ' }')), head]);
  await expect(log.attaching().next(1)).rejects.toThrow(/is not what was committed/);
  await writeFile(path, bytes);
  await unlink(join(log.folder, before?.file ?? ''));
  await expect(log.attaching().next(1)).rejects.toThrow(/is missing/);
  expect(await detachedRanges(log.client)).toHaveLength(3);
  expect(log.told).toEqual([]);
});

it('is written on meanwhile, and what was forgotten comes back as forgotten', async () => {
  await growWithDepartures();
  await log.detachTo(60);
  const before = '2026-01-06T00:00:00.000000Z';
  await log.writer.forget({ ids: before, answers: before, cases: before });
  expect(await log.attachFrom(1)).toBe(3);
  const [event] = log.events;
  if (!event) throw new Error('the log has events');
  const at = log.events.length;
  const again = await log.writer.append(aBatch([event, anEquityMark(log.ada)]));
  expect(again).toMatchObject({ recorded: [{ position: at + 1 }], known: [{ id: event.id, position: 1 }] });
  expect(await log.verify()).toMatchObject({ ok: true, events: at + 1, detachedTo: 0 });
  const next = await log.nextWriter();
  expect((await next.append(aBatch([anEquityMark(log.ada)]))).recorded).toMatchObject([{ position: at + 2 }]);
  await next.close();
});

it('is never missed by who looks into the table before it comes back, and into files after', async () => {
  await growWithDepartures();
  const whole = log.reader();
  const [events, ofAda] = [await eventsOf(whole.read(0)), await eventsOf(whole.readAccount(log.ada))];
  await log.detachTo(60);
  const reader = log.readerInterrupted(() => log.attachFrom(1));
  expect(await eventsOf(reader.read(0))).toEqual(events);
  await log.detachTo(60);
  const other = log.readerInterrupted(() => log.attachFrom(1));
  expect(await eventsOf(other.readAccount(log.ada))).toEqual(ofAda);
  for (const each of [whole, reader, other]) await each.close();
});
