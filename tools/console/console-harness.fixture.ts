// The console as a process of its own, on a real log in Postgres and a ledger behind NATS, for specs.
import type { CandleRequest } from '@core/contracts/market/candle';
import { anInstrument } from '@core/contracts/market/example.fixture';
import { subjects } from '@core/contracts/subjects';
import { AppProcess } from '@core/machine/app-process';
import { migrateMarketBars } from '@core/market-bars/migrations';
import { consoleLink } from '@core/operations/console-link';
import type { OperatorRole } from '@core/registry/operator-role';
import { newId } from '@core/service/clock';
import { freePort } from '@core/testing/free-port';
import { OpenApiDocument } from '@core/testing/openapi-document';
import { connect, type NatsConnection } from 'nats';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { INTEGRATIONS_PATH } from '../proquant/server.ts';
import { OpsHarness } from '../ops/ops-harness.fixture.ts';

const LINK_KEY = randomBytes(32).toString('base64');

/** As much of an answer as a document has a word on. */
export type HeardAnswer = Pick<Response, 'status' | 'headers' | 'text'>;

/** A browser's memory of one session. */
export interface Visitor {
  readonly cookie: string;
}

interface Agreed {
  readonly visitor: Visitor;
  readonly secret?: string;
  readonly typed?: string;
  readonly note?: string;
}

export class ConsoleHarness {
  private readonly others: AppProcess[] = [];
  private readonly document = OpenApiDocument.of('console');
  private readonly faults = new Set<string>();

  private constructor(
    readonly system: OpsHarness,
    readonly app: AppProcess,
    private readonly venue: NatsConnection,
    readonly url: string,
    private readonly control: number,
    /** Where it asks ProQuant, and nobody listens. */
    readonly proquantPort: number,
    private readonly replays: string,
  ) {}

  /** Ready, beside a service that does not run. */
  static async open(): Promise<ConsoleHarness> {
    const system = await OpsHarness.open();
    await migrateMarketBars(process.env['DATABASE_URL'] ?? '');
    const venue = await speakForVenue(process.env['NATS_URL'] ?? '');
    const replays = mkdtempSync(join(tmpdir(), 'replays-'));
    const [port, opsPort, nobody, control, proquant] = await freePorts();
    const env = {
      DATABASE_URL: process.env['DATABASE_URL'] ?? '',
      NATS_URL: process.env['NATS_URL'] ?? '',
      PORT: String(port),
      LINK_KEY,
      PROQUANT_URL: `http://127.0.0.1:${proquant}${INTEGRATIONS_PATH}`,
      PROQUANT_DESCRIPTION: 'Demo',
      PROQUANT_IMAGE_URL: 'https://x.example/logo.png',
      PROQUANT_HOOK_URL: 'https://hooks.example',
      OPERATOR_DATABASE_URL: process.env['DATABASE_URL'] ?? '',
      REGISTRY_KEY: process.env['REGISTRY_KEY'] ?? '',
      REPLAY_COMMAND: `${process.execPath},tools/bootstrap.mjs,tools/ops/main.ts`,
      REPLAY_FOLDER: replays,
      SIMULATOR_CONTROL: `http://127.0.0.1:${control}`,
      WATCH_SERVICES: `console=http://127.0.0.1:${opsPort},tv-gateway=http://127.0.0.1:${nobody}`,
    };
    const app = new AppProcess({ name: 'console', opsPort, env });
    await app.start();
    return new ConsoleHarness(system, app, venue, `http://127.0.0.1:${port}`, control, proquant, replays);
  }

  /** Where the simulated broker has its own page. */
  get controlUrl(): string {
    return `http://127.0.0.1:${this.control}`;
  }

  link(role: OperatorRole = 'admin', nowMs = Date.now()): Promise<string> {
    return consoleLink(this.url, LINK_KEY, { id: newId(), name: 'grace', role }, nowMs);
  }

  async visitor(role: OperatorRole = 'admin'): Promise<Visitor> {
    const { headers } = await fetch(await this.link(role), { redirect: 'manual' });
    const cookie = headers.get('set-cookie')?.split(';', 1)[0];
    if (!cookie) throw new Error('the link let nobody in');
    return { cookie };
  }

  /** Whatever is answered in JSON is held to the console's document. */
  async ask(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(`${this.url}${path}`, init);
    await this.hear(init.method ?? 'GET', path, response.clone());
    return response;
  }

  async hear(method: string, path: string, answer: HeardAnswer): Promise<void> {
    const route = this.document.routeAt(method, new URL(path, this.url).pathname);
    if (route === null || !answer.headers.get('content-type')?.startsWith('application/json')) return;
    const fault = this.document.faults(route, answer.status, JSON.parse(await answer.text()));
    if (fault !== '') this.faults.add(fault);
  }

  async read<Answer>(path: string, visitor: Visitor): Promise<Answer> {
    const response = await this.ask(path, { headers: { cookie: visitor.cookie } });
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  /** Something done to who may do what, in the console, by whoever visits it. */
  act(act: string, wish: object, { visitor, ...more }: Agreed): Promise<Response> {
    return this.ask('/api/registry', {
      method: 'POST',
      headers: { cookie: visitor.cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ act, wish, note: 'as agreed', ...more }),
    });
  }

  /** An edge that folds and serves: its projections are released. */
  async startEdge(): Promise<void> {
    const { DATABASE_URL = '', NATS_URL = '' } = process.env;
    const env = { DATABASE_URL, NATS_URL, RELEASE_POLL_MS: '100', SNAPSHOT_MS: '1000' };
    await this.startBeside(new AppProcess({ name: 'ws-session', opsPort: await freePort(), env }));
  }

  /** A simulated broker; where to connect by TCP. */
  async startSimulator(): Promise<number> {
    const tcp = await freePort();
    const env = {
      SIMULATOR_CONTROL_PORT: String(this.control),
      SIMULATOR_TCP_PORT: String(tcp),
      SIMULATOR_KNOBS: '{"market":{"restlessness":0}}',
    };
    await this.startBeside(new AppProcess({ name: 'xapi-simulator', opsPort: await freePort(), env }));
    return tcp;
  }

  private async startBeside(app: AppProcess): Promise<void> {
    this.others.push(app);
    await app.start();
  }

  async close(): Promise<void> {
    await Promise.all(this.others.map((app) => app.stop()));
    await this.app.stop();
    await this.venue.close();
    await this.system.close();
    rmSync(this.replays, { recursive: true });
    if (this.faults.size > 0) throw new Error(`not as documented:\n${[...this.faults].join('\n')}`);
  }
}

const freePorts = async () =>
  [await freePort(), await freePort(), await freePort(), await freePort(), await freePort()] as const;

/** A connector's answers about the venue `demo`: one instrument, one price, three minutes of candles. */
async function speakForVenue(url: string): Promise<NatsConnection> {
  const connection = await connect({ servers: [url] });
  const answer = (subject: string, answerOf: (asked: unknown) => object): void =>
    void connection.subscribe(subject, {
      callback: (_error, message) => void message.respond(JSON.stringify(answerOf(message.json()))),
    });
  const levels = { bids: [['1.1', '1']], asks: [['1.1002', '1']] };
  const quote = { instrument: 'EURUSD', bid: '1.1', ask: '1.1002', time: '2026-01-05T10:00:00.000000Z', ...levels };
  answer(subjects.marketSnapshot('demo'), () => ({ venue: 'demo', instruments: [anInstrument()], quotes: [quote] }));
  answer(subjects.hours('demo'), () => ({ ok: true, venue: 'demo', hours: [] }));
  answer(subjects.candles('demo'), (asked) => {
    const { venue, instrument, period } = asked as CandleRequest;
    const candles = [0, 1, 2].map((minute) => ({
      ...{ openedAt: `2026-01-05T10:0${minute}:00.000000Z`, open: '1.1', high: '1.102', low: '1.099', close: '1.101' },
      volume: '5',
    }));
    return { ok: true, venue, instrument, period, candles, more: null };
  });
  await connection.flush();
  return connection;
}
