import type { BrokerAccount } from '@core/connector/broker-adapter';
import { describeBrokerAdapter, type BrokerUnderTest } from '@core/connector/broker-adapter.contract';
import { RequestSettings } from '@core/connector/requests/request-settings';
import { AppProcess } from '@core/machine/app-process';
import { newId } from '@core/service/clock';
import { freePort } from '@core/testing/free-port';
import { Registry } from 'prom-client';
import { XapiSettings } from './config.ts';
import { EgressAddresses } from './transport/egress.ts';
import { loginOptions } from './transport/login-options.ts';
import { XapiAdapter } from './xapi-adapter.ts';
import { XapiMetrics } from './xapi-metrics.ts';

const INSTRUMENT = 'EURUSD';
const PASSWORD = 'correct horse';
const KNOBS = { keepAliveMs: 500, floatingMs: 250, pacing: { enforce: false } };

/** The simulator on its sockets; its price stands still but for what the specs say. */
async function start(): Promise<BrokerUnderTest> {
  const [opsPort, main, stream, port] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const env = {
    SIMULATOR_TCP_PORT: String(main),
    SIMULATOR_TCP_STREAM_PORT: String(stream),
    SIMULATOR_CONTROL_PORT: String(port),
    SIMULATOR_ACCOUNTS: '[]',
    SIMULATOR_KNOBS: JSON.stringify(KNOBS),
  };
  const simulator = new AppProcess({ name: 'xapi-simulator', opsPort, env });
  await simulator.start();
  const control = async (method: string, path: string, body?: object): Promise<unknown> => {
    const sent = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const answer = await fetch(`http://127.0.0.1:${port}/control/${path}`, { method, ...sent });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };

  const settings = new XapiSettings({ commandIntervalMs: 5, loginIntervalMs: 0 });
  const egress = new EgressAddresses([], loginOptions(settings, new RequestSettings()), settings);
  const endpoint = { transport: 'tcp', main: `127.0.0.1:${main}`, stream: `127.0.0.1:${stream}`, insecureTls: false };
  const accountOf = (login: string): BrokerAccount => ({
    ...{ id: newId(), venue: 'sim', endpoint },
    credentials: () => Promise.resolve({ login, password: PASSWORD }),
  });
  let login = 100_000;
  return {
    adapter: new XapiAdapter(egress, new XapiMetrics(new Registry(), egress)),
    instrument: INSTRUMENT,
    async account() {
      login += 1;
      await control('POST', 'accounts', { userId: String(login), password: PASSWORD });
      return accountOf(String(login));
    },
    stranger: () => accountOf('99999'),
    price: async (bid, ask) => void (await control('PUT', `prices/${INSTRUMENT}`, { bid, ask, hold: true })),
    open: async () => ((await control('GET', 'connections')) as readonly unknown[]).length,
    close: () => simulator.stop(),
    capabilities: {
      async hangUp(account) {
        const { login: userId } = await account.credentials();
        await control('POST', 'disconnect', { userId });
      },
      answerLate: async (ms) => void (await control('PATCH', 'knobs', { execDelayMs: { reply: ms } })),
      tooManyLots: '50',
    },
  };
}

describeBrokerAdapter('an xAPI server', start);
