import { INSTANT_PATTERN, instantFromMs } from '@core/kernel/instant';
import type { RecordedEvent } from '@core/contracts/event';
import type { Until } from '@core/event-log/event-log';
import { accountState, type AccountState } from '@core/projections/account';
import { accountOrders, type OrderState } from '@core/projections/orders';
import { accountPositions, type PositionState } from '@core/projections/positions';
import { openRequests, targetOf, type OpenRequest } from '@core/projections/requests';
import { accountStrategies } from '@core/projections/strategies';
import type { Command } from 'commander';
import { accountNamed } from './account-named.ts';
import { BadInput } from './bad-input.ts';
import { withSystem } from './cli.ts';
import { momentFromText } from './moment.ts';
import { facts, shortTime, table } from './output.ts';
import type { OperatedSystem } from './system.ts';

/** `ops state …`: an account now, or as it was, by the folds that the services run. */
export function addState(program: Command): void {
  program
    .command('state <account>')
    .description('an account with its positions, orders and open requests, now or as it was')
    .option('--at <position|time>', 'a position of the log, or a moment: 2026-01-05T10:00:00Z')
    .action(
      withSystem<{ at?: string }>(async (system, output, { at }, [text = '']) => {
        const account = await accountNamed(system, text);
        const states = await statesAt(system, account, at === undefined ? {} : untilOf(at));
        output.say({ account, ...states }, () => inWords(account, states));
      }),
    );
}

interface States {
  readonly state: AccountState;
  readonly positions: PositionState[];
  readonly orders: OrderState[];
  readonly requests: OpenRequest[];
  readonly strategies: ReturnType<typeof accountStrategies.initial>;
}

/** One pass through the account's events for all of its states. */
async function statesAt(system: OperatedSystem, account: string, until: Until): Promise<States> {
  const [state, positions, orders] = [accountState.initial(), accountPositions.initial(), accountOrders.initial()];
  const [requests, strategies] = [openRequests.initial(), accountStrategies.initial()];
  const take = (event: RecordedEvent): void => {
    accountState.evolve(state, event);
    accountPositions.evolve(positions, event);
    accountOrders.evolve(orders, event);
    openRequests.evolve(requests, event);
    accountStrategies.evolve(strategies, event);
  };
  for await (const page of system.log.readAccount(account, 0, until)) page.forEach(take);
  return {
    state,
    positions: Object.values(positions.positions),
    orders: Object.values(orders.orders),
    requests: Object.values(requests),
    strategies,
  };
}

/** A whole number is a position; everything else must be a moment. */
export function untilOf(text: string): Until {
  if (/^\d{1,16}$/.test(text)) return { position: Number(text) };
  const ms = momentFromText(text);
  if (ms === null) throw new BadInput(`--at is a position or a moment like 2026-01-05T10:00:00Z, not ${text}`);
  return { time: INSTANT_PATTERN.test(text) ? text : instantFromMs(ms) };
}

function inWords(account: string, { state, positions, orders, requests, strategies }: States): string {
  const { registration, session, money, equity, reconciliation, trading } = state;
  const head = facts([
    ['account', account],
    ['name', registration && `${registration.name} (${registration.mode})`],
    ['broker', registration && `login ${registration.brokerLogin} at ${registration.venue}`],
    ['after', `position ${state.position}, the account’s event ${state.version}`],
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
    ['trading', tradingOf(trading)],
    ['quarantined', Object.keys(state.quarantined).length],
  ]);
  const sections = [
    section('Positions', positionTable(positions)),
    section('Orders', orderTable(orders)),
    section('Open requests', requestTable(requests)),
  ];
  const held = Object.values(strategies.strategies);
  if (held.length > 0) {
    const rows = held.map(({ name, enabled, position, openSignals }) => [
      name,
      enabled === null ? 'unknown' : enabled ? 'yes' : 'no',
      position?.positionId,
      openSignals.length,
    ]);
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

export function tradingOf({ halted, closeOnly }: AccountState['trading']): string {
  if (halted) return `halted since ${shortTime(halted.since)} by ${halted.operator}: ${halted.note}`;
  if (closeOnly) return `close-only since ${shortTime(closeOnly.since)} by ${closeOnly.operator}: ${closeOnly.note}`;
  return 'on';
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

export const requestTable = (requests: readonly OpenRequest[]): string =>
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
