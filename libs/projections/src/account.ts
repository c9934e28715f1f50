import type { EventBody, Recorded, RecordedEvent } from '@core/contracts/event';
import type { Clearing } from '@core/contracts/events/operations';
import type { Drift } from '@core/contracts/events/account';
import { ignoring, ORDER_EVENTS, REQUEST_EVENTS, SIGNAL_EVENTS } from '@core/contracts/ignoring';
import type { LimitKind } from '@core/contracts/limit';
import { freeMarginRule, type AccountSample, type FreeMarginRule } from '@core/contracts/market/account-figures';
import {
  EVERY_EDGE,
  type AccountId,
  type Decimal,
  type Instant,
  type TraderId,
  type Venue,
} from '@core/contracts/primitives';
import { add, ZERO } from '@core/kernel/decimal';
import type { Projection } from '@core/kernel/projection';
import { unreachable } from '@core/kernel/unreachable';
import { accrue, accrued, noAccruals, type Accruals } from './accruals.ts';
import { momentOf, type Moment } from './moment.ts';

/** What an account is and how it stands. Everything the broker has not told yet is null, never zero. */
export interface AccountState {
  /** Null until `AccountRegistered`; always null for the system account. */
  registration: {
    traderId: TraderId;
    venue: Venue;
    mode: 'demo' | 'live';
  } | null;
  /** As the broker last described it. */
  terms: EventBody<'AccountUpdated'>['data'] | null;
  session: BrokerConnection;
  money: Money | null;
  /** What of its positions the balance has, and what it still will. */
  accruals: Accruals;
  /** The broker's last word on the whole account, at most about one a minute; what moved since is added to it. */
  equity: (AccountSample & { at: Instant; marginLevel: Decimal }) | null;
  /** What of open profit the broker counts as free margin, as its samples showed it. */
  freeMargin: FreeMarginRule;
  reconciliation: ReconciliationRecord;
  /** For the system account: of the whole installation. A halt there holds for every account. */
  trading: {
    halted: (OperatorDecision & { clearing: Clearing | null }) | null;
    closeOnly: OperatorDecision | null;
    /** By edge, `*` for every one: what comes by it is recorded and not traded. */
    shadow: Record<string, OperatorDecision>;
  };
  /** The limits that operators set for it; for the system account, for everyone and for the accounts of each trader. */
  limits: { own: LimitsInWords; ofTraders: Record<TraderId, LimitsInWords> };
  /** Messages of this account that could not be recorded and wait for an operator, by message id. */
  quarantined: Record<
    string,
    { reason: EventBody<'MessageQuarantined'>['data']['reason']; detail: string; at: Instant }
  >;
  /** On its way to another cell, or gone there; absent is at home. */
  move?: { phase: 'leaving' | 'away'; to: string; since: Instant };
  /** The cell that it came from last; absent where it leaves again, or came from none. */
  cameFrom?: string;
  /** For the system account: accounts whose past comes from another cell, by which one. Absent is none. */
  arrivals?: Record<AccountId, string>;
  created: Moment | null;
  /** The last change of registration, terms, balance or trading permission; not of samples and sessions. */
  updated: Moment | null;
  /** The last event of this account, whatever it was. */
  version: number;
  position: number;
}

/** The connection to the broker. `never`: nobody has logged in yet. */
interface BrokerConnection {
  status: 'never' | 'open' | 'lost';
  connector: string | null;
  since: Instant | null;
  /** Why it was lost, in the connector's words. */
  reason: string | null;
}

/** Account currency. `operation` is what moved it last, where the broker told. */
interface Money {
  balance: Decimal;
  credit: Decimal;
  operation: EventBody<'BalanceChanged'>['data']['operation'];
  changed: Moment;
}

interface ReconciliationRecord {
  last: { outcome: 'clean' | 'drift'; positions: number; orders: number; at: Instant } | null;
  /** The first of the unbroken run of clean reconciliations that leads up to the last; null after a drift. */
  cleanSince: Instant | null;
  lastDrift: { at: Instant; position: number; drifts: readonly Drift[] } | null;
}

/** What each limit allows, and who said so. */
type LimitsInWords = Partial<Record<LimitKind, OperatorDecision & { allowed: Decimal }>>;

interface OperatorDecision {
  operator: string;
  note: string;
  since: Instant;
}

const ignored = ignoring(...SIGNAL_EVENTS, ...REQUEST_EVENTS, ...ORDER_EVENTS);

/** How an account stands. Read by every edge and by the operator. */
export const accountState: Projection<AccountState, RecordedEvent> = {
  name: 'account',
  version: 8,

  initial: () => ({
    registration: null,
    terms: null,
    session: { status: 'never', connector: null, since: null, reason: null },
    money: null,
    accruals: noAccruals(),
    equity: null,
    freeMargin: { countsGain: null, countsLoss: null },
    reconciliation: { last: null, cleanSince: null, lastDrift: null },
    trading: { halted: null, closeOnly: null, shadow: {} },
    limits: { own: {}, ofTraders: {} },
    quarantined: {},
    created: null,
    updated: null,
    version: 0,
    position: 0,
  }),

  evolve(state, event) {
    state.version = event.version;
    state.position = event.position;
    if (ignored(event)) return;
    accrue(state.accruals, event, state.money);

    switch (event.type) {
      case 'AccountRegistered':
        state.registration = event.data;
        state.created = state.updated = momentOf(event);
        return;
      case 'AccountUpdated':
        state.terms = event.data;
        state.updated = momentOf(event);
        return;
      case 'AccountSessionOpened':
        state.session = { status: 'open', connector: event.data.connector, since: event.time, reason: null };
        return;
      case 'AccountSessionLost':
        state.session = { status: 'lost', ...event.data, since: event.time };
        return;
      case 'BalanceChanged':
        state.money = { ...event.data, changed: momentOf(event) };
        state.updated = state.money.changed;
        return;
      case 'EquityMarked':
        state.equity = { ...event.data, at: event.time, accrued: accrued(state.accruals), dealt: ZERO };
        state.freeMargin = freeMarginRule(state.freeMargin, event.data);
        return;
      case 'PositionReduced':
      case 'PositionClosed':
        if (state.equity) state.equity.dealt = add(state.equity.dealt, event.data.profit);
        return;
      case 'PositionOpened':
      case 'PositionAmended':
      case 'PositionSwapCharged':
      case 'CommandRefused':
      case 'RequestShadowed':
        return;
      case 'AccountReconciled':
        reconcile(state.reconciliation, event);
        return;
      case 'TradingHalted':
        state.trading.halted = { ...decisionOf(event), clearing: event.data.clearing ?? null };
        state.updated = momentOf(event);
        return;
      case 'TradingResumed':
        state.trading.halted = null;
        state.updated = momentOf(event);
        return;
      case 'CloseOnlySet':
        state.trading.closeOnly = event.data.closeOnly ? decisionOf(event) : null;
        state.updated = momentOf(event);
        return;
      case 'ShadowSet': {
        const edge = event.data.edge ?? EVERY_EDGE;
        if (event.data.shadow) state.trading.shadow[edge] = decisionOf(event);
        else delete state.trading.shadow[edge];
        state.updated = momentOf(event);
        return;
      }
      case 'AccountMoveBegun':
        state.move = { phase: 'leaving', to: event.data.to, since: event.time };
        delete state.cameFrom;
        return;
      case 'AccountDeparted':
        state.move = { phase: 'away', to: event.data.to, since: event.time };
        return;
      case 'AccountArrived':
        delete state.move;
        state.cameFrom = event.data.from;
        return;
      case 'AccountMoveTakenBack':
        delete state.move;
        return;
      case 'ArrivalExpected': {
        const { accountId, from, expected } = event.data;
        state.arrivals ??= {};
        if (expected) state.arrivals[accountId] = from;
        else delete state.arrivals[accountId];
        return;
      }
      case 'DuplicateGuardSet':
      case 'OperatorActed':
        return;
      case 'LimitSet':
        setLimit(state.limits, event);
        return;
      case 'MessageQuarantined':
        state.quarantined[event.data.messageId] = {
          reason: event.data.reason,
          detail: event.data.detail,
          at: event.time,
        };
        return;
      case 'MessageReleased':
      case 'MessageReplaced':
      case 'MessageSkipped':
        delete state.quarantined[event.data.messageId];
        return;
      default:
        return unreachable(event);
    }
  },
};

function reconcile(state: ReconciliationRecord, { data, time, position }: Recorded<'AccountReconciled'>): void {
  const { outcome, positions, orders, drifts } = data;
  state.last = { outcome, positions, orders, at: time };
  if (outcome === 'clean') {
    state.cleanSince ??= time;
  } else {
    state.cleanSince = null;
    state.lastDrift = { at: time, position, drifts };
  }
}

function setLimit(limits: AccountState['limits'], event: Recorded<'LimitSet'>): void {
  const { traderId, limit, allowed } = event.data;
  const table = traderId === null ? limits.own : (limits.ofTraders[traderId] ??= {});
  if (allowed === null) delete table[limit];
  else table[limit] = { ...decisionOf(event), allowed };
}

function decisionOf({
  data,
  time,
}: Recorded<'TradingHalted' | 'CloseOnlySet' | 'ShadowSet' | 'LimitSet'>): OperatorDecision {
  return { operator: data.operator, note: data.note, since: time };
}
