import type { SignalId, Uuid } from '@core/contracts/primitives';
import type { OrderState } from '@core/projections/order-state';
import type { AccountOverview } from '@core/projections/overview';
import type { PositionState } from '@core/projections/positions';
import type { OpenRequest } from '@core/projections/requests';
import type { SignalState } from '@core/projections/strategies';

/** What becomes of something that is not settled yet, for people; null of what is. */
export function whatNext(
  { account, orders, positions, requests, strategies }: AccountOverview,
  ids: readonly Uuid[],
): string | null {
  for (const id of ids) {
    const request = requests[id];
    if (request) return nextOfRequest(request, account.session.status === 'open');
  }
  for (const id of ids) {
    const signal = strategies.signals[id];
    if (signal?.status === 'half-done') return nextOfHalfDone(signal);
  }
  for (const id of ids) {
    const order = orders.orders[id];
    if (order?.status === 'working') return nextOfOrder(order);
  }
  for (const id of ids) {
    const position = positions.positions[id];
    if (position?.status === 'open') return nextOfPosition(position);
  }
  return null;
}

export function nextOfRequest({ id, status, cause }: OpenRequest, isConnected: boolean): string {
  switch (status) {
    case 'requested':
      return isConnected
        ? 'It is recorded and not sent yet: its connector claims it next, or it expires as not sent.'
        : 'It is recorded and waits for the broker’s session; when it has waited too long it expires as not sent.';
    case 'dispatched':
      return 'It was sent, and the broker’s answer is awaited; without one its outcome is unknown, and it is looked for at the broker.';
    case 'unknown':
      return `Nobody could say what became of it (${cause ?? 'no answer'}): the connector looks for it at the broker, twice, and it is never sent again. An operator who has looked himself settles it: npm run ops -- orders resolve ${id}`;
  }
}

/** What an operator says of a signal that closed and did not open: that it opens after all, or that it was seen to. */
export const stepsOfHalfDone = (id: SignalId): readonly [string, string] => [
  `npm run ops -- signals resume ${id} --confirm`,
  `npm run ops -- signals dismiss ${id}`,
];

const nextOfHalfDone = ({ id, refusal }: SignalState): string =>
  `It closed its strategy’s position and did not open the next (${refusal?.reason ?? 'no reason was told'}): it is opened after all, or ends with the strategy’s next signal. An operator says which: ${stepsOfHalfDone(id).join(', or ')}`;

const nextOfOrder = ({ price, expiresAt }: OrderState): string =>
  `It stands at the broker${price === null ? '' : ` at ${price}`} until it is filled, changed or cancelled${expiresAt === null ? '' : `, or until ${expiresAt}`}.`;

function nextOfPosition({ volumeLots, stopLoss, takeProfit }: PositionState): string {
  const ends = [
    ...(stopLoss === null ? [] : [`its stop loss at ${stopLoss}`]),
    ...(takeProfit === null ? [] : [`its take profit at ${takeProfit}`]),
    'a close',
  ];
  return `${volumeLots} lots are open until ${ends.join(', ')}${ends.length === 1 ? ' is asked for' : ' or the broker’s stop-out'}.`;
}
