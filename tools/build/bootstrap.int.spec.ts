import { bundleOf, NODE_ARGUMENTS } from '@core/machine/app-process';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from '../check/command.ts';
import { allApps, buildApps } from './build-apps.ts';
import { DEPENDENCIES } from './build-dependencies.ts';

const TOOL = 'tools/ops/main.ts';
const BUNDLE = 'dist/tools/ops/main.js';
/** What is no JavaScript, the driver of Postgres with what it needs, and whether anybody traces. */
const LEFT_OUT = /node_modules\/(@node-rs|@opentelemetry\/api|pg|pg-[a-z0-9-]+|pgpass|postgres-[a-z]+|split2|xtend)\//;
const COMPILED = `${BUNDLE}.compiled`;

/** A port that is none: whoever reads it ends, whatever else it was told. */
const NO_PORT = { OPS_PORT: 'none' };

/** Which files a process has loaded when it ends, but those that cannot lie elsewhere; it may fail. */
function loadedBy(...command: readonly string[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'loaded-'));
  try {
    const [hook, seen] = [join(folder, 'loaded.cjs'), join(folder, 'seen.json')];
    const note = `require('fs').writeFileSync(${JSON.stringify(seen)}, JSON.stringify(Object.keys(require.cache)))`;
    writeFileSync(hook, `process.once('exit', () => ${note});`);
    spawnSync(process.execPath, ['--require', hook, ...command], { cwd: ROOT, env: NO_PORT, stdio: 'ignore' });
    const loaded = JSON.parse(readFileSync(seen, 'utf8')) as string[];
    return loaded.filter((file) => file !== hook && !LEFT_OUT.test(file));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('a service', () => {
  it.each(allApps())('%s begins out of two files', (app) => {
    expect(loadedBy(...NODE_ARGUMENTS, bundleOf(app))).toEqual([bundleOf(app), join(ROOT, DEPENDENCIES.loader)]);
  });

  it('is left as it is while it is made of the same, and is built anew otherwise', async () => {
    const inode = (): number => statSync(bundleOf('database')).ino;
    await buildApps(['database']);
    const built = inode();
    await buildApps(['database']);
    expect(inode()).toBe(built);
    writeFileSync(join(dirname(bundleOf('database')), 'made-of'), 'something else');
    await buildApps(['database']);
    expect(inode()).not.toBe(built);
  });

  it('takes over what was compiled of its packages', () => {
    const kept = join(ROOT, `${DEPENDENCIES.bundle}.compiled`);
    const { ino } = statSync(kept);
    // What is not taken over is replaced.
    const run = `require('./${DEPENDENCIES.loader}').runCompiled(require('node:path').resolve('${DEPENDENCIES.bundle}'))`;
    execFileSync(process.execPath, [...NODE_ARGUMENTS, '-e', run], { cwd: ROOT });
    expect(statSync(kept).ino).toBe(ino);
  });
});

describe('a tool that people call again and again', () => {
  it('begins out of one file: beside it no package is read that could be in it', () => {
    const command = ['tools/bootstrap.mjs', TOOL, '--help'];
    // It may have to be built.
    execFileSync(process.execPath, command, { cwd: ROOT, stdio: 'ignore' });
    expect(loadedBy(...command)).toEqual([]);
  });

  describe('in a clone whose bundle is built', () => {
    let clone: string;
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(clone, path)), { recursive: true });
      writeFileSync(join(clone, path), text);
    };
    const run = (): string =>
      execFileSync(process.execPath, ['tools/bootstrap.mjs', TOOL], { cwd: clone, encoding: 'utf8' });
    const compiled = (): Buffer => readFileSync(join(clone, COMPILED));

    beforeEach(() => {
      clone = mkdtempSync(join(tmpdir(), 'clone-'));
      for (const file of ['package.json', 'package-lock.json', 'tools/bootstrap.mjs', 'tools/compiled.mjs'])
        cpSync(join(ROOT, file), join(clone, file));
      write('node_modules/.package-lock.json', '{}');
      write(TOOL, '');
      write(`${BUNDLE}.sources.json`, '[]');
      write(BUNDLE, `console.log('one');`);
    });
    afterEach(() => rmSync(clone, { recursive: true, force: true }));

    it('is compiled once', () => {
      expect(run()).toBe('one\n');
      const { ino } = statSync(join(clone, COMPILED));
      expect(run()).toBe('one\n');
      expect(statSync(join(clone, COMPILED)).ino).toBe(ino);
    });

    it('says what its text says, though another of the same length was compiled before', () => {
      run();
      write(BUNDLE, `console.log('two');`);
      expect(run()).toBe('two\n');
      expect(run()).toBe('two\n');
    });

    it.each([
      ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
      ['zeroed at its end', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -64), Buffer.alloc(64)])],
      ['empty', () => Buffer.alloc(0)],
    ])('is compiled anew where what was kept is %s', (_how, spoiled) => {
      run();
      const sound = compiled();
      writeFileSync(join(clone, COMPILED), spoiled(sound));
      expect(run()).toBe('one\n');
      expect(compiled().length).toBe(sound.length);
    });

    it('runs where nothing can be kept', () => {
      mkdirSync(join(clone, COMPILED));
      expect(run()).toBe('one\n');
    });
  });
});
