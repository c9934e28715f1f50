import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { loginInWords } from '@core/operations/login-in-words';
import { brakesOf } from '@core/operations/trading-switch';
import { accountState, type AccountState } from '@core/projections/account';
import type { OrderState } from '@core/projections/order-state';
import { accountOverview, overviewFolds, overviewHash, type AccountOverview } from '@core/projections/overview';
import type { PositionState } from '@core/projections/positions';
import { isSwitchedOn } from '@core/projections/strategies';
import { stateAt } from '@core/projection-runner/state-at';
import { targetOf, type OpenRequest } from '@core/projections/requests';
import type { AccountName } from '@core/registry/account-identity';
import type { Command } from 'commander';
import { accountNamed } from './account-named.ts';
import { withSystem } from './cli.ts';
import { positionIn, refuseNothingYet } from './moment-in-log.ts';
import { facts, shortTime } from './output.ts';
import { table } from './table.ts';

/** `ops state …`: an account now, or as it was, by the folds that the services run. */
export function addState(program: Command): void {
  program
    .command('state <account>')
    .description('an account with its positions, orders and open requests, now or as it was')
    .option('--at <position|time>', 'a position of the log, or a moment: 2026-01-05T10:00:00Z')
    .action(
      withSystem<{ at?: string }>(async (system, output, { at }, [text = '']) => {
        const account = await accountNamed(system, text);
        const until = at === undefined ? {} : { position: await positionIn(system.log, at, '--at') };
        const states = await stateAt(system.log, accountOverview, account, until);
        const everyone = await stateAt(system.log, accountState, SYSTEM_ACCOUNT, until);
        if (at !== undefined && states.account.version === 0) await refuseNothingYet(system.log, account, at);
        const hash = overviewHash(account, states);
        const named = await (await system.registry()).accountName(account);
        const told = { account, named, everyone: everyone.trading, ...listed(states), folds: overviewFolds, hash };
        output.say(told, () => inWords(account, named, states, everyone.trading, hash));
      }),
    );
}

const listed = ({ account, positions, orders, requests, strategies }: AccountOverview) => ({
  state: account,
  positions: Object.values(positions.positions),
  orders: Object.values(orders.orders),
  requests: Object.values(requests),
  strategies,
});

function inWords(
  account: string,
  named: AccountName | null,
  overview: AccountOverview,
  everyone: AccountState['trading'],
  hash: string,
): string {
  const { state, positions, orders, requests, strategies } = listed(overview);
  const { registration, session, money, equity, reconciliation, trading } = state;
  const head = facts([
    ['account', account],
    ['name', registration ? `${named?.name ?? 'not in the registry'} (${registration.mode})` : 'not registered yet'],
    ['broker', registration && loginInWords(named, registration.venue)],
    ['after', state.version > 0 ? `position ${state.position}, the account’s event ${state.version}` : 'nothing yet'],
    ['session', sessionOf(state)],
    ['balance', money && `${money.balance} ${state.terms?.currency ?? ''}, credit ${money.credit}`],
    ['equity', equity && `${equity.equity}, margin ${equity.margin}, at ${shortTime(equity.at)}`],
    ['last look', lookOf(reconciliation)],
    ['clean since', reconciliation.cleanSince && shortTime(reconciliation.cleanSince)],
    [
      'last drift',
      reconciliation.lastDrift &&
        `${shortTime(reconciliation.lastDrift.at)}, position ${reconciliation.lastDrift.position}`,
    ],
    ['trading', tradingOf(trading, everyone)],
    ['quarantined', Object.keys(state.quarantined).length],
    ['hash', hash],
  ]);
  const sections = [
    section('Positions', positionTable(positions)),
    section('Orders', orderTable(orders)),
    section('Open requests', requestTable(requests)),
  ];
  const held = Object.values(strategies.strategies);
  if (held.length > 0) {
    const rows = held.map((strategy) => {
      const { name, position, openSignals } = strategy;
      const isOn = isSwitchedOn(strategy, strategies.consents);
      return [name, isOn === null ? 'unknown' : isOn ? 'yes' : 'no', position?.positionId, openSignals.length];
    });
    sections.push(section('Strategies', table(['name', 'enabled', 'position', 'open signals'], rows)));
  }
  if (session.reason !== null) sections.unshift(`session lost: ${session.reason}`);
  return [head, ...sections].join('\n\n');
}

/** What the connector found when it last compared the broker with the log. */
const lookOf = ({ last }: AccountState['reconciliation']): string | null =>
  last && `${last.outcome}, ${last.positions} positions and ${last.orders} orders at ${shortTime(last.at)}`;

const section = (name: string, body: string): string => `${name}\n${body}`;

const REASON_MAX = 80;

/** With the reason where there is none: a refused login says so, and when it is tried again. */
export function sessionOf({ session: { status, since, reason } }: AccountState): string {
  if (since === null) return status;
  return `${status} since ${shortTime(since)}${reason === null ? '' : `: ${reason.slice(0, REASON_MAX)}`}`;
}

/** Of an account: what is switched for everyone is switched for it. */
export function tradingOf(own: AccountState['trading'], everyone: AccountState['trading']): string {
  const brakes = brakesOf(own, everyone).map(
    ({ what, decision: { since, operator, note } }) => `${what} since ${shortTime(since)} by ${operator}: ${note}`,
  );
  return brakes.length === 0 ? 'on' : brakes.join('; ');
}

const positionTable = (positions: readonly PositionState[]): string =>
  table(
    ['position', 'status', 'side', 'lots', 'instrument', 'open', 'sl', 'tp', 'swap', 'realized', 'opened', 'closed'],
    positions.map((each) => [
      each.id,
      each.close ? `closed, ${each.close.reason}` : each.status,
      each.side,
      each.volumeLots,
      each.instrument,
      each.openPrice,
      each.stopLoss,
      each.takeProfit,
      each.swap,
      each.realizedProfit,
      shortTime(each.openedAt),
      shortTime(each.closedAt),
    ]),
  );

const orderTable = (orders: readonly OrderState[]): string =>
  table(
    ['order', 'status', 'side', 'lots', 'instrument', 'kind', 'price', 'filled', 'average', 'why', 'created'],
    orders.map((each) => [
      each.id,
      each.status,
      each.side,
      each.volumeLots,
      each.instrument,
      each.kind,
      each.price,
      each.filledLots,
      each.averagePrice,
      each.rejection?.reason ?? each.endReason,
      shortTime(each.created.at),
    ]),
  );

const requestTable = (requests: readonly OpenRequest[]): string =>
  table(
    ['request', 'kind', 'status', 'concerns', 'asked by', 'connector', 'cause', 'since'],
    requests.map((each) => {
      const target = targetOf(each);
      return [
        each.id,
        each.wish.kind,
        each.status,
        `${target.kind} ${target.id}`,
        each.requester.edge,
        each.connector,
        each.cause,
        shortTime((each.doubted ?? each.dispatched ?? each.requested).at),
      ];
    }),
  );
