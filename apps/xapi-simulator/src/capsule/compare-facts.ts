import type { Fact } from '@core/execution/fact';
import type { EventType } from '@core/contracts/event';
import { differences } from '@core/kernel/json-difference';

/** What brokers do; samples, sessions and looks are how we watched them do it. */
const FACTS = [
  ...(['RequestAccepted', 'RequestRejected', 'RequestOutcomeUnknown', 'RequestExpired'] as const),
  ...(['OrderWorking', 'OrderAmended', 'OrderFilled', 'OrderCancelled', 'OrderExpired'] as const),
  ...(['PositionOpened', 'PositionAmended', 'PositionReduced', 'PositionClosed', 'BalanceChanged'] as const),
] as const satisfies readonly EventType[];
export type BrokerFact = Extract<Fact, { type: (typeof FACTS)[number] }>;

const FACT_NAMES: readonly EventType[] = FACTS;

/**
 * Whether the broker did this: not what never left, and of the balance only what no trade moved. Without a reason it is
 * told again with one, and what trading did to it the deals say.
 */
export const isBrokerFact = <Told extends Fact>(fact: Told): fact is Extract<Told, { type: BrokerFact['type'] }> =>
  FACT_NAMES.includes(fact.type) &&
  !(fact.type === 'RequestExpired' && fact.data.reason === 'not-sent') &&
  !(fact.type === 'BalanceChanged' && MOVED_BY_TRADING.has(fact.data.operation?.type));

const MOVED_BY_TRADING: ReadonlySet<string | undefined> = new Set(['trading', 'correction', undefined]);

/** The broker's own numbers, moments, and how we came to know: never the same twice. */
const INCIDENTAL: ReadonlySet<string> = new Set([
  ...['brokerPosition', 'brokerOrder', 'brokerRequest', 'deal', 'brokerCode', 'evidence', 'text', 'cause'],
  ...['openedAt', 'closedAt', 'inferred', 'comment', 'contract', 'signal'],
]);
/** What follows from a broker's terms and rates besides its prices. */
const MONEY: ReadonlySet<string> = new Set([
  ...['profit', 'swap', 'commission', 'remainingSwap', 'remainingCommission', 'delta', 'balance', 'credit'],
]);

/** One way in which what came out is not what was recorded. */
export interface PlayDifference {
  /** The order, position or request that it is about; `account` for the account itself. */
  readonly thing: string;
  /** `money`: the same fact at other costs, as at any broker with other terms. */
  readonly kind: 'missing' | 'more' | 'differs' | 'money';
  readonly what: string;
}

/** Compares, thing by thing and in the order of each thing's life, what was recorded with what came out. */
export function compareFacts(recorded: readonly BrokerFact[], played: readonly BrokerFact[]): PlayDifference[] {
  const [ours, theirs] = [lives(recorded), lives(played)];
  return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((thing) =>
    compareLives(thing, ours.get(thing) ?? [], theirs.get(thing) ?? []),
  );
}

function compareLives(thing: string, recorded: readonly BrokerFact[], played: readonly BrokerFact[]): PlayDifference[] {
  const found: PlayDifference[] = [];
  for (let at = 0; at < Math.max(recorded.length, played.length); at += 1) {
    const [was, is] = [recorded[at], played[at]];
    if (was === undefined || is === undefined || was.type !== is.type) {
      if (was !== undefined) found.push({ thing, kind: 'missing', what: was.type });
      if (is !== undefined) found.push({ thing, kind: 'more', what: is.type });
      continue;
    }
    for (const { path, left, right } of differences(told(was), told(is))) {
      const kind = MONEY.has(path.at(-1) ?? '') ? 'money' : 'differs';
      found.push({ thing, kind, what: `${was.type} ${path.join('.')}: ${spell(left)}, and now ${spell(right)}` });
    }
  }
  return found;
}

function lives(facts: readonly BrokerFact[]): Map<string, BrokerFact[]> {
  const lives = new Map<string, BrokerFact[]>();
  for (const fact of facts) {
    const thing = thingOf(fact);
    lives.set(thing, [...(lives.get(thing) ?? []), fact]);
  }
  return lives;
}

function thingOf({ type, data }: BrokerFact): string {
  if (type === 'BalanceChanged') return 'account';
  if ('kind' in data && 'requestId' in data) return `${data.kind} ${data.requestId}`;
  if (type === 'OrderFilled') return `order ${data.orderId}`;
  return 'positionId' in data ? `position ${data.positionId}` : `order ${data.orderId}`;
}

/** The fact itself, as far as it can be the same twice. */
function told({ type, data }: BrokerFact): object {
  const said = type === 'BalanceChanged' ? { ...data.operation, reference: undefined } : data;
  return Object.fromEntries(Object.entries(said).filter(([field]) => !INCIDENTAL.has(field)));
}

const spell = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
