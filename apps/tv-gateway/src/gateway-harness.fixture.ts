import { MarketView } from '@core/bus/market-view';
import { TickFeed } from '@core/bus/tick-feed';
import { RegistryNews } from '@core/edge/registry-news';
import { EdgeHarness } from '@core/testing/edge-harness';
import type { LogLines } from '@core/testing/log-lines';
import { Failure } from '@core/tradingview/wire/envelope';
import { routes, type Route } from '@core/tradingview/wire/routes';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { InjectOptions, Response } from 'light-my-request';
import type { z } from 'zod';
import { AdaptersModule } from './adapters.module.ts';
import { demoHours, demoMarket, memoryPorts, PASSWORD } from './memory-ports.fixture.ts';
import { OfficialDocument } from './official-document.fixture.ts';
import { tvGateway } from './tv-gateway.ts';
import { BrokerConnections } from './views/broker-connections.ts';

type Params = Readonly<Record<string, string>>;

export interface Request {
  readonly params?: Params;
  readonly query?: Params;
  readonly form?: Params;
  readonly token?: string;
  readonly headers?: Params;
}

type Success<Called extends Route> = z.output<(typeof routes)[Called]>;

/** The gateway's real Nest module and real HTTP on ports in memory; every answer is checked against its schemas. */
export class GatewayHarness {
  readonly seen = new Set<Route>();
  private readonly official = OfficialDocument.find();

  /** What connectors say of their brokers; null: none answers in time. */
  isConnected: boolean | null = null;

  private constructor(
    private readonly edge: EdgeHarness,
    readonly ports: ReturnType<typeof memoryPorts>,
  ) {}

  /** `settings` are environment variables; what the venue `demo` trades is known. */
  static async start(settings: Params = {}): Promise<GatewayHarness> {
    const ports = memoryPorts();
    const edge = await EdgeHarness.open(tvGateway, {
      ledger: ports.ledger,
      settings,
      market: () => demoMarket,
      hours: () => demoHours,
      isConnected: () => gateway.isConnected,
      replace: (module) => module.overrideModule(AdaptersModule).useModule(ports.module),
    });
    const gateway: GatewayHarness = new GatewayHarness(edge, ports);
    // The venue of the data is asked by the gateway itself.
    if (settings['DATA_VENUE'] === undefined) gateway.market.applySnapshot(demoMarket);
    return gateway;
  }

  get market(): MarketView {
    return this.edge.part(MarketView);
  }

  /** Connectors have been asked about what waits. */
  connectionsAsked(): Promise<void> {
    return this.edge.part(BrokerConnections).look();
  }

  get ticks(): TickFeed {
    return this.edge.part(TickFeed);
  }

  /** What the operator changed has been heard of. */
  registryChanged(): void {
    this.edge.part(RegistryNews).changed();
  }

  get documented(): EdgeHarness['documented'] {
    return this.edge.documented;
  }

  get app(): NestFastifyApplication {
    return this.edge.app;
  }

  get logged(): LogLines {
    return this.edge.logged;
  }

  stop(): Promise<void> {
    return this.edge.close();
  }

  async login(login: string): Promise<string> {
    const { d } = await this.success('POST /authorize', { form: { login, password: PASSWORD, locale: 'en' } });
    return d.access_token;
  }

  /** An answer that must be a success. */
  async success<Called extends Route>(route: Called, request: Request = {}): Promise<Success<Called>> {
    const response = await this.call(route, request);
    expect(response.statusCode).toBe(200);
    const body: unknown = response.json();
    expect(body).not.toHaveProperty('errmsg');
    return body as Success<Called>;
  }

  /** An answer that must be an error for the user; gives its text. */
  async failure(route: Route, request: Request = {}): Promise<string> {
    const response = await this.call(route, request);
    expect(response.statusCode).toBe(200);
    return Failure.parse(response.json()).errmsg;
  }

  /** Any answer, in shape. */
  async call(route: Route, { params = {}, query = {}, form, token, headers = {} }: Request = {}): Promise<Response> {
    const [method = '', template = ''] = route.split(' ');
    const path = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
    const response = await this.raw({
      method: method as NonNullable<InjectOptions['method']>,
      url: path,
      query: { locale: 'en', ...query },
      headers: {
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(form && { payload: new URLSearchParams(form).toString() }),
    });
    this.check(route, response);
    return response;
  }

  raw(options: InjectOptions): Promise<Response> {
    return this.app.inject(options);
  }

  private check(route: Route, response: Response): void {
    expect(response.headers['content-type']).toContain('application/json');
    const body: unknown = response.json();
    if (response.statusCode === 401) return void Failure.parse(body);
    expect(response.statusCode).toBe(200);
    const failed = Failure.safeParse(body).success;
    if (!failed) {
      expect(routes[route].safeParse(body).error?.issues).toBeUndefined();
      this.seen.add(route);
    }
    // The document knows no failure of these.
    if (failed && ['GET /mapping', 'POST /accounts/{accountId}/trackLatency'].includes(route)) return;
    expect(this.official?.faults(route, body) ?? '').toBe('');
  }
}
