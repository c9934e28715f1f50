import { anEvent } from '@core/contracts/examples.fixture';
import { readBundle } from '../bundle-reader.ts';
import { aBatch, anEquityMark } from '../event-log.contract.ts';
import { LogSearch } from '../log-search.ts';
import { newId } from '@core/service/clock';
import { readdir } from 'node:fs/promises';
import { DetachableLog, eventsOf } from './detached-log.fixture.ts';
import { detachedRanges } from './detached-ranges.ts';
import type { DetachStep } from './detaching.ts';

let log: DetachableLog;

beforeEach(async () => {
  log = await DetachableLog.open();
  await log.grow(16);
  await log.seal();
});

afterEach(() => log.close());

const lastOfTable = async (): Promise<{ events: number; first: number }> => {
  const { rows } = await log.client.query<{ events: string; first: string }>(
    'select count(*) as events, min(position) as first from core.event',
  );
  return { events: Number(rows[0]?.events), first: Number(rows[0]?.first) };
};

it('leaves a log that reads as before, out of files and the table', async () => {
  const reader = log.reader();
  const before = await log.answersOf(reader);
  expect(await log.detachTo(70)).toBe(3);
  expect(await lastOfTable()).toEqual({ events: 52, first: 61 });
  expect(await detachedRanges(log.client)).toMatchObject([
    { first: 1, partitionLast: 20 },
    { partitionLast: 40 },
    { partitionLast: 60 },
  ]);
  expect(await log.answersOf(reader)).toEqual(before);
  expect(await log.verify(await log.witness())).toMatchObject({ ok: true, events: 112 });
  await log.grow(4);
  expect(await eventsOf(reader.read(0))).toHaveLength(140);
  expect(await log.verify()).toMatchObject({ ok: true, events: 140 });
  await reader.close();
});

it.each<DetachStep>(['written', 'proven', 'named', 'detached'])(
  'is finished by whoever detaches next where it died after it had %s',
  async (step) => {
    const reader = log.reader();
    const before = await log.answersOf(reader);
    await expect(log.detaching(step).next(40)).rejects.toThrow(`died after ${step}`);
    expect(await log.answersOf(reader)).toEqual(before);
    expect(await log.detachTo(40)).toBe(step === 'detached' ? 1 : 2);
    expect(await log.answersOf(reader)).toEqual(before);
    expect(await log.verify(await log.witness())).toMatchObject({ ok: true });
    expect((await readdir(log.folder)).filter((name) => name.endsWith('.gz'))).toHaveLength(2);
    await reader.close();
  },
);

it('takes no partition that is not signed to its end, or that does not lie wholly before', async () => {
  await log.grow(2);
  expect(await log.detachTo(39)).toBe(1);
  expect(await log.detachTo(Infinity)).toBe(4);
  expect(await log.detaching().next(Infinity)).toMatchObject({ whyNot: expect.stringMatching(/signed/) as string });
});

it('says which file is missing, and answers nothing instead', async () => {
  await log.detachTo(40);
  const nowhere = log.readerOf('/nowhere');
  const unsaid = log.readerOf(undefined);
  await expect(eventsOf(nowhere.read(0))).rejects.toThrow(/\/nowhere\/log-000000000001-.*is missing.*positions 1 to/);
  await expect(eventsOf(nowhere.readAccount(log.ada))).rejects.toThrow(/is missing/);
  await expect(nowhere.readCorrelation(newId())).rejects.toThrow(/is missing/);
  await expect(eventsOf(unsaid.read(0))).rejects.toThrow(/DATABASE_DETACHED does not say/);
  expect(await eventsOf(nowhere.read(60))).toHaveLength(52);
  await nowhere.close();
  await unsaid.close();
});

it('knows what is told again, and what is told otherwise under the same id', async () => {
  await log.detachTo(60);
  const [event] = log.events;
  if (!event) throw new Error('the log has events');
  const again = await log.writer.append(aBatch([event]));
  expect(again).toMatchObject({ recorded: [], known: [{ id: event.id, position: 1 }], conflicting: [] });
  const other = { ...event, data: { ...event.data, equity: '7.77' } } as typeof event;
  expect(await log.writer.append(aBatch([other]))).toMatchObject({ recorded: [], conflicting: [{ id: event.id }] });
});

it('is written on by the next writer: an account goes on after its last event in a file, and who departed stays away', async () => {
  const [stays, departs] = [newId(), newId()];
  await log.append([anEquityMark(stays), anEquityMark(departs)]);
  await log.append([anEvent('AccountDeparted', {}, { id: newId(), subject: departs })]);
  await log.grow(6);
  await log.seal();
  await log.detachTo(140);
  const next = await log.nextWriter();
  const [known, at] = [await next.accounts(), log.events.length];
  expect([stays, departs, log.ada].map((account) => known.has(account))).toEqual([true, false, true]);
  const { recorded } = await next.append(aBatch([anEquityMark(stays), anEquityMark(departs)]));
  expect(recorded).toMatchObject([
    { position: at + 1, version: 2 },
    { position: at + 2, version: 3 },
  ]);
  expect(await log.verify()).toMatchObject({ ok: true, events: at + 2 });
  await next.close();
});

it('forgets ids whose events are in files, and finds them there when they come again', async () => {
  await log.detachTo(60);
  const before = '2026-01-06T00:00:00.000000Z';
  const horizons = { ids: before, answers: before, cases: before };
  expect(await log.writer.forget(horizons)).toMatchObject({ ids: 112 });
  expect(await log.verify(await log.witness())).toMatchObject({ ok: true, forgotten: { ids: 112 } });
  const [event] = log.events;
  if (!event) throw new Error('the log has events');
  const again = await log.writer.append(aBatch([event, anEquityMark(log.ada)]));
  expect(again).toMatchObject({ recorded: [{ position: 113 }], known: [{ id: event.id, position: 1 }] });
  expect(await log.verify()).toMatchObject({ ok: true, events: 113 });
});

it('is looked through by what people look for', async () => {
  const reader = log.reader();
  const search = new LogSearch(log.pool, reader.detached);
  const [event] = log.events;
  const found = async (): Promise<unknown> => ({
    back: await search.page({}, { before: 70, limit: 30 }),
    backOfAda: await search.page({ account: log.ada }, { before: 65, limit: 12 }),
    on: await search.page({ from: 3 }, { after: 50, limit: 30 }),
    text: await search.page({ text: 'EQUITY' }, { after: 0, limit: 200 }),
    one: await search.page({ account: event?.subject ?? '' }, { before: Number.MAX_SAFE_INTEGER, limit: 5 }),
    none: await search.page({ types: ['OrderFilled'] }, { before: Number.MAX_SAFE_INTEGER, limit: 5 }),
    bundle: await readBundle(log.pool, reader.detached, log.ada),
  });
  const inTable = await found();
  await log.detachTo(60);
  expect(await found()).toEqual(inTable);
  expect(await search.countByType({})).toEqual({ counts: { EquityMarked: 42 }, from: 71 });
  await reader.close();
});
