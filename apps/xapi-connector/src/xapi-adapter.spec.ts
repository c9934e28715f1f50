import type { BrokerAccount, SessionListener } from '@core/connector/broker-adapter';
import { LoginRefused } from '@core/connector/broker-failure';
import { RequestSettings } from '@core/connector/requests/request-settings';
import { exampleAccount } from '@core/contracts/examples.fixture';
import { XapiSettings } from './config.ts';
import { EgressAddresses } from './transport/egress.ts';
import { loginOptions } from './transport/login-options.ts';
import { XapiAdapter } from './xapi-adapter.ts';

const nothing = (): void => undefined;
const nobody: SessionListener = {
  ...{ reported: nothing, money: nothing, outcome: nothing, answered: nothing, unreadable: nothing, closed: nothing },
};

/** Opens an account at an address, and tells whether its password was asked for. */
async function opened(endpoint: object, mode: BrokerAccount['mode'], hosts: readonly string[] = []) {
  const settings = new XapiSettings({});
  const egress = new EgressAddresses([], loginOptions(settings, new RequestSettings()), settings);
  const adapter = new XapiAdapter(egress, { record: () => undefined }, hosts);
  let asked = false;
  const credentials = () => {
    asked = true;
    return Promise.reject(new Error('asked'));
  };
  const account = { id: exampleAccount, venue: 'demo', endpoint, mode, credentials };
  const failure: unknown = await adapter
    .open(account, nobody, new AbortController().signal)
    .catch((error: unknown) => error);
  return { asked, isRefused: failure instanceof LoginRefused && failure.kind === 'disabled' };
}

const at = (transport: string, insecureTls = false) => {
  const address = transport.startsWith('ws') ? `${transport}://broker.example/x` : 'broker.example:1';
  return { transport, main: address, stream: address, insecureTls };
};
const REFUSED = { asked: false, isRefused: true };
const TRIED = { asked: true, isRefused: false };

describe('where a password may go', () => {
  it.each([
    ['tcp', false],
    ['ws', false],
    ['tls', true],
    ['wss', true],
  ])('a live account by %s (any certificate: %s) is refused before its password is read', async (transport, lax) => {
    expect(await opened(at(transport, lax), 'live')).toEqual(REFUSED);
    expect(await opened(at(transport, lax), 'demo')).toEqual(TRIED);
  });

  it.each(['tls', 'wss'])('a live account by %s may', async (transport) => {
    expect(await opened(at(transport), 'live')).toEqual(TRIED);
  });

  it('only the hosts that are listed, where any are, both sockets of them', async () => {
    expect(await opened(at('tls'), 'live', ['broker.example'])).toEqual(TRIED);
    expect(await opened(at('wss'), 'live', ['other.example', 'broker.example'])).toEqual(TRIED);
    expect(await opened(at('tls'), 'demo', ['other.example'])).toEqual(REFUSED);
    expect(await opened({ ...at('tls'), stream: 'evil.example:2' }, 'demo', ['broker.example'])).toEqual(REFUSED);
    expect(await opened({ ...at('wss'), main: 'wss://evil.example/' }, 'demo', ['broker.example'])).toEqual(REFUSED);
  });
});
