import { askForLook } from '@core/bus/look-client';
import type { BrokerLook } from '@core/contracts/broker-look';
import { exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import { exampleNow } from '@core/contracts/command-examples.fixture';
import { ThrowawayNats } from '@core/testing/throwaway-nats';
import { connect, type NatsConnection } from 'nats';
import { LookService } from './look-service.ts';

const clean: BrokerLook = {
  ...{ ok: true, at: exampleNow, connector: 'c#1', outcome: 'clean', positions: 1, orders: 0, facts: 0 },
  ...{ drifts: [], standing: [] },
};

describe('a look at a broker that an operator asks for', () => {
  let nats: ThrowawayNats;
  let connector: NatsConnection;
  let operator: NatsConnection;
  let looks: LookService;
  beforeAll(async () => {
    nats = await ThrowawayNats.start();
    [connector, operator] = await Promise.all([connect({ servers: [nats.url] }), connect({ servers: [nats.url] })]);
    looks = new LookService(connector);
  });
  afterAll(async () => {
    await Promise.all([connector.close(), operator.close()]);
    await nats.stop();
  });

  const ask = async (account = exampleAccount) => {
    await connector.flush();
    return askForLook(operator, account, 10_000);
  };

  it('is answered where the account has a session, and told at once where none has', async () => {
    expect(await ask()).toMatchObject({ ok: false, reason: 'not-connected' });
    looks.begin(exampleAccount, () => Promise.resolve(clean));
    expect(await ask()).toEqual(clean);
    expect(await ask(exampleId(0xbad))).toMatchObject({ ok: false, reason: 'not-connected' });
    looks.begin(exampleAccount, () => Promise.resolve({ ok: false, reason: 'busy', text: 'a look is under way' }));
    expect(await ask()).toMatchObject({ reason: 'busy' });
    looks.end(exampleAccount);
    expect(await ask()).toMatchObject({ ok: false, reason: 'not-connected' });
  });
});
