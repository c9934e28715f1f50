import { Option } from 'commander';
import { operatorLink } from '../ops/console.ts';
import { attendedCommand, greeted, runToItsEnd, type Begun, type ToBegin } from './attended.ts';
import { greetingOfCells } from './greeting.ts';
import { startCells } from './running-cells.ts';
import { startSystem } from './running-system.ts';

const cellCount = new Option('--cells <count>', 'cores beside each other behind one proxy, nginx').choices([
  ...'12345678',
]);

runToItsEnd(
  attendedCommand<{ readonly cells: string }>({
    name: 'npm start',
    about: 'the whole trading core and the xAPI simulator on this machine',
    folder: '.data',
    start: async (to, { cells }) =>
      cells === '1' ? greeted(await startSystem(to), to.shown) : beginCells(to, Number(cells)),
  }).addOption(cellCount.default('1')),
);

async function beginCells({ shown, ...options }: ToBegin, count: number): Promise<Begun> {
  const { publicUrl, systems, stop } = await startCells({ ...options, count });
  const links = Object.entries(systems).map(async ([name, { endpoints, consoleLinkKey }]) => [
    name,
    await operatorLink(endpoints.console.url, consoleLinkKey),
  ]);
  const cells = Object.fromEntries(Object.entries(systems).map(([name, { endpoints }]) => [name, endpoints]));
  const consoleLinks = Object.fromEntries(await Promise.all(links)) as Record<string, string>;
  return { greeting: greetingOfCells(publicUrl, cells, shown, consoleLinks), stop };
}
