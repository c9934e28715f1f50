import { clusterPrograms } from '@core/machine/cluster-programs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { ROOT } from '../check/command.ts';

/** Of everything that has another of its kind one; `npm run cluster -- prove` kills more. */
const DEATHS = ['nats', 'postgres', 'ledger', 'xapi-connector', 'tv-gateway'];
/** Far from what it needs: a busy machine is slow. */
const HANGS_AFTER_MS = 1_800_000;

/** Left out where a program is missing, which `npm test` says at its end. */
const describeWithCluster = 'missing' in clusterPrograms() ? describe.skip : describe;

describeWithCluster('a cell', () => {
  it(
    'outlives the death of each kind of its processes, under load, and loses nothing that was acknowledged',
    async () => {
      const command = ['tools/bootstrap.mjs', 'tools/cluster/main.ts', 'prove', '--of', DEATHS.join(',')];
      const { DATABASE_URL: _database, NATS_URL: _nats, ...env } = process.env;
      const child = spawn(process.execPath, command, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] });
      const said: string[] = [];
      createInterface({ input: child.stdout }).on('line', (line) => said.push(line));
      const [code] = (await once(child, 'close')) as [number | null];

      expect({ code, broken: code === 0 ? [] : said.slice(-40) }).toEqual({ code: 0, broken: [] });
      expect(said.filter((line) => /^\S.* was killed$/.test(line))).toHaveLength(DEATHS.length);
      expect(said).toContainEqual(expect.stringMatching(/^acknowledged {2}[1-9]\d* orders and signals/));
      expect(said).toContainEqual('violations    0');
    },
    HANGS_AFTER_MS,
  );
});
