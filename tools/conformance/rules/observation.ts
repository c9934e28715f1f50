import { isOver, type BrokerOrder, type BrokerPosition, type BrokerState } from '../broker-words.ts';
import type { Fault } from '../verdict.ts';

/** What one account showed in one round of polls; the state was read first. */
export interface Observation {
  readonly atMs: number;
  readonly state: BrokerState;
  readonly orders: readonly BrokerOrder[];
  readonly positions: readonly BrokerPosition[];
}

/** A final order may leave the list so long after it became final. */
const KEPT_MS = 60_000;

type Pair = readonly [before: Observation, after: Observation];

const pairsOf = (seen: readonly Observation[]): readonly Pair[] =>
  seen.slice(1).map((after, index) => [seen[index] as Observation, after]);

const clock = ({ atMs }: Observation): string => new Date(atMs).toISOString().slice(11, 19);

/** Orders that are gone although they were alive, or final for less than a minute. */
export function vanishedOrders(seen: readonly Observation[]): readonly Fault[] {
  const finalSince = new Map<string, number>();
  return pairsOf(seen).flatMap(([before, after]) => {
    for (const order of before.orders)
      if (isOver(order) && !finalSince.has(order.id)) finalSince.set(order.id, before.atMs);
    const there = new Set(after.orders.map(({ id }) => id));
    return before.orders
      .filter(({ id }) => !there.has(id) && after.atMs - (finalSince.get(id) ?? after.atMs) < KEPT_MS)
      .map(({ id, status }) => ({
        expected: 'every order in the next answer, a final one for at least a minute',
        got: `order ${id} (${status}) is not in the answer of ${clock(after)}`,
      }));
  });
}

/** Orders that came back from a final status, or whose filled quantity became less. */
export function ordersGoingBack(seen: readonly Observation[]): readonly Fault[] {
  return eachOrderChange(seen, (before, after) => {
    if (isOver(before) && after.status !== before.status)
      return { expected: 'a final status to stay', got: `${before.status}, then ${after.status}` };
    if ((after.filledQty ?? 0) < (before.filledQty ?? 0))
      return { expected: 'no less filled than before', got: `${before.filledQty}, then ${after.filledQty ?? 0}` };
    return null;
  });
}

/** Orders whose id came to stand for something else. */
export function reusedOrderIds(seen: readonly Observation[]): readonly Fault[] {
  const identity = ({ instrument, side, type }: BrokerOrder): string => `${side} ${instrument} ${type}`;
  return eachOrderChange(seen, (before, after) =>
    identity(before) === identity(after)
      ? null
      : { expected: 'an id to stand for one order for ever', got: `${identity(before)}, then ${identity(after)}` },
  );
}

/** Also across answers in which an order was missing. */
function eachOrderChange(
  seen: readonly Observation[],
  fault: (before: BrokerOrder, after: BrokerOrder) => Fault | null,
): readonly Fault[] {
  const last = new Map<string, BrokerOrder>();
  return seen.flatMap((observation) =>
    observation.orders.flatMap((order) => {
      const before = last.get(order.id);
      last.set(order.id, order);
      const found = before ? fault(before, order) : null;
      return found ? [{ ...found, got: `order ${order.id}: ${found.got} at ${clock(observation)}` }] : [];
    }),
  );
}

/** Positions that are gone without having been said to be closed. */
export function vanishedPositions(seen: readonly Observation[]): readonly Fault[] {
  return pairsOf(seen).flatMap(([before, after]) => {
    const there = new Set(after.positions.map(({ id }) => id));
    return before.positions
      .filter(({ id, qty }) => qty !== 0 && !there.has(id))
      .map(({ id, qty }) => ({
        expected: 'a position until it was shown with quantity 0',
        got: `position ${id} (${qty}) is not in the answer of ${clock(after)}`,
      }));
  });
}

/** Brackets that do not match their parent in two rounds in a row: lists are read one after the other. */
export function strayBrackets(seen: readonly Observation[]): readonly Fault[] {
  return pairsOf(seen).flatMap((pair) => {
    const [before, after] = pair.map(bracketFaults) as [Map<string, Fault>, Map<string, Fault>];
    return [...after].filter(([id]) => before.has(id)).map(([, fault]) => fault);
  });
}

function bracketFaults({ orders, positions }: Observation): Map<string, Fault> {
  const found = new Map<string, Fault>();
  for (const bracket of orders.filter((order) => order.parentId !== undefined && !isOver(order))) {
    const parents = bracket.parentType === 'position' ? positions : orders;
    const parent = parents.find(({ id }) => id === bracket.parentId);
    const fault = faultOf(bracket, parent);
    if (fault) found.set(bracket.id, { ...fault, got: `bracket ${bracket.id}: ${fault.got}` });
  }
  return found;
}

function faultOf(bracket: BrokerOrder, parent: BrokerOrder | BrokerPosition | undefined): Fault | null {
  if (!parent) return { expected: 'a bracket beside its parent', got: `no ${bracket.parentType} ${bracket.parentId}` };
  if ('status' in parent ? isOver(parent) : parent.qty === 0)
    return { expected: 'a bracket to end with its parent', got: `${bracket.status}, and its parent is over` };
  if (bracket.side === parent.side)
    return { expected: 'a bracket on the opposite side of its parent', got: `both ${bracket.side}` };
  if (bracket.qty !== parent.qty)
    return { expected: "a bracket of its parent's quantity", got: `${bracket.qty}, the parent ${parent.qty}` };
  return null;
}

const cents = (count: number): number => 0.011 * (count + 1);

/** Null where a position that is open does not say. */
function openProfit({ positions }: Observation): { readonly sum: number; readonly open: number } | null {
  const profits = positions.filter(({ qty }) => qty !== 0).map(({ unrealizedPl }) => unrealizedPl);
  const known = profits.filter((profit) => profit !== undefined);
  if (known.length < profits.length) return null;
  return { sum: known.reduce((total, profit) => total + profit, 0), open: known.length };
}

/** The open profit of the state beside the sum of the positions', where neither moved between two rounds. */
export function profitsNotAdded(seen: readonly Observation[]): readonly Fault[] {
  const wrong = pairsOf(seen).flatMap(([one, next]) => {
    const [{ unrealizedPl: of }, profit] = [one.state, openProfit(one)];
    if (profit === null || of !== next.state.unrealizedPl || profit.sum !== openProfit(next)?.sum) return [];
    return Math.abs(profit.sum - of) <= cents(profit.open) ? [] : [{ sum: profit.sum, of }];
  });
  // Once may be a market that moved and came back.
  if (wrong.length < 2) return [];
  return wrong.slice(0, 1).map(({ sum, of }) => ({
    expected: `unrealizedPl of the positions to be that of the state, ${of}`,
    got: sum.toFixed(2),
  }));
}
