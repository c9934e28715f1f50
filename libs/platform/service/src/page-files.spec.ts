import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PageFiles } from './page-files.ts';

describe('what browsers are given', () => {
  let folder: string;

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'page-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  test('leaves out what another build has not finished', () => {
    for (const name of ['index.html', 'main.js', 'main.js.4711']) writeFileSync(join(folder, name), name);

    expect(new PageFiles(folder).names).toEqual(['index.html', 'main.js']);
  });

  test('is nothing where nothing was built', () => {
    expect(new PageFiles(join(folder, 'page')).names).toEqual([]);
  });
});
