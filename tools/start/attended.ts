import type { PortChoice } from '@core/machine/ports';
import { relative, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { operatorLink } from '../ops/console.ts';
import { greeting } from './greeting.ts';
import { whenParentIsGone } from './parent.ts';
import type { RunningSystem, SystemOptions } from './running-system.ts';

/** What a person waits for at a terminal, and ends there. */
interface Attended<Chosen> {
  readonly name: string;
  readonly about: string;
  readonly folder: string;
  start(to: ToBegin, chosen: Chosen): Promise<Begun>;
}

export interface ToBegin extends SystemOptions {
  /** The data folder as a person would type it. */
  readonly shown: string;
}

/** What runs, and what its person reads first. */
export interface Begun {
  readonly greeting: string;
  readonly stop: () => Promise<void>;
}

export async function greeted(
  { endpoints, consoleLinkKey, stop }: Pick<RunningSystem, 'endpoints' | 'consoleLinkKey' | 'stop'>,
  shown: string,
): Promise<Begun> {
  return { greeting: greeting(endpoints, shown, await operatorLink(endpoints.console.url, consoleLinkKey)), stop };
}

/** What every such command lets choose. */
interface Usual {
  readonly data: string;
  readonly ports: PortChoice;
}

/** The command that runs a system until it is interrupted; for whoever adds options of his own. */
export function attendedCommand<Chosen = unknown>({ name, about, folder: usual, start }: Attended<Chosen>): Command {
  const portChoice = new Option('--ports <choice>', 'the usual ports or free ones').choices(['fixed', 'auto']);
  return new Command(name)
    .description(about)
    .option('--data <folder>', 'data folder', usual)
    .addOption(portChoice.default('fixed'))
    .action((given: Usual & Chosen) => {
      const folder = resolve(given.data);
      return attend(name, { folder, ports: given.ports, shown: shownAs(folder) }, (to) => start(to, given));
    });
}

/** As a process whose only work it was. */
export const runToItsEnd = (command: Command): void =>
  void command.parseAsync().then(
    () => process.exit(),
    (error: Error) => {
      if (error.name === 'AbortError') process.exit();
      console.error(error.message);
      process.exit(1);
    },
  );

async function attend(
  name: string,
  where: Pick<ToBegin, 'folder' | 'ports' | 'shown'>,
  begin: (to: ToBegin) => Promise<Begun>,
): Promise<void> {
  const stopped = stoppedFromOutside();
  const interrupted = new Promise<void>((resolve) => stopped.addEventListener('abort', () => resolve()));
  const { greeting: words, stop } = await begin({ ...where, say, stopped });
  say(words);
  say('READY');
  // What waits here is the person at the terminal; signals alone do not keep a process alive.
  const alive = setInterval(() => undefined, 60_000);
  await interrupted;
  clearInterval(alive);
  say('Stopping');
  await stop();
  say(`Stopped; ${name} goes on with the same log`);
}

/** Aborts when somebody interrupts this process, or whoever started it is gone. */
export function stoppedFromOutside(): AbortSignal {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interruption.abort());
  whenParentIsGone(() => interruption.abort());
  return interruption.signal;
}

const say = (line: string): void => console.log(line);

/** As a person would type it. */
const shownAs = (folder: string): string => {
  const path = relative(process.cwd(), folder);
  return path === '' || path.startsWith('..') ? folder : path;
};
