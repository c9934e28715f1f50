import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './command.ts';

const docs = join(ROOT, 'docs');
const rows = readFileSync(join(docs, 'found-faults.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(2)
  .map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );

describe('the table of faults found from outside', () => {
  it.each(rows)('names files that exist: %s', (fault, kind, mended, spec, ...rest) => {
    expect([fault === '', /^[A-E]$/.test(kind ?? ''), rest]).toEqual([false, true, []]);
    for (const cell of [mended, spec]) {
      const files = [...(cell ?? '').matchAll(/\]\(([^)]+)\)/g)].map(([, file]) => file ?? '');
      expect(files).not.toEqual([]);
      expect(files.filter((file) => !existsSync(join(docs, file)))).toEqual([]);
    }
  });

  it('is sorted by kind', () => {
    const kinds = rows.map(([, kind]) => kind);
    expect(kinds).toEqual(kinds.toSorted());
  });
});
