import type { Event } from '@core/contracts/event';
import { anEvent } from '@core/contracts/examples.fixture';
import type { Uuid } from '@core/contracts/primitives';
import { newId } from '@core/service/clock';
import type { OpsHarness } from '../ops/ops-harness.fixture.ts';

export interface SeededOrder {
  readonly orderId: Uuid;
  readonly positionId: Uuid;
  readonly brokerPosition: string;
}

/** A market order of gold, filled, whose position is closed by its stop loss an hour later; with a sample of equity. */
export async function seedOrder(system: OpsHarness): Promise<SeededOrder> {
  const [orderId, positionId, correlationid] = [newId(), newId(), newId()];
  const brokerPosition = '70010001';
  const chain: Event[] = [];
  const next = (event: Event): void => {
    const causationid = chain.at(-1)?.id ?? orderId;
    chain.push({ ...event, id: newId(), subject: system.account, correlationid, causationid });
  };
  next(anEvent('AccountRegistered', { venue: 'demo' }));
  next(anEvent('OrderRequested', { orderId, kind: 'market', price: null, instrument: 'GOLD' }));
  next(anEvent('RequestDispatched', { requestId: orderId }));
  next(anEvent('RequestAccepted', { requestId: orderId }));
  next(anEvent('OrderFilled', { orderId, positionId }));
  next(anEvent('PositionOpened', { orderId, positionId, brokerPosition, instrument: 'GOLD' }));
  await system.append(chain);
  const alone = { subject: system.account, causationid: null };
  await system.append([{ ...anEvent('EquityMarked'), ...alone, id: newId(), correlationid: newId() }]);
  const closed = anEvent('PositionClosed', { positionId, reason: 'stop-loss' });
  await system.append([{ ...closed, ...alone, id: newId(), correlationid: newId() }], '2026-01-05T11:00:00.000000Z');
  return { orderId, positionId, brokerPosition };
}

/** An order that was sent, and whose outcome nobody knows; its id. */
export async function seedUnknown(system: OpsHarness): Promise<Uuid> {
  const [orderId, correlationid] = [newId(), newId()];
  const of = (event: Event): Event => ({ ...event, id: newId(), subject: system.account, correlationid });
  await system.append([
    of(anEvent('OrderRequested', { orderId, kind: 'market', price: null })),
    of(anEvent('RequestDispatched', { requestId: orderId })),
    of(anEvent('RequestOutcomeUnknown', { requestId: orderId })),
  ]);
  return orderId;
}
