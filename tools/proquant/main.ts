import { Command, Option } from 'commander';
import { z } from 'zod';
import { table } from '../ops/table.ts';
import type { ProquantAct } from './proquant-act.ts';
import type { DeliveredEvent } from './deliver.ts';
import { ACCOUNTS_PATH, ACTS_PATH, INTEGRATIONS_PATH, standInServer, type ShownAccount } from './server.ts';

const USUAL_PORT = '8090';

const told = ({ account, type, attempts, status, notification }: DeliveredEvent): string =>
  [
    `${type} to account ${account}: ${status ?? 'no answer'}${attempts > 1 ? ` after ${attempts} attempts` : ''}`,
    `  ${notification === null ? 'the user is told nothing: all is well' : `the user reads: ${notification}`}`,
  ].join('\n');

interface ServeOptions {
  readonly port: string;
  readonly timeout: string;
  readonly retries: string;
}

async function serve({ port, timeout, retries }: ServeOptions): Promise<void> {
  const settings = { timeoutMs: Number(timeout), retries: Number(retries), retryPauseMs: 2_000 };
  const server = standInServer(settings, {
    asked: ({ number, name, userEmail }) =>
      console.log(`${userEmail} is asked to approve ${name}: npm run proquant -- approve ${number}`),
    delivered: (event) => console.log(told(event)),
  });
  const url = await server.listen({ host: '127.0.0.1', port: Number(port) });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());
  console.log(
    [
      `a stand-in of ProQuant; Integrations are asked for at ${url}${INTEGRATIONS_PATH}`,
      'what its users do is said in a second terminal: npm run proquant -- --help',
    ].join('\n'),
  );
}

const program = new Command('proquant')
  .description('a stand-in of ProQuant: users approve Integrations, strategies send signals, notifications are shown')
  .addOption(
    new Option('--at <url>', 'where the stand-in listens').env('PROQUANT_AT').default(`http://127.0.0.1:${USUAL_PORT}`),
  );

async function ask(path: string, body?: ProquantAct): Promise<unknown> {
  const { at } = program.opts<{ at: string }>();
  const headers = { 'content-type': 'application/json' };
  const said = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers };
  const answer = await fetch(`${at}${path}`, said).catch(() => {
    throw new Error(`nobody listens at ${at}: npm run proquant`);
  });
  const json: unknown = await answer.json();
  if (!answer.ok) throw new Error(z.object({ message: z.string() }).parse(json).message);
  return json;
}

async function act(what: ProquantAct): Promise<void> {
  const delivered = (await ask(ACTS_PATH, what)) as DeliveredEvent[];
  const nobody = 'no account is enabled for it: nobody was told';
  console.log(delivered.length === 0 ? nobody : delivered.map(told).join('\n'));
}

program
  .command('serve', { isDefault: true })
  .description('run it, on this machine alone')
  .option('--port <port>', 'where it listens', USUAL_PORT)
  .option('--timeout <ms>', 'how long it waits for an answer', '10000')
  .option('--retries <count>', 'how often it repeats an event that nobody took', '0')
  .action(serve);

program
  .command('accounts')
  .description('every Integration that was asked for, and what its user made of it')
  .action(async () => {
    const accounts = (await ask(ACCOUNTS_PATH)) as ShownAccount[];
    const rows = accounts.map(({ number, userEmail, name, state, enabledFor }) => [
      ...[number, userEmail, name, state, enabledFor.join(' ')],
    ]);
    console.log(table(['account', 'user', 'name', 'state', 'enabled for'], rows, 'no Integration was asked for yet'));
  });

for (const name of ['approve', 'reject', 'delete'] as const)
  program
    .command(`${name} <account>`)
    .description(`the user does so; accounts are numbered`)
    .action((account: string) => act({ act: name, account: Number(account) }));

for (const name of ['enable', 'disable'] as const)
  program
    .command(`${name} <account> <strategy>`)
    .description('switch a strategy of its user on or off for it')
    .action((account: string, strategy: string) => act({ act: name, account: Number(account), strategy }));

for (const [side, direction] of [
  ['buy', 'BUY'],
  ['sell', 'SELL'],
] as const)
  program
    .command(`${side} <strategy> <ticker> <quantity>`)
    .description(`a strategy opens a position (SIGNAL_OPEN); the quantity is in units`)
    .option('--user <email>', 'whose strategy, where several have one of this name')
    .action((strategy: string, ticker: string, quantity: string, { user }: { user?: string }) =>
      act({ act: 'open', strategy, user, direction, ticker, quantity: Number(quantity) }),
    );

program
  .command('close <strategy>')
  .description('a strategy closes its position (SIGNAL_CLOSE)')
  .option('--user <email>', 'whose strategy, where several have one of this name')
  .action((strategy: string, { user }: { user?: string }) => act({ act: 'close', strategy, user }));

program
  .command('reopen <strategy>')
  .description('a strategy closes its position and opens the other way (SIGNAL_REOPEN)')
  .option('--user <email>', 'whose strategy, where several have one of this name')
  .option('--quantity <units>', 'as much as before unless it is said')
  .action((strategy: string, { user, quantity }: { user?: string; quantity?: string }) =>
    act({ act: 'reopen', strategy, user, quantity: quantity === undefined ? undefined : Number(quantity) }),
  );

program
  .command('again')
  .description('send the last event once more, to the letter, as a sender that repeats itself would')
  .action(() => act({ act: 'again' }));

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
