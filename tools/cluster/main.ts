import { InvalidArgumentError } from 'commander';
import { attendedCommand, greeted, runToItsEnd, stoppedFromOutside } from '../start/attended.ts';
import { DEATH_NAMES, type DeathName } from './prove/deaths.ts';
import { proofReport } from './prove/proof-report.ts';
import { proveCluster } from './prove/prove-cluster.ts';
import { startCluster } from './running-cluster.ts';

/** As of whoever is ended by Ctrl-C. */
const INTERRUPTED = 130;

const print = (line: string): void => console.log(line);

const cluster = attendedCommand({
  name: 'npm run cluster',
  about: 'the whole trading core as a cell that no single death stops, on this machine',
  folder: '.data/cluster',
  start: async (to) => greeted(await startCluster(to), to.shown),
});

cluster
  .command('prove')
  .description('in a folder of its own and under load: ends, freezes or cuts off one after the other, and checks all')
  .option('--of <names>', `some of ${DEATH_NAMES.join(',')}`, deathNames, DEATH_NAMES)
  .action(async ({ of }: { of: readonly DeathName[] }) => {
    const stopped = stoppedFromOutside();
    stopped.addEventListener('abort', () => {
      print('Stopping: nothing is proven');
      process.exitCode = INTERRUPTED;
    });
    const { deaths, outcome } = await proveCluster(of, print, stopped);
    proofReport(deaths, outcome).forEach(print);
    if (outcome.violations.length > 0) process.exitCode = 1;
  });

runToItsEnd(cluster);

function deathNames(text: string): readonly DeathName[] {
  const names = text.split(',');
  const known = DEATH_NAMES.filter((name) => names.includes(name));
  if (known.length === names.length) return known;
  throw new InvalidArgumentError(`say some of ${DEATH_NAMES.join(', ')}`);
}
