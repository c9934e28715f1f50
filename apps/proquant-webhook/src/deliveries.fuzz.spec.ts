import { exampleDelivery } from '@core/proquant/example';
import { fuzz } from '@core/testing/fuzz';
import { request } from 'node:http';
import { INTEGRATION, TOKEN, WebhookHarness } from './webhook-harness.fixture.ts';

const UNBOUND = {
  ...{ REQUESTS_PER_SECOND: '1000', REQUESTS_BURST: '10000', ORDERS_PER_MINUTE: '10000', ORDERS_BURST: '10000' },
};

it('whatever is delivered is answered in ProQuant’s terms, and the next signal is carried out', async () => {
  const webhook = await WebhookHarness.open(UNBOUND);
  const post = (body: Uint8Array): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = { 'x-proquant-token': TOKEN, 'content-type': 'application/json', connection: 'close' };
      request(`${webhook.url}/proquant/v1/hooks/${INTEGRATION}`, { method: 'POST', headers }, (response) =>
        response.resume().on('end', () => resolve(response.statusCode ?? 0)),
      )
        .on('error', reject)
        .end(body);
    });
  let strategy = 0;
  await fuzz({
    name: 'deliveries',
    share: 0.1,
    examples: [
      exampleDelivery({ type: 'STRATEGY_ENABLED', data: { id: 's1', name: 'Gold' } }),
      exampleDelivery({ type: 'INTEGRATION_APPROVED', data: null }),
      exampleDelivery({ type: 'SIGNAL_CLOSE' }),
    ].map((delivery) => JSON.stringify(delivery)),
    take: async (input) => expect(await post(input)).toBeLessThan(500),
    others: async () => {
      const id = `good-${(strategy += 1)}`;
      const open = { strategy: { id, name: id }, proquantPositionId: id };
      expect((await webhook.signal('OPEN', open)).status).toBe(200);
    },
  });
  await webhook.close();
});
