import { cellIn } from '@core/contracts/cell';
import { nginxBinary } from '@core/machine/nginx-server';
import { present } from '@core/kernel/present';
import { exampleDelivery } from '@core/proquant/example';
import { Failure } from '@core/tradingview/wire/envelope';
import { connect } from '@trading-core/ws-client';
import { join } from 'node:path';
import { endpointsIn, type Endpoints } from '../start/endpoints.ts';
import { BrokerControlClient } from './broker-control-client.ts';
import { MovingLoad } from './moving-load.ts';
import { stepsOf } from '../try/steps.ts';
import { until } from '@core/testing/until';
import { Client } from 'pg';
import { SystemHarness } from './system-harness.ts';

const TAKEN_MS = 60_000;

/** Everything of an account but where it stands in its log. */
async function pastIn(url: string, account: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const columns = 'version, event_id, type, occurred_at, correlation_id, causation_id, producer, data::text';
    const { rows } = await client.query<object>(
      `select ${columns} from core.event where account_id = $1 order by version`,
      [account],
    );
    return rows;
  } finally {
    await client.end();
  }
}

const describeWithNginx: jest.Describe = nginxBinary() === null ? describe.skip : describe;

describeWithNginx('npm start -- --cells 2', () => {
  let system: SystemHarness;
  beforeAll(async () => (system = await SystemHarness.start(undefined, {}, ['--cells', '2'])));
  afterAll(() => system?.stop());

  const folderOf = (cell: string): string => join(system.folder, cell);
  const of = (cell: string): Endpoints => present(endpointsIn(folderOf(cell)), 'a system that is ready has written it');
  const logIn = async ({ url, login, password }: Endpoints['tvGateway']): Promise<string> => {
    const body = new URLSearchParams({ login, password, locale: 'en' });
    const answer = await fetch(`${url}/authorize`, { method: 'POST', body });
    return ((await answer.json()) as { d: { access_token: string } }).d.access_token;
  };
  const accounts = (url: string, token: string): Promise<Response> =>
    fetch(`${url}/accounts?locale=en`, { headers: { authorization: `Bearer ${token}` } });

  it('both are behind one address, which says where each of them is', () => {
    expect(of('a').tvGateway.url).toBe(of('b').tvGateway.url);
    expect(of('a').tvGateway.login).not.toBe(of('b').tvGateway.login);
    const { stdout } = system.ops('cells', '--cell', 'b', '--json');
    expect(JSON.parse(stdout)).toMatchObject([
      { cell: 'a', traders: 2, isAsked: false },
      { cell: 'b', traders: 2, isAsked: true },
    ]);
    expect(system.ops('status').stderr).toContain('say --cell a or --cell b');
  });

  it.each(['a', 'b'])('everything can be tried in cell %s through it', async (cell) => {
    for (const step of stepsOf(of(cell), folderOf(cell))) await step.run();
    expect(system.ops('status', '--cell', cell)).toMatchObject({ code: 0 });
  });

  it('a login comes to one gateway and leads to the cell of its trader, and to nobody else’s', async () => {
    const [ada, other] = [await logIn(of('a').tvGateway), await logIn(of('b').tvGateway)];
    expect([cellIn(ada), cellIn(other)]).toEqual(['a', 'b']);
    const { url } = of('a').tvGateway;
    const names = async (token: string) =>
      ((await (await accounts(url, token)).json()) as { d: { name: string }[] }).d.map(({ name }) => name);
    expect(await names(ada)).toEqual(['Demo 10001', 'Demo 10002', 'Paper']);
    expect(await names(other)).toEqual(['Demo 10101', 'Demo 10102', 'Paper']);
    const swapped = await accounts(url, other.replace('b.', 'a.'));
    expect(swapped.status).toBe(401);
    expect(Failure.parse(await swapped.json()).errmsg).toBe('Please log in again.');
  });

  it('a key opens its own cell, and a client follows where the address names another', async () => {
    const { url } = of('a').wsSession;
    const client = connect({ url, secretKey: of('b').wsSession.secretKey, name: 'lost' });
    for await (const event of client) if (event.type === 'connected') break;
    client.close();
    const pinned = connect({ url: url.replace(/\?.*/, ''), secretKey: of('b').wsSession.secretKey, name: 'pinned' });
    const heard = (async () => {
      for await (const event of pinned) if (event.type === 'connected') return;
    })();
    await expect(heard).rejects.toThrow('it is of the cell b');
  });

  it('a hook with another cell’s token is turned away', async () => {
    const { url, header } = of('a').proquant;
    const headers = { 'content-type': 'application/json', [header]: of('b').proquant.token };
    const body = JSON.stringify(exampleDelivery({ timestamp: Date.now() }));
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(421);
  });

  it('a trader moves to the other cell and back while orders and signals keep coming: no order twice, none lost', async () => {
    const load = await MovingLoad.on(of('a'));
    const { orders, signals } = load;
    const more = async (): Promise<void> => {
      const [before, signalled] = [orders.taken, signals.taken];
      await until(() => orders.taken >= before + 3 && signals.taken >= signalled + 2, TAKEN_MS);
    };
    const agreed = ['--note', 'its turn', '--yes'];
    await more();
    expect(await system.opsMeanwhile('cells', 'move', 'ada', '--to', 'b', ...agreed)).toMatchObject({ code: 0 });
    await more();
    expect(system.ops('accounts', '--cell', 'a').stdout).not.toContain('10002');
    expect(system.ops('trading', 'resume', '--account', '10002', '--cell', 'a', ...agreed).stderr).toContain(
      '--cell b',
    );
    expect(await system.opsMeanwhile('cells', 'move', 'ada', '--to', 'a', ...agreed)).toMatchObject({ code: 0 });
    await more();
    await load.stop();

    const [here, there] = await Promise.all(['a', 'b'].map((cell) => pastIn(of(cell).postgres, load.account)));
    expect(here?.slice(0, there?.length)).toEqual(there);
    const broker = new BrokerControlClient(of('a').simulator.control);
    for (const [login, asked] of [
      ['10001', signals.taken],
      ['10002', orders.taken],
    ] as const) {
      const tokens = (await broker.journal(login)).map(({ request }) => request?.customComment ?? '');
      expect(new Set(tokens).size).toBe(tokens.length);
      expect(tokens.length).toBeGreaterThanOrEqual(asked);
    }
    for (const cell of ['a', 'b']) expect(system.ops('log', 'verify', '--cell', cell)).toMatchObject({ code: 0 });
  });

  it('Ctrl-C stops both, and the proxy', async () => {
    const { url } = of('a').tvGateway;
    const health = Object.values({ ...of('a').services, ...of('b').services }).map((each) => `${each.health}/live`);
    expect(await system.interrupt()).toBe(0);
    for (const each of [url, ...health]) await expect(fetch(each)).rejects.toThrow('fetch failed');
  });
});
