import { FIELD } from '@core/log-proof/line';
import { copyFile, readdir, readFile, rename, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Verification } from '../verify.ts';
import { DetachableLog, rewritten } from './detached-log.fixture.ts';
import { LogFile } from './log-file-reader.ts';
import { LogFileWriter } from './log-file-writer.ts';
import { verifyLogFile } from './verify-log-file.ts';

/** Whoever has the folder alters its files: each kind is named. Three files, whose partitions end at 20, 40 and 60. */
let log: DetachableLog;
let files: readonly string[];
let kept: string;

beforeAll(async () => {
  log = await DetachableLog.open();
  await log.grow(16);
  await log.seal();
  await log.detachTo(60);
  files = (await readdir(log.folder)).toSorted().map((name) => join(log.folder, name));
  kept = join(log.folder, 'kept');
});

afterAll(() => log.close());

const file = (index: number): string => files[index] ?? '';

/** What is said while an alteration stands; it is taken back. */
async function altered(alter: () => Promise<unknown>): Promise<Verification> {
  for (const path of files) await copyFile(path, `${kept}-${files.indexOf(path)}`);
  try {
    await alter();
    return await log.verify();
  } finally {
    for (const path of files) await rename(`${kept}-${files.indexOf(path)}`, path);
  }
}

it('accepts what was detached', async () => {
  expect(files).toHaveLength(3);
  expect(await log.verify(await log.witness())).toMatchObject({ ok: true, events: 112 });
  for (const path of files) expect(await verifyLogFile(path, log.keys.publicKey)).toMatchObject({ ok: true });
});

it.each<[string, () => Promise<unknown>, number, RegExp]>([
  [
    'a letter of an event',
    () =>
      rewritten(file(0), (lines, head) => [
        lines.map((line) =>
          line.startsWith(`7${FIELD}`) ? line.replace('spec@0', 'spec@1').replace(/.$/, ' }') : line,
        ),
        head,
      ]),
    7,
    /not what was committed/,
  ],
  ['a line less', () => rewritten(file(0), (lines, head) => [lines.toSpliced(4, 1), head]), 5, /missing/],
  [
    'two lines with each other’s contents',
    () =>
      rewritten(file(0), (lines, head) => {
        const [one = [], other = []] = [2, 3].map((index) => lines[index]?.split(FIELD).slice(3));
        const swapped = [lines[2]?.split(FIELD).slice(0, 3), lines[3]?.split(FIELD).slice(0, 3)];
        const put = (place: string[] | undefined, rest: string[]): string => [...(place ?? []), ...rest].join(FIELD);
        return [lines.with(2, put(swapped[0], other)).with(3, put(swapped[1], one)), head];
      }),
    3,
    /version does not follow|not what was committed/,
  ],
  [
    'other checksums',
    () =>
      rewritten(file(1), (lines, head) => [
        lines,
        {
          ...head,
          batches: head.batches.map((batch) => ({ ...batch, checksums: batch.checksums.replace(/./g, '1') })),
        },
      ]),
    29,
    /checksums/,
  ],
  [
    'two files under each other’s names',
    () => swapped(file(0), file(1)),
    1,
    /holds positions 29 to 42, and not 1 to 28/,
  ],
  [
    'one file in the place of another',
    () => copyFile(file(2), file(1)),
    29,
    /holds positions 43 to 70, and not 29 to 42/,
  ],
  ['a file cut short', () => truncate(file(1), 900), 29, /cut short/],
  ['a file without its first bytes', () => cutAtStart(file(1)), 29, /cannot be read/],
  ['a file that is gone', () => unlink(file(2)), 43, /log-000000000043-.*is missing/],
  ['a file that is empty', () => writeFile(file(0), ''), 1, /cut short/],
  ['another copy of the same lines', () => cutOtherwise(file(0)), 1, /not the copy that was proven/],
])('%s', async (_, alter, position, why) => {
  expect(await altered(alter)).toEqual({ ok: false, position, why: expect.stringMatching(why) as string });
});

it.each<[string, string, number, RegExp]>([
  ['a range that the database does not know of', 'delete from core.detached where first = 43', 43, /missing/],
  ['a range in the middle', 'delete from core.detached where first = 29', 29, /no file holds it/],
  ['an id that is not known', 'delete from core.event_identity where position = 9', 9, /not among the known/],
  [
    'an id that nothing has',
    'insert into core.event_identity values (gen_random_uuid(), 30)',
    70,
    /1 more ids are known/,
  ],
  ['another digest of a batch', `update core.batch set digest = sha256('') where first = 8`, 8, /not what was/],
  [
    'another number of an account',
    'update core.account set detached_version = detached_version + 1 where detached_version > 3',
    70,
    /its book says/,
  ],
  [
    'a departure that was none',
    `update core.account set departed_version = detached_version where detached_version > 3`,
    112,
    /departed/,
  ],
])('%s', async (_, sql, position, why) => {
  expect(await log.verifyAltered(sql)).toEqual({ ok: false, position, why: expect.stringMatching(why) as string });
});

async function swapped(one: string, other: string): Promise<void> {
  await rename(one, `${one}.away`);
  await rename(other, one);
  await rename(`${one}.away`, other);
}

async function cutAtStart(path: string): Promise<void> {
  const bytes = await readFile(path);
  await writeFile(path, Buffer.concat([Buffer.alloc(400), bytes.subarray(400)]));
}

/** In sections of a checkpoint each: the same lines, and another file. */
async function cutOtherwise(path: string): Promise<void> {
  const old = await LogFile.open(path);
  const sections = [];
  for await (const section of old.sections()) sections.push(section);
  const writer = await LogFileWriter.create(path, old.head);
  for (const { head, lines } of sections)
    for (const checkpoint of head.checkpoints) {
      const { first, last } = checkpoint;
      const batches = head.batches.filter((batch) => batch.first >= first && batch.last <= last);
      const own = lines.slice(first - head.first, last + 1 - head.first);
      await writer.section({ first, last, batches, checkpoints: [checkpoint] }, own);
    }
  await writer.end();
  await writer.close();
}
