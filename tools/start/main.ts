import type { PortChoice } from '@core/machine/ports';
import { Command, Option } from 'commander';
import { relative, resolve } from 'node:path';
import { operatorLink } from '../ops/console.ts';
import { greeting } from './greeting.ts';
import { whenParentIsGone } from './parent.ts';
import { startSystem } from './running-system.ts';

const say = (line: string): void => console.log(line);

async function start(folder: string, ports: PortChoice, stopped: AbortSignal): Promise<() => Promise<void>> {
  const { endpoints, consoleLinkKey, stop } = await startSystem({ folder, ports, say, stopped });
  const link = await operatorLink(endpoints.console.url, consoleLinkKey);
  say(greeting(endpoints, shown(folder), link));
  say('READY');
  return stop;
}

/** As a person would type it. */
const shown = (folder: string): string => {
  const path = relative(process.cwd(), folder);
  return path === '' || path.startsWith('..') ? folder : path;
};

async function main(folder: string, ports: PortChoice): Promise<void> {
  const interruption = new AbortController();
  const interrupted = new Promise<void>((resolve) => interruption.signal.addEventListener('abort', () => resolve()));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interruption.abort());
  whenParentIsGone(() => interruption.abort());
  const stop = await start(folder, ports, interruption.signal);
  // What waits here is the person at the terminal; signals alone do not keep a process alive.
  const alive = setInterval(() => undefined, 60_000);
  await interrupted;
  clearInterval(alive);
  say('Stopping');
  await stop();
  say('Stopped; npm start goes on with the same log');
}

const portChoice = new Option('--ports <choice>', 'the usual ports or free ones').choices(['fixed', 'auto']);
new Command('start')
  .description('the whole trading core and the xAPI simulator on this machine')
  .option('--data <folder>', 'data folder', '.data')
  .addOption(portChoice.default('fixed'))
  .action(({ data, ports }: { data: string; ports: PortChoice }) => main(resolve(data), ports))
  .parseAsync()
  .then(
    () => process.exit(0),
    (error: Error) => {
      if (error.name === 'AbortError') process.exit(0);
      console.error(error.message);
      process.exit(1);
    },
  );
