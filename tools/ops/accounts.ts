import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { accountState } from '@core/projections/account';
import { Option, type Command } from 'commander';
import { accountStates } from './account-states.ts';
import { group, withSystem } from './cli.ts';
import { changing, type ConsentOptions } from './consent.ts';
import { shortTime, type Output } from './output.ts';
import { registryVerb } from './registry-verb.ts';
import { sessionOf, tradingOf } from './state.ts';
import type { OperatedSystem } from './system.ts';
import { table } from './table.ts';

/** How a new venue is reached, or what it is. */
const VENUE_OPTIONS: readonly Option[] = [
  new Option('--transport <kind>', 'xapi: how the server is reached').choices(['tcp', 'tls', 'ws', 'wss']),
  new Option('--main <address>', 'xapi: host:port for tcp and tls, a URL for ws and wss'),
  new Option('--stream <address>', 'xapi: the same for the streaming socket'),
  new Option('--insecure-tls', 'xapi: accept any certificate: for simulators only'),
  new Option('--quotes-of <venue>', 'paper: the venue whose live prices it trades at'),
  new Option('--currency <code>', 'paper: of its accounts'),
  new Option('--balance <amount>', 'paper: what an account begins with'),
  new Option('--leverage <number>', 'paper: the most it gives, as 30 for 1:30'),
  new Option('--commission-per-lot <amount>', 'paper: for opening and closing together'),
  new Option('--stop-out-percent <number>', 'paper: at how much of its margin positions are closed'),
  new Option('--rollover <time>', 'paper: when a trading day ends, as 17:00'),
  new Option('--rollover-zone <zone>', 'paper: by whose clock, as America/New_York'),
];

/** `ops accounts …`: who trades where, and how it stands. */
export function addAccounts(program: Command): void {
  const accounts = group(program, 'accounts', 'accounts at brokers');

  accounts
    .command('list', { isDefault: true })
    .description('every account with session, balance and how long it has agreed with the broker')
    .action(withSystem(async (system, output) => list(system, output)));

  const adding = changing(accounts.command('add'))
    .description('add an account, or give a known one a new password; the broker’s password is asked for or piped in')
    .requiredOption('--trader <login>', 'whose it is')
    .requiredOption('--venue <name>', 'the broker server, as you call it')
    .requiredOption('--login <number>', 'login at the broker')
    .option('--name <text>', 'what people see')
    .addOption(new Option('--mode <mode>', 'whose money it is').choices(['demo', 'live']).makeOptionMandatory())
    .addOption(new Option('--protocol <name>', 'what it speaks; xapi where it is new').choices(['xapi', 'paper']));
  for (const option of VENUE_OPTIONS) adding.addOption(option);
  adding.action(registryVerb('accounts add', newAccount));

  const ofAccount = (_options: object, [account = '']: readonly string[]) => ({ account });

  changing(accounts.command('disable <account>'))
    .description('log out of it and stay out; its positions stay as they are')
    .action(registryVerb('accounts disable', ofAccount));

  changing(accounts.command('enable <account>'))
    .description('log in to it again')
    .action(registryVerb('accounts enable', ofAccount));

  changing(accounts.command('password <account>'))
    .description('give the password that its broker asks for from now on; connectors take it up by themselves')
    .action(registryVerb('accounts password', ofAccount));

  changing(accounts.command('netting <account> <shown>'))
    .description(
      'whether TradingView shows its positions as one per instrument: on or off; its broker keeps them apart',
    )
    .action(registryVerb('accounts netting', (_options: object, [account = '', shown]) => ({ account, shown })));
}

/** What the command line says of an account, without what it says of every change. */
function newAccount({ note: _note, operator: _by, yes: _yes, dryRun: _dry, ...said }: ConsentOptions): object {
  return said;
}

async function list(system: OperatedSystem, output: Output): Promise<void> {
  const registry = await system.registry();
  const [accounts, traders] = [await registry.accounts(), await registry.traders()];
  const states = await accountStates(system, [SYSTEM_ACCOUNT, ...accounts.map(({ id }) => id)]);
  const everyone = (states.get(SYSTEM_ACCOUNT) ?? accountState.initial()).trading;
  const rows = accounts.map((account) => {
    const state = states.get(account.id) ?? accountState.initial();
    const trader = traders.find(({ id }) => id === account.traderId)?.login ?? account.traderId;
    return { ...account, trader, state };
  });
  output.say({ everyone, accounts: rows }, () => {
    const head = [
      'account',
      'trader',
      'venue',
      'login',
      'mode',
      'session',
      'balance',
      'clean since',
      'trading',
      'name',
    ];
    const body = rows.map(({ id, trader, venue, brokerLogin, mode, enabled, name, state }) => [
      id,
      trader,
      venue,
      brokerLogin,
      mode,
      enabled ? sessionOf(state) : 'disabled',
      state.money && `${state.money.balance} ${state.terms?.currency ?? ''}`.trim(),
      shortTime(state.reconciliation.cleanSince),
      tradingOf(state.trading, everyone),
      name,
    ]);
    return table(head, body, 'no accounts: ops accounts add');
  });
}
