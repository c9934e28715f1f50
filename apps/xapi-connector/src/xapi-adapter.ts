import type { BrokerAccount, BrokerAdapter, BrokerSession, SessionListener } from '@core/connector/broker-adapter';
import { BrokerUnavailable, LoginRefused } from '@core/connector/broker-failure';
import { candlesBackMs } from '@core/xapi/translate/candle';
import { hostsOf, isInClear, XapiEndpoint } from '@core/xapi/wire/endpoint';
import { LoginReports } from './login-reports.ts';
import type { EgressAddresses } from './transport/egress.ts';
import { Login, type BrokerServer } from './transport/login.ts';
import type { XapiMetrics } from './xapi-metrics.ts';
import { XapiSession } from './xapi-session.ts';

/** An account has a connection to ask and one to listen, and shares neither. */
const CONNECTIONS = 2;

/** Brokers that speak xAPI 2.5.0. */
export class XapiAdapter implements BrokerAdapter {
  readonly protocol = 'xapi';
  readonly candlesBackMs = candlesBackMs;

  constructor(
    private readonly egress: EgressAddresses,
    private readonly metrics: Pick<XapiMetrics, 'record'>,
    private readonly brokerHosts: readonly string[],
  ) {}

  async open(account: BrokerAccount, listener: SessionListener, signal: AbortSignal): Promise<BrokerSession> {
    const server = this.serverOf(account);
    const { budget, sessions } = this.egress.pick();
    await budget.take(CONNECTIONS, signal);
    let isTaken = true;
    const giveBack = (): void => {
      if (isTaken) budget.give(CONNECTIONS);
      isTaken = false;
    };
    const heard = new LoginReports(listener, this.metrics, giveBack);
    try {
      const login = await Login.open(server, await account.credentials(), sessions, heard, signal);
      return new XapiSession(account.venue, login, this.egress);
    } catch (error) {
      giveBack();
      throw error;
    }
  }

  /** Before a password is even read: where it may not go it is not on its way to. */
  private serverOf({ venue, endpoint, mode }: BrokerAccount): BrokerServer {
    const read = XapiEndpoint.safeParse(endpoint);
    if (!read.success) throw new BrokerUnavailable(`the endpoint of ${venue} is none of xAPI`);
    if (mode === 'live' && isInClear(read.data))
      throw new LoginRefused('disabled', `a live account is not reached in clear: ${venue} wants tls or wss`);
    const stranger = hostsOf(read.data).find((host) => this.brokerHosts.length > 0 && !this.brokerHosts.includes(host));
    if (stranger !== undefined) throw new LoginRefused('disabled', `${stranger} is not among BROKER_HOSTS`);
    const { transport, main, stream, insecureTls } = read.data;
    return {
      main: { transport, address: main, insecureTls },
      stream: { transport, address: stream, insecureTls },
    };
  }
}
