import type { EventBody, Recorded } from '@core/contracts/event';
import { isOperator, type AmendmentTerms, type Requester, type SignalOrigin } from '@core/contracts/events/request';
import type { ContractTerms, Instrument, PositionId, RequestId, Side, Decimal } from '@core/contracts/primitives';
import type { RefusalReason } from '@core/contracts/refusal';
import { compare } from '@core/kernel/decimal';
import { err, ok, type Result } from '@core/kernel/result';
import { unreachable } from '@core/kernel/unreachable';
import { record, refuse, type Circumstances, type Decide, type Decision } from './decision.ts';
import { found, priceRefusal, trailingRefusal, volumeRefusal } from './instrument-rules.ts';
import { noneRecent, remember, remembers, type Recent } from './recent.ts';
import { requestAmendment } from './last-wins.ts';
import { isBeingWithdrawn, isWithdrawalInFlight, type Requests } from './request.ts';
import { restrictionOn } from './risk.ts';

interface OpenPosition {
  instrument: Instrument;
  contract: ContractTerms;
  openPrice: Decimal;
  side: Side;
  volumeLots: Decimal;
  stopLoss: Decimal | null;
  takeProfit: Decimal | null;
  trailingPoints: number | null;
}

export interface Positions {
  open: Record<PositionId, OpenPosition>;
  /** A position closes once: an opening that comes after its end opens nothing. */
  closed: Recent;
}

/** How many closed positions an account remembers. */
const CLOSED_MAX = 128;

export const noPositions = (): Positions => ({ open: {}, closed: noneRecent() });

type Known = { readonly positions: Positions; readonly requests: Requests };

/**
 * Closing asks for little: it must work while instruments are unavailable and while only closing is allowed.
 * The rules of volumes hold for a part; the whole may be closed whatever its size.
 */
export const closePosition: Decide<'ClosePosition', Known> = (known, { commandid, data }, at) => {
  const closable = allowClose(known, data.positionId, data.requester, at);
  if (!closable.ok) return refuse(closable.error);
  const position = closable.value;
  const volumeLots = data.volumeLots ?? position.volumeLots;
  if (compare(volumeLots, position.volumeLots) > 0) return refuse('volume-exceeds-position');
  if (volumeLots !== position.volumeLots) {
    const spec = found(at.instrument(position.instrument));
    if (!spec.ok) return refuse(spec.error);
    const refusal = volumeRefusal(volumeLots, spec.value);
    if (refusal) return refuse(refusal);
  }
  return record(requestClose(commandid, data.positionId, volumeLots, data.requester, null));
};

/** Whether the whole of a position may be closed now, and that position. */
export function allowClose(
  { positions, requests }: Known,
  positionId: PositionId,
  requester: Requester,
  { restrictions }: Pick<Circumstances, 'restrictions'>,
): Result<OpenPosition, RefusalReason> {
  const restriction = restrictionOn('reduce', isOperator(requester), restrictions);
  if (restriction) return err(restriction);
  const position = positions.open[positionId];
  if (!position) return err(missing(positionId, positions));
  return isBeingWithdrawn(requests, positionId) ? err('request-in-flight') : ok(position);
}

export const requestClose = (
  requestId: RequestId,
  positionId: PositionId,
  volumeLots: Decimal,
  requester: Requester,
  signal: SignalOrigin | null,
): EventBody<'CloseRequested'> => ({
  type: 'CloseRequested',
  data: { requestId, positionId, volumeLots, requester, signal },
});

type AmendPosition = Extract<AmendmentTerms, { target: 'position' }>;

/** Stop loss and take profit as the whole target: null clears. Their distance from the market is the broker's to check. */
export function amendPosition(
  { positions, requests }: Known,
  requestId: RequestId,
  { terms, requester }: { readonly terms: AmendPosition; readonly requester: Requester },
  at: Circumstances,
): Decision {
  const restriction = restrictionOn('protect', isOperator(requester), at.restrictions);
  if (restriction) return refuse(restriction);
  const position = positions.open[terms.positionId];
  if (!position) return refuse(missing(terms.positionId, positions));
  if (isWithdrawalInFlight(requests, terms.positionId)) return refuse('request-in-flight');

  const { stopLoss, takeProfit } = terms;
  const spec = found(at.instrument(position.instrument));
  if (!spec.ok) return refuse(spec.error);
  const refusal =
    priceRefusal(position.side, { price: null, stopLoss, takeProfit }, spec.value) ??
    trailingRefusal(terms.trailingPoints, position.trailingPoints, spec.value);
  if (refusal) return refuse(refusal);
  return requestAmendment(requests, requestId, { terms, requester }, { ...position, price: null, expiresAt: null });
}

export type PositionEvent = Recorded<'PositionOpened' | 'PositionAmended' | 'PositionReduced' | 'PositionClosed'>;

/** Facts about a position that was never seen open are left to reconciliation, which will show it. */
export function evolvePositions(positions: Positions, event: PositionEvent): void {
  const { positionId } = event.data;
  const position = positions.open[positionId];
  switch (event.type) {
    case 'PositionOpened': {
      if (position || remembers(positions.closed, positionId)) return;
      const { instrument, contract, price: openPrice, side, volumeLots } = event.data;
      const { stopLoss, takeProfit, trailingPoints } = event.data;
      const protection = { stopLoss, takeProfit, trailingPoints };
      positions.open[positionId] = { instrument, contract, openPrice, side, volumeLots, ...protection };
      return;
    }
    case 'PositionAmended':
      if (!position) return;
      position.stopLoss = event.data.stopLoss;
      position.takeProfit = event.data.takeProfit;
      position.trailingPoints = event.data.trailingPoints;
      return;
    case 'PositionReduced':
      if (position) position.volumeLots = event.data.remainingLots;
      return;
    case 'PositionClosed':
      delete positions.open[positionId];
      remember(positions.closed, positionId, CLOSED_MAX);
      return;
    default:
      unreachable(event);
  }
}

const missing = (positionId: PositionId, { closed }: Positions): 'position-not-open' | 'unknown-position' =>
  remembers(closed, positionId) ? 'position-not-open' : 'unknown-position';
