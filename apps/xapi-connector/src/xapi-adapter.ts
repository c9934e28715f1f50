import type { BrokerAccount, BrokerAdapter, BrokerSession, SessionListener } from '@core/connector/broker-adapter';
import { BrokerUnavailable } from '@core/connector/broker-failure';
import type { Venue } from '@core/contracts/primitives';
import { candlesBackMs } from '@core/xapi/translate/candle';
import { XapiEndpoint } from '@core/xapi/wire/endpoint';
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
  ) {}

  async open(account: BrokerAccount, listener: SessionListener, signal: AbortSignal): Promise<BrokerSession> {
    const server = serverOf(account.venue, account.endpoint);
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
}

function serverOf(venue: Venue, endpoint: unknown): BrokerServer {
  const read = XapiEndpoint.safeParse(endpoint);
  if (!read.success) throw new BrokerUnavailable(`the endpoint of ${venue} is none of xAPI`);
  const { transport, main, stream, insecureTls } = read.data;
  return {
    main: { transport, address: main, insecureTls },
    stream: { transport, address: stream, insecureTls },
  };
}
