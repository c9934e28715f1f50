import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

it('ends without a word when its reader has had enough', async () => {
  const args = ['tools/bootstrap.mjs', 'tools/ops/main.ts', '--help'];
  const ops = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  ops.stdout.destroy();
  let complaints = '';
  ops.stderr.on('data', (bytes: Buffer) => (complaints += bytes));
  await once(ops, 'close');
  expect(complaints).toBe('');
});
