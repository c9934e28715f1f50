import { shellWord } from '@core/kernel/shell-word';
import type { Endpoints } from './endpoints.ts';

/** What a newcomer reads when everything runs: where to look, and what to do next. */
export function greeting(
  { tvGateway, wsSession, proquant, simulator }: Endpoints,
  folder: string,
  consoleLink: string,
): string {
  const data = dataOption(folder);
  const withData = data === '' ? '' : ` --${data}`;
  const next = [`npm run try${withData}`, `npm run watch${withData}`, `npm run ops -- status${data}`];
  const width = Math.max(...next.map(({ length }) => length));
  const [tries, watches, asks] = next.map((command) => command.padEnd(width));
  return `
Console      ${consoleLink}
             once; npm run ops -- console${data} prints another
TradingView  ${tvGateway.url}, login ${tvGateway.login}, password ${tvGateway.password}
WebSocket    ${wsSession.url}
ProQuant     ${new URL(proquant.url).origin}
Broker       the xAPI simulator at ${simulator.tcp?.main}, its page and controls at ${simulator.control}
             every address and password: ${folder}/endpoints.json

${tries}  trades, step by step, and says what happened
${watches}  the accounts as they change
${asks}  whether anything needs a person
Ctrl-C stops everything; the next start goes on with the same log
`;
}

/** The same of several cells. `consoleLinks` are by the names of the cells. */
export function greetingOfCells(
  publicUrl: string,
  cells: Readonly<Record<string, Endpoints>>,
  folder: string,
  consoleLinks: Readonly<Record<string, string>>,
): string {
  const data = dataOption(folder);
  const each = Object.entries(cells).map(([name, { tvGateway }]) =>
    [
      `Cell ${name}       console ${consoleLinks[name]}`,
      `             login ${tvGateway.login}, password ${tvGateway.password}; npm run try -- --cell ${name}${data}`,
    ].join('\n'),
  );
  return `
TradingView  ${publicUrl}, whichever cell somebody lives in; ProQuant too
WebSocket    ${publicUrl.replace('http', 'ws')}/ws?cell=<cell>
${each.join('\n')}
             every address and password: ${folder}/<cell>/endpoints.json

npm run ops -- --cell <cell>${data} cells list  who lives where; any other command of ops, too
Ctrl-C stops everything; the next start goes on with the same logs
`;
}

const dataOption = (folder: string): string => (folder === '.data' ? '' : ` --data ${shellWord(folder)}`);
