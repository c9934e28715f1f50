import { GatewayHarness } from './gateway-harness.fixture.ts';
import { gatewayApi } from './http-api.ts';

describe('the gateway’s document', () => {
  let gateway: GatewayHarness;
  beforeAll(async () => {
    gateway = await GatewayHarness.start();
  });
  afterAll(() => gateway.stop());

  it('knows every address that is served, and no other', () => {
    expect(gateway.documented?.document.routes).toEqual(gateway.documented?.served);
  });

  it.each(Object.entries(gatewayApi.operations))('says who may ask %s', async (route, { access, group }) => {
    if (group === 'OAuth 2.0') return;
    const [method, path = ''] = route.split(' ');
    const url = path.replace(/\{\w+\}/g, 'x');
    const { statusCode } = await gateway.raw({ method: method as 'GET', url });
    expect([route, statusCode]).toEqual([route, access === null ? 200 : 401]);
  });
});
