import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { namesDefinedTwice } from './exported-names.ts';

describe('names that are defined twice', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'names-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  it.each([
    ['export class Desk {}', 'export interface Desk {}'],
    ['export const Desk = 1;', 'export type Desk = string;'],
    ['export abstract class Desk {}', 'export async function Desk() {}'],
  ])('are counted whatever they are: %s and %s', (one, other) => {
    const found = namesDefinedTwice([file('one.ts', one), file('other.ts', other)], 0);
    expect(found[0]).toContain('1 exported names');
    expect(found[1]).toMatch(/^Desk: .*one\.ts, .*other\.ts$/);
  });

  it('are no schema and its type in one file, nothing unexported, and nothing in a spec', () => {
    const files = [
      file('one.ts', 'export const Desk = 1;\nexport type Desk = number;'),
      file('other.ts', 'class Desk {}'),
      file('desk.spec.ts', 'export class Desk {}'),
    ];
    expect(namesDefinedTwice(files, 0)).toEqual([]);
  });

  it('may only become fewer', () => {
    expect(namesDefinedTwice([file('one.ts', 'export class Desk {}')], 1)).toEqual([
      'only 0 names are defined twice: lower DEFINED_TWICE_MAX',
    ]);
  });
});
