import { Command } from 'commander';
import { resolve } from 'node:path';
import { firstCellFolder, endpointsIn, type Endpoints } from '../start/endpoints.ts';
import { GatewayTrader } from './gateway-trader.ts';
import { shellVariables } from './shell-variables.ts';
import { stepsOf } from './steps.ts';

/** Tries everything once, and says what came of it. Rejects at the first step that fails. */
async function tryAll(endpoints: Endpoints, folder: string): Promise<void> {
  for (const [index, step] of stepsOf(endpoints, folder).entries()) {
    console.log(`${index + 1}. ${step.title}`);
    for (const line of (await step.run()).split('\n')) console.log(`   ${line}`);
  }
  console.log('\nThe same by hand is in the README; both positions stay open, and the console shows them.');
}

async function variables(endpoints: Endpoints): Promise<void> {
  const { accounts } = await GatewayTrader.logIn(endpoints.tvGateway);
  process.stdout.write(shellVariables(endpoints, accounts[0]?.id ?? '', Date.now()));
}

new Command('try')
  .description('trades on a running system, step by step, and says what happened')
  .option('--data <folder>', 'data folder', '.data')
  .option('--cell <name>', 'of several, the one that is meant; the first without')
  .option('--env', 'prints what the commands of the README need, for a shell to evaluate')
  .action(async ({ data, cell, env }: { readonly data: string; readonly cell?: string; readonly env?: true }) => {
    const folder = firstCellFolder(resolve(data), cell);
    const endpoints = endpointsIn(folder);
    if (endpoints === null)
      throw new Error(`no system was started in ${folder}: npm start, or --data names its folder`);
    await (env ? variables(endpoints) : tryAll(endpoints, folder));
  })
  .parseAsync()
  .catch((error: Error) => {
    const refused = error instanceof TypeError && error.message === 'fetch failed';
    console.error(refused ? 'nothing answers: is npm start still running?' : error.message);
    process.exitCode = 1;
  });
