import { anEvent } from '@core/contracts/examples.fixture';
import { fingerprintOf, hashOf } from '@core/registry/tokens';
import { newId } from '@core/service/clock';
import { createServer, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from 'pg';
import { standInServer, INTEGRATIONS_PATH, type ShownAccount } from '../proquant/server.ts';
import { change, changed, ops, OpsHarness } from './ops-harness.fixture.ts';

interface Created {
  readonly id: string;
  readonly webhook: string;
  readonly request: { readonly state: string };
}

const HOOKS = 'https://hooks.example';
const TERMS = [
  ...['--email', 'ada@example.com', '--description', 'Demo', '--image', 'https://x.example/logo.png'],
  ...['--public-url', HOOKS],
];
const TRADES = ['--account', '10001', '--ticker', 'XAUUSD=GOLD'];

describe('ops integrations create', () => {
  let harness: OpsHarness;
  const asked: ShownAccount[] = [];
  const proquant = standInServer(
    { timeoutMs: 1_000, retries: 0, retryPauseMs: 1 },
    { asked: (account) => asked.push(account), delivered: () => undefined },
  );
  let url: string;
  let body: { webhook: { url: string; headers: OutgoingHttpHeaders } };

  beforeAll(async () => {
    proquant.addHook('preHandler', (request, _reply, done) => {
      body = request.body as typeof body;
      done();
    });
    url = `${await proquant.listen({ host: '127.0.0.1', port: 0 })}${INTEGRATIONS_PATH}`;
    harness = await OpsHarness.open();
  });
  afterAll(async () => {
    await proquant.close();
    await harness.close();
  });
  beforeEach(() => (asked.length = 0));

  const tokenSent = (): string => String(body.webhook.headers['x-proquant-token']);
  const opens = async (id: string, token: string) => (await harness.registry.senders.find(id, hashOf(token))) !== null;

  it('asks ProQuant’s user with a token that nobody else sees, and that opens', async () => {
    const said = await change('integrations', 'create', 'ada', ...TRADES, ...TERMS, '--proquant', url, '--json');
    const made = JSON.parse(said.out) as Created;
    expect(made).toMatchObject({ webhook: `${HOOKS}/proquant/v1/hooks/${made.id}`, request: { state: 'requested' } });
    expect(asked).toMatchObject([{ name: 'ada', userEmail: 'ada@example.com', url: made.webhook }]);
    expect(await opens(made.id, tokenSent())).toBe(true);
    const shown = [said, await ops('integrations', 'show', made.id), await ops('integrations', '--json')];
    for (const { code, out } of shown) {
      expect(code).toBe(0);
      for (const secret of [tokenSent(), hashOf(tokenSent())]) expect(out).not.toContain(secret);
    }
    expect(shown[1]?.out).toContain('ada@example.com is asked in ProQuant’s app');
  });

  it('asks once more as the last time, with another token; those before it stay good until they are settled', async () => {
    const made = await changed<Created>('integrations', 'create', 'bob', ...TRADES, ...TERMS, '--proquant', url);
    const tokens = [tokenSent()];
    for (let more = 0; more < 3; more += 1) {
      expect(await change('integrations', 'request', made.id, '--proquant', url)).toMatchObject({ code: 0 });
      tokens.push(tokenSent());
    }
    expect(asked).toHaveLength(4);
    const all = () => Promise.all(tokens.map((token) => opens(made.id, token)));
    expect(await all()).toEqual([true, true, true, true]);
    expect(await change('integrations', 'request', made.id, '--proquant', url)).toMatchObject({
      ...{ code: 1, err: expect.stringContaining('are good already') },
    });
    await change('integrations', 'rotate', made.id, '--settle');
    expect(await all()).toEqual([false, false, false, true]);
  });

  it('that nobody answers for thirty days expires, is said so, and makes room for the next; what was answered does not', async () => {
    const made = await changed<Created>('integrations', 'create', 'eva', ...TRADES, ...TERMS, '--proquant', url);
    const first = tokenSent();
    const database = new Client({ connectionString: harness.database.url });
    await database.connect();
    await database.query(
      `update registry.integration_request set asked_at = now() - interval '31 days' where integration_id = $1`,
      [made.id],
    );
    await database.end();
    expect((await ops('integrations', 'show', made.id)).out).toContain('said nothing for 30 days');
    const answered = anEvent(
      'IntegrationApproved',
      { integrationId: made.id, registration: fingerprintOf(hashOf(first)) },
      { id: newId(), subject: harness.account },
    );
    expect(await change('integrations', 'request', made.id, '--proquant', url)).toMatchObject({ code: 0 });
    expect([await opens(made.id, first), await opens(made.id, tokenSent())]).toEqual([false, true]);
    await harness.append([answered]);
    expect((await ops('integrations', 'show', made.id)).out).toContain('ada@example.com approved it');
  });

  it('fails where ProQuant does not take it, says why, and its token is good no more', async () => {
    const answering = async (status: number) => {
      const server = createServer((request, response) => {
        let text = '';
        request.on('data', (chunk) => (text += String(chunk)));
        request.on('end', () => {
          body = JSON.parse(text) as typeof body;
          response.writeHead(status).end('no such user');
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const said = await change('integrations', 'create', 'eve', ...TRADES, ...TERMS, '--proquant', at, '--json');
      server.closeAllConnections();
      server.close();
      const { id, request } = JSON.parse(said.out) as Created;
      return { code: said.code, state: request.state, opens: await opens(id, tokenSent()), id };
    };
    const refused = await answering(422);
    expect(refused).toMatchObject({ code: 1, state: 'refused', opens: false });
    expect((await ops('integrations', 'show', refused.id)).out).toContain('422 no such user');
    expect(await answering(500)).toMatchObject({ code: 1, state: 'unknown', opens: true });
  });

  it.each([
    ['no address of the user', TERMS.slice(2), '--email is missing'],
    ['an address that is none', [...TERMS, '--email', 'ada'], 'ada is no address of e-mail'],
    ['a hook that is not encrypted', [...TERMS, '--public-url', 'http://x.example'], 'is not encrypted'],
    ['a ProQuant that is not encrypted', [...TERMS, '--proquant', 'http://x.example'], 'is not encrypted'],
  ])('registers nothing with %s', async (_what, terms, why) => {
    const before = await harness.registry.integrations();
    const said = await change('integrations', 'create', 'mallory', ...TRADES, '--proquant', url, ...terms);
    expect(said).toMatchObject({ code: 2, err: expect.stringContaining(why) });
    expect(await harness.registry.integrations()).toHaveLength(before.length);
    expect(asked).toHaveLength(0);
  });
});
