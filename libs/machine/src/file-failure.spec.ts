import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileFailure } from './file-failure.ts';
import { fileText } from './files.ts';

describe('a file that cannot be had', () => {
  const folder = mkdtempSync(join(tmpdir(), 'file-failure-'));
  const file = join(folder, 'file');
  writeFileSync(file, 'text');
  afterAll(() => rmSync(folder, { recursive: true }));

  const failureOf = (attempt: () => unknown): string | null => {
    try {
      attempt();
      return null;
    } catch (error) {
      return fileFailure(error);
    }
  };

  it.each([
    ['is not there', join(folder, 'none'), 'there is no such file or folder'],
    ['would lie in a file', join(file, 'none'), 'a part of its path is a file'],
    ['is a folder', folder, 'it is a folder'],
  ])('%s, and that is said with its name', (_how, path, why) => {
    expect(failureOf(() => writeFileSync(path, '', { flag: 'r+' }))).toBe(`${path}: ${why}`);
  });

  it('is told from what else fails', () => {
    expect(fileFailure(new Error('ENOENT'))).toBeNull();
    expect(fileFailure(Object.assign(new Error('x'), { code: 'ECONNREFUSED', address: '::1' }))).toBeNull();
    expect(failureOf(() => readFileSync(file))).toBeNull();
  });

  it('has no text where it would lie in a file, as where it is not there', () => {
    expect(['none', 'file', join('file', 'none')].map((name) => fileText(join(folder, name)))).toEqual([
      '',
      'text',
      '',
    ]);
  });
});
