import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { startExample } from './running-example.fixture.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;
const TIMEOUT_MS = 30_000;

/** What a stranger tries first must work as it is printed, only on other ports. Skipped where there is no Python. */
(hasPython ? it : it.skip)(
  'the README’s client trades and sees its position',
  async () => {
    const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');
    const [, program = ''] = /```python\n([\s\S]*?)```/.exec(readme) ?? [];
    const running = await startExample({ SIMULATOR_TCP_PORT: '0' });
    try {
      const { main = '', stream = '' } = running.addresses.tcp ?? {};
      const [mainPort = '', streamPort = ''] = [main, stream].map((address) => address.split(':')[1]);
      const client = spawn('python3', ['-'], { timeout: TIMEOUT_MS });
      client.stdin.end(program.replace('5124', mainPort).replace('5125', streamPort));
      const [printed, complaints] = await Promise.all([text(client.stdout), text(client.stderr)]);
      expect(complaints).toBe('');
      const lines = printed.trim().split('\n');
      expect(lines[0]).toContain("'customTag': 'mine'");
      expect(lines.at(-1)).toContain("'type': 0");
      expect(running.simulator.broker.account('10001').positions.size).toBe(1);
    } finally {
      await running.stop();
    }
  },
  TIMEOUT_MS,
);
