import type { Command, CommandOf, CommandType } from '@core/contracts/command';
import type { EventBody } from '@core/contracts/event';
import { recordAndRefuse, type Circumstances, type Decision } from './decision.ts';
import type { Positions } from './position.ts';
import { remember, type Recent } from './recent.ts';
import { isInShadow } from './risk.ts';

type Rehearsed = EventBody<'RequestShadowed'>['data'];
type Trade = NonNullable<Rehearsed['opens']>;
type Wish = CommandOf<Rehearsed['command']>;

/**
 * A decision as it is in shadow: what would have been asked of the broker is recorded, and refused. What was refused
 * anyhow, or is done already, is what it is. Signals, which have a record of their own, decide by themselves.
 */
export function rehearsed(
  decision: Decision,
  state: { readonly positions: Positions },
  command: Command,
  at: Pick<Circumstances, 'restrictions' | 'marketPrice'>,
): Decision {
  if (decision.refusal !== null || decision.events.length === 0) return decision;
  if (!isWish(command) || !isInShadow(command.data.requester, at.restrictions)) return decision;
  const { requester } = command.data;
  const data = { ...NOTHING, ...effectOf(command, decision, state, at), requester };
  return recordAndRefuse('in-shadow', {
    type: 'RequestShadowed',
    data: { command: command.type, requestId: command.commandid, ...data },
  });
}

/** How many an account remembers: one that is sent again is rehearsed once. */
const REHEARSED_MAX = 128;

export const evolveRehearsed = (recent: Recent, { data }: EventBody<'RequestShadowed'>): void =>
  remember(recent, data.requestId, REHEARSED_MAX);

const NOTHING = { opens: null, closes: null, orderId: null, positionId: null, terms: null };

const WISHES: ReadonlySet<CommandType> = new Set<Rehearsed['command']>([
  ...(['PlaceOrder', 'Amend', 'CancelOrder', 'ClosePosition', 'ReversePosition'] as const),
]);

const isWish = (command: Command): command is Wish => WISHES.has(command.type);

/** What a wish would have done, as the events say that would have asked for it. */
function effectOf(
  command: Wish,
  { events }: Decision,
  { positions }: { readonly positions: Positions },
  { marketPrice }: Pick<Circumstances, 'marketPrice'>,
): Partial<Rehearsed> {
  const effect: Partial<Rehearsed> = {};
  if (command.type === 'Amend') effect.terms = command.data.terms;
  if (command.type === 'CancelOrder') effect.orderId = command.data.orderId;
  if (command.type === 'ClosePosition' || command.type === 'ReversePosition')
    effect.positionId = command.data.positionId;
  for (const { type, data } of events) {
    if (type === 'OrderRequested') effect.opens = priced('opening', data);
    const position = type === 'CloseRequested' && positions.open[data.positionId];
    if (position) effect.closes = priced('closing', { ...position, ...AT_MARKET, volumeLots: data.volumeLots });
  }
  return effect;

  function priced(
    purpose: 'opening' | 'closing',
    { instrument, side, kind, volumeLots, price }: Omit<Trade, 'marketPrice'>,
  ): Trade {
    return { instrument, side, kind, volumeLots, price, marketPrice: marketPrice(purpose, { instrument, side }) };
  }
}

const AT_MARKET = { kind: 'market', price: null } as const;
