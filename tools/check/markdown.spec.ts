import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deadLinks, deadNames } from './markdown.ts';

describe('deadLinks', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'links-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const dead = (text: string): readonly string[] => {
    writeFileSync(join(folder, 'other.md'), '# Other things\n\n## What `npm test` does\n');
    writeFileSync(join(folder, 'README.md'), text);
    return deadLinks([join(folder, 'README.md')]).map((line) => line.split(': ')[1] ?? '');
  };

  it.each(['[a](other.md)', '[a](other.md#other-things)', '[a](https://example.com/none)', '# Here\n[a](#here)'])(
    'takes %s',
    (text) => {
      expect(dead(text)).toEqual([]);
    },
  );

  it.each([
    ['[a](gone.md)', 'gone.md'],
    ['[a](other.md#gone)', 'other.md#gone'],
    ['[a](#gone)', '#gone'],
  ])('finds %s', (text, target) => {
    expect(dead(text)).toEqual([target]);
  });

  it('does not read code', () => {
    expect(dead('```\n[a](gone.md)\n```\n`[a](gone.md)`')).toEqual([]);
  });
});

describe('deadNames', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'names-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const dead = (text: string): readonly string[] => {
    writeFileSync(join(folder, 'README.md'), text);
    return deadNames([join(folder, 'README.md')]).map((line) => line.split(': ')[1] ?? '');
  };

  it.each([
    '`tools/check/markdown.ts`',
    '`libs/kernel`',
    '`docs/decisions/0001`',
    '`libs/protocols/*`',
    'tools/gone.ts',
  ])('takes %s', (text) => expect(dead(text)).toEqual([]));

  it('finds a file that is gone', () => expect(dead('see `tools/check/gone.ts`')).toEqual(['tools/check/gone.ts']));
});
