import type { Command } from 'commander';
import { accountNamed } from './account-named.ts';
import { BadNews, withSystem } from './cli.ts';
import { lookInWords, LOOK_TIMEOUT_MS } from './look.ts';
import type { OperatedSystem } from './system.ts';

/** `ops reconcile`: has connectors look at their brokers now, and says what they found. */
export function addReconcile(program: Command): void {
  program
    .command('reconcile')
    .description('compare brokers with the log now, instead of in a while; exit code 1 unless all are clean')
    .option('--account <id>', 'one account; without it every one that is enabled')
    .action(
      withSystem<{ account?: string }>(async (system, output, { account }) => {
        const looks = await Promise.all(
          (await accountsOf(system, account)).map(async ({ id, name }) => ({
            ...{ account: id, name },
            look: await system.look(id, LOOK_TIMEOUT_MS),
          })),
        );
        output.say(looks, () =>
          looks.map(({ account: id, name, look }) => `${id} ${name}: ${lookInWords(look)}`).join('\n'),
        );
        if (looks.some(({ look }) => !look.ok || look.outcome === 'drift')) throw new BadNews();
      }),
    );
}

async function accountsOf(system: OperatedSystem, named?: string) {
  const accounts = await (await system.registry()).accounts();
  if (named === undefined) return accounts.filter(({ enabled }) => enabled);
  const id = await accountNamed(system, named);
  return accounts.filter((each) => each.id === id);
}
