import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { ROOT } from '../check/command.ts';

/** A seed that has every kind of fault once, two of them done to the ledger that writes. */
const SEED = '22';
const SECONDS = '20';
/** Far from what a run needs: a busy machine is slow. */
const HANGS_AFTER_MS = 1_800_000;

describe('faults of every kind in the running product', () => {
  it(
    'break no invariant, and all is well again',
    async () => {
      const command = ['tools/bootstrap.mjs', 'tools/chaos/main.ts', '--seed', SEED, '--seconds', SECONDS, '--standby'];
      const { DATABASE_URL: _database, NATS_URL: _nats, ...env } = process.env;
      const child = spawn(process.execPath, command, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] });
      const said: string[] = [];
      createInterface({ input: child.stdout }).on('line', (line) => said.push(line));
      const [code] = (await once(child, 'close')) as [number | null];

      expect(said[0]).toBe(`seed ${SEED}: ${SECONDS} s of faults`);
      expect({ code, broken: code === 0 ? [] : said.slice(-40) }).toEqual({ code: 0, broken: [] });
      expect(said).toContainEqual(expect.stringMatching(/^acknowledged {2}[1-9]\d* orders and signals/));
      expect(said).toContainEqual('violations    0');
    },
    HANGS_AFTER_MS,
  );
});
