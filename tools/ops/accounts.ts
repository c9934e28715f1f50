import { SYSTEM_ACCOUNT, Venue, type TraderId } from '@core/contracts/primitives';
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
import { changing, Consent, nobodyYet, ofAccount, type ConsentOptions } from './consent.ts';
import { shortTime, type Output } from './output.ts';
import { table } from './table.ts';
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

interface NewAccountOptions extends XapiVenue, PaperVenue, ConsentOptions {
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

  const adding = changing(accounts.command('add'))
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
      const added = await add(system, output, options);
      if (!added) return;
      const { account, position } = added;
      output.say({ account: account.id, position }, () => `account ${account.id}, registered at position ${position}`);
    }),
  );

  for (const [name, enabled] of [
    ['disable', false],
    ['enable', true],
  ] as const) {
    changing(accounts.command(`${name} <account>`))
      .description(enabled ? 'log in to it again' : 'log out of it and stay out; its positions stay as they are')
      .action(
        withSystem<ConsentOptions>(async (system, output, options, [text = '']) => {
          const account = await accountNamed(system, text);
          const consent = await Consent.to(system, output, ofAccount(account), options);
          if (!consent) return;
          const act = { what: 'account', action: `${name}d`, target: account } as const;
          await system.change(consent, act, (registry) => registry.setAccountEnabled(account, enabled));
          output.say({ account, enabled }, () => `account ${account} is ${name}d`);
        }),
      );
  }

  changing(accounts.command('password <account>'))
    .description('give the password that its broker asks for from now on; connectors take it up by themselves')
    .action(
      withSystem<ConsentOptions>(async (system, output, options, [text = '']) => {
        const account = await accountNamed(system, text);
        const consent = await Consent.to(system, output, ofAccount(account), options);
        if (!consent) return;
        const password = await secretInput(`Password of account ${account}: `);
        const act = { what: 'account', action: 'password-set', target: account } as const;
        await system.change(consent, act, (registry) => registry.setBrokerPassword(account, password));
        output.say({ account }, () => `account ${account} has another password`);
      }),
    );

  changing(accounts.command('netting <account> <shown>'))
    .description(
      'whether TradingView shows its positions as one per instrument: on or off; its broker keeps them apart',
    )
    .action(
      withSystem<ConsentOptions>(async (system, output, options, [text = '', shown = '']) => {
        if (shown !== 'on' && shown !== 'off') throw new BadInput(`netting is on or off, not ${shown}`);
        const account = await accountNamed(system, text);
        const consent = await Consent.to(system, output, ofAccount(account), options);
        if (!consent) return;
        const act = { what: 'account', action: `netting-${shown}`, target: account } as const;
        await system.change(consent, act, (registry) => registry.setAccountNetting(account, shown === 'on'));
        output.say({ account, netting: shown === 'on' }, () => `netting of account ${account} is ${shown}`);
      }),
    );
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

/** Null without consent. */
async function add(
  system: OperatedSystem,
  output: Output,
  options: NewAccountOptions,
): Promise<{ readonly account: RegisteredAccount; readonly position: number } | null> {
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
  const consent = await Consent.to(system, output, { ...nobodyYet, toCome: { mode } }, options);
  if (!consent) return null;
  const password = protocol === 'paper' ? NO_PASSWORD : await secretInput(`Password of ${brokerLogin} at ${venue}: `);

  const act = { what: 'account', action: 'added', target: ({ id }: RegisteredAccount) => id } as const;
  const account = await system.change(consent, act, async (changed) => {
    await changed.putBroker(broker);
    return changed.putAccount({ traderId: trader.id, venue, brokerLogin, password, name, mode });
  });
  const position = await register(system, consent, account, trader.id);
  return { account, position };
}

/** Registering again what is registered already is how a password is changed. */
async function register(
  system: OperatedSystem,
  consent: Consent,
  { id, venue, brokerLogin, name, mode }: RegisteredAccount,
  traderId: TraderId,
): Promise<number> {
  const answer = await system.ask(consent, id, {
    type: 'RegisterAccount',
    data: { traderId, venue, brokerLogin, name, mode },
  });
  if (!answer.ok && answer.refusal.reason === 'account-already-registered') return system.log.head();
  return acceptedAt(answer);
}

async function knownBroker(registry: Registry, venue: string): Promise<RegisteredBroker | undefined> {
  return (await registry.brokers()).find((broker) => broker.venue === venue);
}
