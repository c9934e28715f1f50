import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogOutput } from './log-output.ts';

const LINE = `${'x'.repeat(4_095)}\n`;

describe('LogOutput', () => {
  let folder: string;
  let opened: number[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'log-output-'));
    opened = [];
  });
  afterEach(() => {
    opened.forEach(closeSync);
    rmSync(folder, { recursive: true });
  });

  const open = (path: string, flags: number): number => {
    opened.push(openSync(path, flags));
    return opened.at(-1) ?? -1;
  };

  /** A pipe nobody reads for now: it takes so much, and no more. */
  const pipe = () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const descriptor = open(path, constants.O_RDWR | constants.O_NONBLOCK);
    const chunk = Buffer.alloc(1 << 20);
    return { descriptor, read: () => chunk.toString('utf8', 0, readSync(descriptor, chunk)) };
  };

  it('loses what a full disk cannot hold, and nobody dies of it', () => {
    const output = new LogOutput(open('/dev/full', constants.O_WRONLY), String);
    expect(() => [LINE, LINE].forEach((line) => output.write(line))).not.toThrow();
  });

  it('loses what a reader does not take, and says how much once it does', () => {
    const { descriptor, read } = pipe();
    const output = new LogOutput(descriptor, (lost) => `lost ${lost}\n`);
    for (let lines = 0; lines < 40; lines += 1) output.write(LINE);
    const kept = read().split('\n').length - 1;
    output.write('after\n');
    output.write('and on\n');
    expect(read()).toBe(`lost ${40 - kept}\nafter\nand on\n`);
  });

  it('begins a line of its own after one that was cut off', () => {
    const { descriptor, read } = pipe();
    const output = new LogOutput(descriptor, (lost) => `lost ${lost}\n`);
    output.write('y'.repeat(100_000));
    expect(read()).toMatch(/^y+$/);
    output.write('after\n');
    expect(read()).toBe('\nlost 1\nafter\n');
  });
});
