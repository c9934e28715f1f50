import { exampleId } from '@core/contracts/examples.fixture';
import { Uuid } from '@core/contracts/primitives';
import { deliveryIdOf } from './delivery-id.ts';
import { decodeDelivery } from './event.ts';
import { exampleDelivery } from './example.ts';

const integration = exampleId(1);

describe('the id of a delivery', () => {
  it('is the same for the same event, in whatever form it comes again', () => {
    const first = exampleDelivery();
    const again = { v2: {}, ...exampleDelivery({ integration: null }, { strategy: { ...strategy, name: 'Renamed' } }) };
    expect(idOf(again)).toBe(idOf(first));
    expect(Uuid.safeParse(idOf(first)).success).toBe(true);
  });

  it('never changes between releases: it is in the log', () => {
    expect(idOf(exampleDelivery())).toBe('cc985b90-da65-8cbd-9f4f-a184339c8db5');
  });

  it.each([
    ['time', exampleDelivery({ timestamp: 1549623690731 })],
    ['type', exampleDelivery({ type: 'SIGNAL_REOPEN' })],
    ['strategy', exampleDelivery({}, { strategy: { id: 'other', name: 'Gold High-Risk' } })],
    ['position', exampleDelivery({}, { proquantPositionId: 'other' })],
    ['direction', exampleDelivery({}, { direction: 'SELL' })],
    ['ticker', exampleDelivery({}, { ticker: 'XAGUSD' })],
    ['quantity', exampleDelivery({}, { quantity: 10.5 })],
    ['lifecycle', exampleDelivery({ type: 'STRATEGY_ENABLED', data: { id: 'a', name: '' } })],
    ['integration lifecycle', exampleDelivery({ type: 'INTEGRATION_DELETED', data: null })],
  ])('is another one with another %s', (_what, delivery) => {
    expect(idOf(delivery)).not.toBe(idOf(exampleDelivery()));
  });

  it('is another one of another registration, for what is said of it alone', () => {
    const deleted = exampleDelivery({ type: 'INTEGRATION_DELETED', data: null });
    const disabled = exampleDelivery({ type: 'STRATEGY_DISABLED', data: { id: 's1', name: 'Gold' } });
    for (const said of [deleted, disabled]) expect(idOf(said, integration, 'a')).not.toBe(idOf(said, integration, 'b'));
    expect(idOf(exampleDelivery(), integration, 'a')).toBe(idOf(exampleDelivery(), integration, 'b'));
  });

  it('is another one for another integration', () => {
    expect(idOf(exampleDelivery(), exampleId(2))).not.toBe(idOf(exampleDelivery()));
  });
});

const { strategy } = exampleDelivery().v1.event.data;

function idOf(delivery: unknown, integrationId = integration, registration: string | null = null): string {
  const decoded = decodeDelivery(JSON.stringify(delivery));
  if (!decoded.ok || !decoded.value.event) throw new Error('not an event');
  return deliveryIdOf(integrationId, decoded.value.event, registration);
}
