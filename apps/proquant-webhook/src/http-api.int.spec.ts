import { WebhookHarness } from './webhook-harness.fixture.ts';

it('the webhook’s document knows every address that is served, and no other', async () => {
  const webhook = await WebhookHarness.open();
  expect(webhook.documented?.document.routes).toEqual(webhook.documented?.served);
  await webhook.close();
});
