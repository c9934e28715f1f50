import type { BrokerAccount } from '@core/connector/broker-adapter';
import { describeBrokerAdapter, type BrokerUnderTest } from '@core/connector/broker-adapter.contract';
import { RequestSettings } from '@core/connector/requests/request-settings';
import { AppProcess } from '@core/machine/app-process';
import { newId } from '@core/service/clock';
import { freePort } from '@core/testing/free-port';
import { XapiSettings } from './config.ts';
import { EgressAddresses } from './transport/egress.ts';
import { loginOptions } from './transport/login-options.ts';
import { XapiAdapter } from './xapi-adapter.ts';

const PASSWORD = 'correct horse';
/** Quick, and never two prices of one instrument but the one that was set. */
const KNOBS = { market: { ticksPerSecond: 1 }, keepAliveMs: 500, floatingMs: 100, pacing: { minMs: 0 } };

async function start(): Promise<BrokerUnderTest> {
  const [ops, main, stream, control] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const simulator = new AppProcess({
    name: 'xapi-simulator',
    opsPort: ops,
    env: {
      SIMULATOR_TCP_PORT: String(main),
      SIMULATOR_TCP_STREAM_PORT: String(stream),
      SIMULATOR_CONTROL_PORT: String(control),
      SIMULATOR_ACCOUNTS: '[]',
      SIMULATOR_KNOBS: JSON.stringify(KNOBS),
    },
  });
  await simulator.start();
  const settings = new XapiSettings({ commandIntervalMs: 5, loginIntervalMs: 0, connectionsMax: 1_000 });
  const egress = new EgressAddresses([], loginOptions(settings, new RequestSettings()), settings);

  async function told<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(`http://127.0.0.1:${control}/control/${path}`, {
      method,
      ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? null : JSON.parse(text)) as Answer;
  }
  const server = { main: `127.0.0.1:${main}`, stream: `127.0.0.1:${stream}` };
  const endpoint = { transport: 'tcp', ...server, insecureTls: false };
  const accountOf = (login: string): BrokerAccount => ({
    ...{ id: newId(), venue: 'sim', endpoint, mode: 'demo' },
    credentials: () => Promise.resolve({ login, password: PASSWORD }),
  });
  let accounts = 100_000;

  return {
    adapter: new XapiAdapter(egress, { record: () => undefined }, ['127.0.0.1']),
    instrument: 'EURUSD',
    async account() {
      const userId = String((accounts += 1));
      await told('POST', 'accounts', { userId, password: PASSWORD, currency: 'USD', leverage: 10 });
      return accountOf(userId);
    },
    stranger: () => accountOf('99'),
    price: (bid, ask) => told('PUT', 'prices/EURUSD', { bid, ask, hold: true }),
    open: async () => (await told<object[]>('GET', 'connections')).length,
    close: () => simulator.stop(),
    capabilities: {
      async hangUp(account) {
        await told('POST', 'disconnect', { userId: (await account.credentials()).login });
      },
      async answerLate(ms) {
        await told('DELETE', 'faults');
        if (ms > 0) await told('POST', 'faults', { kind: 'delay-reply', command: 'tradeTransaction', ms });
      },
      tooManyLots: '50',
    },
  };
}

describeBrokerAdapter('an xAPI broker', start);
