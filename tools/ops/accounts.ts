import { SYSTEM_ACCOUNT, Venue, type TraderId } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { accountState } from '@core/projections/account';
import type { RegisteredAccount, RegisteredBroker } from '@core/registry/entities';
import type { Registry } from '@core/registry/registry';
import { isInClear, XapiEndpoint } from '@core/xapi/wire/endpoint';
import { Option, type Command } from 'commander';
import { accountNamed } from './account-named.ts';
import { accountStates } from './account-states.ts';
import { acceptedAt } from './accepted-at.ts';
import { BadInput } from './bad-input.ts';
import { group, withSystem } from './cli.ts';
import { shortTime, table } from './output.ts';
import { PAPER_OPTIONS, paperBroker, type PaperVenue } from './paper-venue.ts';
import { secretInput } from './secret-input.ts';
import { sessionOf, tradingOf } from './state.ts';
import type { OperatedSystem } from './system.ts';
import { traderNamed } from './traders.ts';
import { XAPI_OPTIONS, xapiBroker, type XapiVenue } from './xapi-venue.ts';

const TEXT_MAX = 64;

/** A paper venue asks for none. */
const NO_PASSWORD = 'paper';

/** How a venue is kept, by what it speaks. */
const BROKERS = { xapi: xapiBroker, paper: paperBroker } as const;

interface NewAccountOptions extends XapiVenue, PaperVenue {
  readonly protocol?: keyof typeof BROKERS;
  readonly trader: string;
  readonly login: string;
  readonly name?: string;
  readonly mode: 'demo' | 'live';
}

/** `ops accounts …`: who trades where, and how it stands. */
export function addAccounts(program: Command): void {
  const accounts = group(program, 'accounts', 'accounts at brokers');

  accounts
    .command('list', { isDefault: true })
    .description('every account with session, balance and how long it has agreed with the broker')
    .action(withSystem(async (system, output) => list(system, output)));

  const adding = accounts
    .command('add')
    .description('add an account, or give a known one a new password; the broker’s password is asked for or piped in')
    .requiredOption('--trader <login>', 'whose it is')
    .requiredOption('--venue <name>', 'the broker server, as you call it')
    .requiredOption('--login <number>', 'login at the broker')
    .option('--name <text>', 'what people see')
    .addOption(new Option('--mode <mode>', 'whose money it is').choices(['demo', 'live']).makeOptionMandatory())
    .addOption(new Option('--protocol <name>', 'what it speaks; xapi where it is new').choices(Object.keys(BROKERS)));
  for (const option of [...XAPI_OPTIONS, ...PAPER_OPTIONS]) adding.addOption(option);
  adding.action(
    withSystem<NewAccountOptions>(async (system, output, options) => {
      const { account, position } = await add(system, options);
      output.say({ account: account.id, position }, () => `account ${account.id}, registered at position ${position}`);
    }),
  );

  for (const [name, enabled] of [
    ['disable', false],
    ['enable', true],
  ] as const) {
    accounts
      .command(`${name} <account>`)
      .description(enabled ? 'log in to it again' : 'log out of it and stay out; its positions stay as they are')
      .action(
        withSystem(async (system, output, _options, [text = '']) => {
          const account = await accountNamed(system, text);
          await (await system.registry()).setAccountEnabled(account, enabled);
          await system.tell(subjects.registryChanged, {});
          output.say({ account, enabled }, () => `account ${account} is ${name}d`);
        }),
      );
  }

  accounts
    .command('netting <account> <shown>')
    .description(
      'whether TradingView shows its positions as one per instrument: on or off; its broker keeps them apart',
    )
    .action(
      withSystem(async (system, output, _options, [text = '', shown = '']) => {
        if (shown !== 'on' && shown !== 'off') throw new BadInput(`netting is on or off, not ${shown}`);
        const account = await accountNamed(system, text);
        await (await system.registry()).setAccountNetting(account, shown === 'on');
        await system.tell(subjects.registryChanged, {});
        output.say({ account, netting: shown === 'on' }, () => `netting of account ${account} is ${shown}`);
      }),
    );
}

async function list(system: OperatedSystem, output: Parameters<Parameters<typeof withSystem>[0]>[1]): Promise<void> {
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
      tradingOf(state.trading),
      name,
    ]);
    const all = everyone.halted || everyone.closeOnly ? `\n\nfor everyone: trading ${tradingOf(everyone)}` : '';
    return `${table(head, body, 'no accounts: ops accounts add')}${all}`;
  });
}

async function add(
  system: OperatedSystem,
  options: NewAccountOptions,
): Promise<{ readonly account: RegisteredAccount; readonly position: number }> {
  const { venue, login: brokerLogin, mode } = options;
  if (!Venue.safeParse(venue).success) throw new BadInput(`--venue is a short lower-case name, not ${venue}`);
  if (!/^\S+$/.test(brokerLogin) || brokerLogin.length > TEXT_MAX) throw new BadInput('--login is not a login');
  const registry = await system.registry();
  const trader = await traderNamed(registry, options.trader);
  const known = await knownBroker(registry, venue);
  const protocol = options.protocol ?? (known?.protocol === 'paper' ? 'paper' : 'xapi');
  const broker = BROKERS[protocol](known, options);
  if (protocol === 'xapi' && mode === 'live' && isInClear(XapiEndpoint.parse(broker.endpoint)))
    throw new BadInput(
      `a live account is not reached in clear: ${venue} wants --transport tls or wss, and a real certificate`,
    );
  if (protocol === 'paper' && mode === 'live') throw new BadInput('paper money is nobody’s: --mode demo');
  const name = options.name ?? `${venue} ${brokerLogin}`;
  const password = protocol === 'paper' ? NO_PASSWORD : await secretInput(`Password of ${brokerLogin} at ${venue}: `);

  await registry.putBroker(broker);
  const account = await registry.putAccount({ traderId: trader.id, venue, brokerLogin, password, name, mode });
  const position = await register(system, account, trader.id);
  await system.tell(subjects.registryChanged, {});
  return { account, position };
}

/** Registering again what is registered already is how a password is changed. */
async function register(
  system: OperatedSystem,
  { id, venue, brokerLogin, name, mode }: RegisteredAccount,
  traderId: TraderId,
): Promise<number> {
  const answer = await system.ask(id, { type: 'RegisterAccount', data: { traderId, venue, brokerLogin, name, mode } });
  if (!answer.ok && answer.refusal.reason === 'account-already-registered') return system.log.head();
  return acceptedAt(answer);
}

async function knownBroker(registry: Registry, venue: string): Promise<RegisteredBroker | undefined> {
  return (await registry.brokers()).find((broker) => broker.venue === venue);
}
