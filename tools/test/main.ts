import { chromiumBinary, HOW_TO_GET_CHROMIUM } from '@core/machine/chromium';
import { clusterPrograms, HOW_TO_GET_CLUSTER } from '@core/machine/cluster-programs';
import { HOW_TO_GET_NGINX, nginxBinary } from '@core/machine/nginx-server';
import { HOW_TO_GET_PROMETHEUS, prometheusBinaries } from '@core/machine/prometheus-binary';
import { canMount, HOW_TO_MOUNT } from '@core/machine/small-disk';
import { check } from '../check/check.ts';
import { closingLine, didNotRun, runJest, skippedLine, type TestRun } from './jest.ts';
import { withServers } from './servers.ts';

/** Everything that is not a jest test counts as one when it fails. */
async function checked(): Promise<readonly TestRun[]> {
  const { failed, specs } = await check(console.log);
  const others = failed.filter((name) => name !== 'specs');
  return [specs, ...others.map((name) => didNotRun(name))];
}

const onServers = (args: readonly string[]): Promise<TestRun> =>
  // Most of them wait for a broker's own times: five on two cores are done sooner than two.
  withServers((env) => runJest('int', ['--maxWorkers=5', ...args], { env, output: 'show' })).catch((error: Error) =>
    didNotRun(error.message),
  );

/** What of the specs' machines is not here. */
const lacking = (): string[] => [
  ...(chromiumBinary() === null ? [`no browser here: ${HOW_TO_GET_CHROMIUM}`] : []),
  ...(nginxBinary() === null ? [`no nginx here: ${HOW_TO_GET_NGINX}`] : []),
  ...(prometheusBinaries() === null ? [`no Prometheus here: ${HOW_TO_GET_PROMETHEUS}`] : []),
  ...(canMount() ? [] : [`no small disk can be mounted here: ${HOW_TO_MOUNT}`]),
  ...('missing' in clusterPrograms() ? [`not all that a cluster needs is here: ${HOW_TO_GET_CLUSTER}`] : []),
];

async function specsAndServers(
  narrowed: boolean,
  args: readonly string[],
): Promise<readonly [specs: readonly TestRun[], servers: TestRun]> {
  const specs = narrowed ? [await runJest('spec', args, { output: 'show' })] : await checked();
  return [specs, await onServers(args)];
}

async function main(args: readonly string[]): Promise<void> {
  const narrowed = args.length > 0;
  // A whole system has servers of its own and waits for most of its time: what needs the cores goes on beside it.
  const [[specs, servers], system] = await Promise.all([
    specsAndServers(narrowed, args),
    runJest('e2e', ['--runInBand', ...args], { output: 'show' }),
  ]);
  const shown = [system, servers];
  const runs = [...specs, ...shown];
  for (const problem of shown.flatMap(({ problems }) => problems)) console.log(problem);
  if (narrowed) console.log('narrowed by arguments: lint, types, format and documents were not looked at');
  const skipped = narrowed ? null : skippedLine(runs, lacking());
  if (skipped !== null) console.log(skipped);
  console.log(closingLine(runs));
  process.exit(runs.every(({ failed }) => failed === 0) ? 0 : 1);
}

void main(process.argv.slice(2));
