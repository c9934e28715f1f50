import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const watched = JSON.stringify(join(__dirname, 'parent.ts'));
const child = `
  require('tsx/cjs');
  require(${watched}).whenParentIsGone(() => { console.log('gone'); process.exit(0); });
  setInterval(() => undefined, 1000);
  console.log('up');`;
const parent = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' })`;

it.each(['SIGTERM', 'SIGKILL'] as const)('a parent that ends by %s is missed', async (signal) => {
  const started = spawn(process.execPath, ['-e', parent], { cwd: __dirname, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: started.stdout });
  expect(await once(lines, 'line')).toEqual(['up']);
  const next = once(lines, 'line');
  started.kill(signal);
  expect(await next).toEqual(['gone']);
});
