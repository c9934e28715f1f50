import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, runPackage } from '../check/command.ts';
import { buildPackage } from './build-packages.ts';

const CONSUMER = `import { connect, type Position, type SessionEvent } from '@trading-core/ws-client';
const client = connect({ url: 'ws://localhost/ws', secretKey: 'key' });
export const closedOf = (event: SessionEvent): Position | null => (event.type === 'position.closed' ? event.position : null);
client.close();
`;

describe('the package @trading-core/ws-client', () => {
  let folder: string;
  const modules = (): string => join(folder, 'node_modules');

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'consumer-'));
    await buildPackage('ws-client', join(modules(), '@trading-core', 'ws-client'));
    writeFileSync(join(folder, 'consumer.ts'), CONSUMER);
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has what its manifest says, and knows nothing of ours', () => {
    const at = join(modules(), '@trading-core', 'ws-client');
    const { exports: entries } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')) as {
      exports: Record<string, Record<string, string>>;
    };
    for (const file of Object.values(entries['.'] ?? {}))
      expect(readFileSync(join(at, file), 'utf8')).not.toMatch(/@core\//);
  });

  it('has types for a strict program that knows no Node', async () => {
    const compilerOptions = {
      strict: true,
      noEmit: true,
      target: 'es2022',
      module: 'nodenext',
      lib: ['es2023'],
      types: [],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
    const { output } = await runPackage('typescript/bin/tsc', ['-p', folder]);
    expect(output).toBe('');
  });

  it('is an ES module that Node runs, with the package ws beside it', () => {
    mkdirSync(modules(), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', 'ws'), join(modules(), 'ws'));
    const program =
      "import { connect } from '@trading-core/ws-client'; connect({ url: 'ws://127.0.0.1:9', secretKey: 'k' }).close();";
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  });

  it('is bundled for browsers without a module of Node and without a dependency', async () => {
    const { metafile } = await build({
      ...{ entryPoints: [join(folder, 'consumer.ts')], bundle: true, write: false, metafile: true },
      ...{ platform: 'browser', format: 'esm', logLevel: 'silent' },
    });
    const inputs = Object.keys(metafile.inputs).filter((path) => !path.includes('(disabled)'));
    expect(inputs.map((path) => path.replace(/^.*consumer-\w+\//, ''))).toEqual([
      'node_modules/@trading-core/ws-client/dist/index.js',
      'consumer.ts',
    ]);
  });
});
