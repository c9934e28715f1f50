import { chromiumBinary } from '@core/machine/chromium';
import { natsBinary } from '@core/machine/nats-binary';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApps } from '../build/build-apps.ts';
import { check } from '../check/check.ts';
import { givenServers, Infrastructure } from '../infra/infrastructure.ts';
import { closingLine, didNotRun, runJest, skippedLine, type TestRun } from './jest.ts';

/** Everything that is not a jest test counts as one when it fails. */
async function checked(): Promise<readonly TestRun[]> {
  const { failed, specs } = await check(console.log);
  const others = failed.filter((name) => name !== 'specs');
  return [specs, ...others.map((name) => didNotRun(name))];
}

async function withServers(args: readonly string[]): Promise<readonly TestRun[]> {
  const folder = mkdtempSync(join(tmpdir(), 'trading-core-test-'));
  const say = (line: string): void => console.log(line);
  const options = { folder, ports: 'auto', livesWith: 'owner', say, given: givenServers() } as const;
  const infrastructure = await Infrastructure.open(options);
  removeOnSignal(infrastructure);
  try {
    const { milliseconds } = await buildApps();
    await infrastructure.up();
    console.log(`built in ${milliseconds} ms`);
    const env = {
      DATABASE_URL: infrastructure.databaseUrl,
      NATS_URL: infrastructure.natsUrl,
      NATS_BIN: natsBinary(say),
    };
    const shown = { env, output: 'show' } as const;
    return [
      await runJest('int', ['--maxWorkers=2', ...args], shown),
      await runJest('e2e', ['--runInBand', ...args], shown),
    ];
  } finally {
    await infrastructure.remove();
  }
}

/** Ctrl-C leaves neither servers nor files behind. */
function removeOnSignal(infrastructure: Infrastructure): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void infrastructure.remove().finally(() => process.exit(130)));
  }
}

async function main(args: readonly string[]): Promise<void> {
  const narrowed = args.length > 0;
  const specs = narrowed ? [await runJest('spec', args, { output: 'show' })] : await checked();
  const runs = [...specs, ...(await withServers(args).catch((error: Error) => [didNotRun(error.message)]))];
  for (const problem of runs.slice(specs.length).flatMap(({ problems }) => problems)) console.log(problem);
  if (narrowed) console.log('narrowed by arguments: lint, types, format and documents were not looked at');
  const skipped = narrowed ? null : skippedLine(runs, chromiumBinary() !== null);
  if (skipped !== null) console.log(skipped);
  console.log(closingLine(runs));
  process.exit(runs.every(({ failed }) => failed === 0) ? 0 : 1);
}

void main(process.argv.slice(2));
