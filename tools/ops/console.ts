import { consoleLink } from '@core/operations/console-link';
import { newId } from '@core/service/clock';
import type { Command } from 'commander';
import { userInfo } from 'node:os';
import { BadInput } from './bad-input.ts';
import { withSystem } from './cli.ts';

/** `ops console`: the way into the pages. */
export function addConsole(program: Command): void {
  program
    .command('console')
    .description('a link that lets its reader into the console, once and within a quarter of an hour')
    .action(
      withSystem(async (system, output) => {
        if (system.console === null)
          throw new BadInput('CONSOLE_URL and LINK_KEY are not set: they say where the console is and let people in');
        const link = await operatorLink(system.console.url, system.console.linkKey);
        output.say({ link }, () => link);
      }),
    );
}

/** For whoever sits at this machine: what they may do here, they may do there. */
export const operatorLink = (url: string, key: string): Promise<string> =>
  consoleLink(url, key, { id: newId(), name: userInfo().username, role: 'admin' }, Date.now());
