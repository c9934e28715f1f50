import type { PendingPosition, Position, SessionEvent } from '@trading-core/ws-client';

/** What an event says to a person, a line each; nothing of what only programs need. */
export function wordsOf(event: SessionEvent): readonly string[] {
  switch (event.type) {
    case 'snapshot':
      return [
        ...event.accounts.map(({ id, balance, currency }) => `account ${id}: balance ${balance} ${currency}`),
        ...event.positions.map((position) => `  open      ${ofPosition(position)}`),
        ...event.pendings.map((pending) => `  standing  ${ofPending(pending)}`),
        'from here on, as it happens',
      ];
    case 'account_event.account_added':
    case 'account_event.account_update': {
      const { id, balance, currency } = event.account;
      return [`account ${id}: balance ${balance} ${currency}`];
    }
    case 'position.created':
    case 'position.updated':
    case 'position.closed':
      return [`${VERBS[event.type]} ${ofPosition(event.position)}`];
    case 'pending_position.created':
    case 'pending_position.updated':
    case 'pending_position.canceled':
    case 'pending_position.failed':
    case 'pending_position.executed':
      return [`${VERBS[event.type]} ${ofPending(event.pending)}`];
    case 'request_update':
      return [`${event.request.request} ${event.request.state} ${event.request.message ?? ''}`.trim()];
    case 'notice':
      return [`notice: ${event.notice.kind}`];
    case 'disconnected':
      return [`the connection is gone (${[event.code, event.reason].join(' ').trim()})${comesBack(event.retryInMs)}`];
    case 'connected':
    case 'replayed':
    case 'bid_ask':
      return [];
  }
}

const VERBS = {
  'position.created': 'opened   ',
  'position.updated': 'changed  ',
  'position.closed': 'closed   ',
  'pending_position.created': 'placed   ',
  'pending_position.updated': 'changed  ',
  'pending_position.canceled': 'cancelled',
  'pending_position.failed': 'failed   ',
  'pending_position.executed': 'executed ',
} as const;

const comesBack = (ms: number | null): string => (ms === null ? '' : `; trying again in ${(ms / 1_000).toFixed(1)} s`);

const SIDES = { Buy: 'bought', Sell: 'sold' } as const;

function ofPosition(position: Position): string {
  const { id, side, lots_amount: lots, asset_pair: instrument, collateral_currency: currency } = position;
  const opened = `${lots} lots of ${instrument} ${SIDES[side]} at ${position.asset_open_price}`;
  const protection = [
    ['stop loss', position.sl_in_instrument_price],
    ['take profit', position.tp_in_instrument_price],
  ].flatMap(([name, price]) => (price === null ? [] : `, ${name} ${price}`));
  if (position.close_date === null) return `${opened}${protection.join('')} (${id})`;
  return `${opened}, closed at ${position.asset_close_price} by ${position.close_reason}, profit ${position.profit} ${currency} (${id})`;
}

const ofPending = ({
  id,
  side,
  lots_amount: lots,
  asset_pair: instrument,
  order_type: type,
  desire_price,
}: PendingPosition) =>
  `${side.toLowerCase()} ${type.toLowerCase()} ${lots} lots of ${instrument} at ${desire_price} (${id})`;
