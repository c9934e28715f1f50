import { exampleDelivery } from '@core/proquant/example';
import { RENEWED_TOKEN, TOKEN, WebhookHarness } from './webhook-harness.fixture.ts';

describe('an integration whose tokens rotate', () => {
  let harness: WebhookHarness;
  beforeEach(async () => (harness = await WebhookHarness.open()));
  afterEach(() => harness.close());

  const tell = async (type: string, token: string, timestamp: number) => {
    const lifecycle = exampleDelivery({ type: `INTEGRATION_${type}`, data: null, timestamp });
    expect((await harness.post(lifecycle, { 'x-proquant-token': token })).status).toBe(200);
  };
  const enter = async (token: string, parts: Record<string, unknown>) =>
    harness.post(exampleDelivery({ type: 'SIGNAL_OPEN', timestamp: Date.now() }, parts), { 'x-proquant-token': token });
  const leftOpen = () => harness.logged.lines.filter((line) => line.includes('a position is left open')).length;

  it('goes on under the new one when its user takes the old one away, and is withdrawn once both are gone', async () => {
    const now = Date.now();
    await tell('APPROVED', TOKEN, now - 4_000);
    await tell('APPROVED', RENEWED_TOKEN, now - 3_000);
    await tell('DELETED', TOKEN, now - 2_000);
    expect((await enter(RENEWED_TOKEN, {})).status).toBe(200);
    expect(leftOpen()).toBe(0);
    await tell('DELETED', RENEWED_TOKEN, now - 2_000);
    expect(await enter(RENEWED_TOKEN, { proquantPositionId: 'p2' })).toMatchObject({ type: 'InvalidCredentials' });
    expect(leftOpen()).toBe(1);
  });

  it('keeps what a strategy holds, under whichever of them it is on, until it is off under both', async () => {
    const now = Date.now();
    const strategy = { id: '6bbc583bf6d70605bbbc892f66367ab7', name: 'Gold High-Risk' };
    const say = async (type: string, token: string, timestamp: number) => {
      const word = exampleDelivery({ type, data: strategy, timestamp });
      expect((await harness.post(word, { 'x-proquant-token': token })).status).toBe(200);
    };
    await harness.decide({ policy: 'on_disable', value: 'close' });
    for (const token of [TOKEN, RENEWED_TOKEN]) {
      await tell('APPROVED', token, now - 9_000);
      await say('STRATEGY_ENABLED', token, now - 8_000);
    }
    expect((await enter(TOKEN, {})).status).toBe(200);
    await say('STRATEGY_DISABLED', TOKEN, Date.now());
    expect(await enter(RENEWED_TOKEN, { proquantPositionId: 'p2' })).toMatchObject({ type: 'PositionAlreadyExists' });
    expect([leftOpen(), harness.count('PositionClosed')]).toEqual([0, 0]);
    await say('STRATEGY_DISABLED', RENEWED_TOKEN, Date.now());
    await harness.happens('PositionClosed');
    expect(leftOpen()).toBe(1);
  });

  it('keeps what its user approved when they turn the new one down', async () => {
    const now = Date.now();
    await tell('APPROVED', TOKEN, now - 4_000);
    await tell('REJECTED', RENEWED_TOKEN, now - 3_000);
    expect((await enter(TOKEN, {})).status).toBe(200);
  });
});
