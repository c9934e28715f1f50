import { anEvent } from '@core/contracts/examples.fixture';
import type { IntegrationPolicy } from '@core/contracts/integration-policy';
import { exampleDelivery } from '@core/proquant/example';
import { WebhookHarness } from './webhook-harness.fixture.ts';

describe('by what an operator decided about its integration', () => {
  let harness: WebhookHarness;
  const begin = async (set: IntegrationPolicy | null, settings: Record<string, string> = {}) => {
    harness = await WebhookHarness.open(settings);
    if (set) await harness.decide(set);
  };
  afterEach(() => harness.close());

  const strategy = { id: '6bbc583bf6d70605bbbc892f66367ab7', name: 'Gold High-Risk' };
  const disable = () =>
    harness.post(exampleDelivery({ type: 'STRATEGY_DISABLED', data: strategy, timestamp: Date.now() }));
  const another = () => harness.signal('OPEN', { direction: 'SELL', proquantPositionId: 'p2' });
  const stopped = async () => {
    await harness.signal('OPEN');
    const opened = harness.ledger.events.find((event) => event.type === 'PositionOpened');
    await harness.ledger.record(anEvent('PositionClosed', { positionId: opened?.data.positionId, requestId: null }));
    return harness.signal('CLOSE');
  };

  it('on_disable: what a disabled strategy holds is closed, once, also when nobody could do so at first', async () => {
    await begin({ policy: 'on_disable', value: 'close' });
    await harness.signal('OPEN');
    harness.ledger.broker.closes = { rejects: 'market-closed' };
    await disable();
    await harness.happens('RequestRejected');
    harness.ledger.broker.closes = 'executes';
    await harness.happens('PositionClosed');
    expect((await harness.signal('CLOSE')).status).toBe(200);
    expect(harness.count('PositionClosed')).toBe(1);
  });

  it('on_disable: it is closed by the next process where the first one ended, and left open where nobody decided', async () => {
    await begin(null);
    await harness.signal('OPEN');
    await disable();
    await harness.close();
    harness = await WebhookHarness.open({}, harness.ledger);
    expect(harness.count('CloseRequested')).toBe(0);
    await harness.decide({ policy: 'on_disable', value: 'close' });
    await harness.happens('PositionClosed');
  });

  it('missed_close_policy: an entry closes the other position first', async () => {
    await begin({ policy: 'missed_close_policy', value: 'close_then_open' });
    await harness.signal('OPEN');
    expect((await another()).status).toBe(200);
    expect([harness.count('PositionClosed'), harness.count('PositionOpened')]).toEqual([1, 2]);
    await harness.decide({ policy: 'missed_close_policy', value: 'reject' });
    expect(await harness.signal('OPEN', { proquantPositionId: 'p3' })).toMatchObject({ type: 'PositionAlreadyExists' });
  });

  it('on_deadline: an outcome that is not known by then is none to alarm anyone about, and is settled all the same', async () => {
    await begin({ policy: 'on_deadline', value: 'ok' }, { DEADLINE_MS: '300' });
    harness.ledger.broker.opens = 'keeps silent';
    expect(await harness.signal('OPEN')).toMatchObject({ status: 200, body: '' });
    const requested = harness.ledger.events.find(({ type }) => type === 'OrderRequested');
    harness.ledger.broker.opens = 'executes';
    if (requested) await harness.ledger.record(...harness.ledger.broker.factsAbout(requested));
    await harness.happens('SignalExecuted');
  });

  it('round_down: a quantity between two steps is the lower one, and too low below the first', async () => {
    await begin({ policy: 'round_down', value: 'on' });
    expect((await harness.signal('OPEN', { quantity: 10.5 })).status).toBe(200);
    const requested = harness.ledger.events.find((event) => event.type === 'OrderRequested');
    expect(requested?.data.volumeLots).toBe('0.1');
    const other = { strategy: { id: 's2', name: '' }, proquantPositionId: 'p2', quantity: 0.5 };
    expect(await harness.signal('OPEN', other)).toMatchObject({ type: 'QuantityTooLow' });
  });

  it('shadow: signals are answered as they would be, and nothing is asked of the broker', async () => {
    await begin({ policy: 'shadow', value: 'on' });
    const entered = Date.now();
    expect((await harness.signal('OPEN', {}, entered)).status).toBe(200);
    expect((await harness.signal('OPEN', {}, entered)).status).toBe(200);
    expect(await another()).toMatchObject({ status: 409, type: 'PositionAlreadyExists' });
    const other = { strategy: { id: 's2', name: '' }, proquantPositionId: 'p9', quantity: 1e7 };
    expect(await harness.signal('OPEN', other)).toMatchObject({ type: 'QuantityTooHigh' });
    expect((await harness.signal('CLOSE')).status).toBe(200);
    expect(harness.count('SignalShadowed')).toBe(2);
    expect([harness.count('OrderRequested'), harness.count('CloseRequested')]).toEqual([0, 0]);
  });

  it('strict_position_not_found: an exit of what was closed here is refused, as the letter of the guide has it', async () => {
    await begin({ policy: 'strict_position_not_found', value: 'on' });
    expect(await stopped()).toMatchObject({ status: 409, type: 'PositionNotFound' });
  });
});
