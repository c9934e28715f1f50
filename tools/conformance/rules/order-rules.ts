import { shown } from '../answer-judge.ts';
import { isOver, type BrokerOrder } from '../broker-words.ts';
import type { Fault } from '../verdict.ts';

/** Rules of one list of orders, by the name of the check that reports them. */
export const ORDER_RULES = {
  ids: (orders: readonly { readonly id: string }[]): readonly Fault[] =>
    repeated(orders.map(({ id }) => id)).map((id) => ({ expected: 'every id once', got: `${shown(id)} twice` })),
  prices: (orders: readonly BrokerOrder[]): readonly Fault[] => orders.flatMap(priceFaults),
  fills: (orders: readonly BrokerOrder[]): readonly Fault[] => orders.flatMap(fillFaults),
  pairs: (orders: readonly BrokerOrder[]): readonly Fault[] => pairFaults(orders),
} as const;

export function repeated(values: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return [...new Set(values.filter((value) => seen.size === seen.add(value).size))];
}

const named = ({ id, type, status }: BrokerOrder): string => `order ${id} (${type}, ${status})`;

function priceFaults(order: BrokerOrder): readonly Fault[] {
  const wants = {
    limitPrice: ['limit', 'stoplimit'].includes(order.type),
    stopPrice: ['stop', 'stoplimit'].includes(order.type),
    trailingStopPips: order.isTrailingStop === true,
  };
  return (Object.keys(wants) as (keyof typeof wants)[])
    .filter((name) => wants[name] !== (order[name] !== undefined))
    .filter((name) => !(name === 'stopPrice' && order.isTrailingStop))
    .map((name) => ({
      expected: `${wants[name] ? 'a' : 'no'} ${name} on an order of type ${order.type}`,
      got: `${named(order)} with ${shown(order[name])}`,
    }));
}

function fillFaults(order: BrokerOrder): readonly Fault[] {
  const { filledQty, qty, avgPrice, status } = order;
  const faults: Fault[] = [];
  if (filledQty !== undefined && filledQty > qty)
    faults.push({ expected: 'no more filled than ordered', got: `${named(order)}: ${filledQty} of ${qty}` });
  if (status === 'filled' && avgPrice === undefined)
    faults.push({ expected: 'avgPrice on an order that was filled', got: `${named(order)} without` });
  if (status === 'filled' && filledQty !== undefined && filledQty < qty)
    faults.push({ expected: 'a filled order to be filled wholly', got: `${named(order)}: ${filledQty} of ${qty}` });
  return faults;
}

/** A parent has at most one stop loss and one take profit that are not over. */
function pairFaults(orders: readonly BrokerOrder[]): readonly Fault[] {
  const alive = orders.filter((order) => order.parentId !== undefined && !isOver(order));
  const kinds = alive.map(({ parentId, type }) => `${type === 'limit' ? 'take profit' : 'stop loss'} of ${parentId}`);
  const unfinished = alive.filter(({ parentType }) => parentType === undefined);
  return [
    ...repeated(kinds).map((kind) => ({ expected: 'one at most', got: `two of: ${kind}` })),
    ...unfinished.map((order) => ({ expected: 'parentType beside parentId', got: `${named(order)} without` })),
  ];
}
