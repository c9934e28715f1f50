import type { Edge, EdgeGroups } from '@core/edge/edge';
import { EdgeAdapters } from '@core/edge/edge-adapters';
import { LogSubscription } from '@core/edge/log-subscription';
import type { ReleaseDesk } from '@core/edge/release-follower';
import type { EventLog } from '@core/event-log/event-log';
import type { SnapshotStore } from '@core/projection-runner/snapshots';
import { Registry } from '@core/registry/registry';
import { loadConfig } from '@core/service/load-config';
import { ServiceModule } from '@core/service/service.module';
import type { HoursAnswer, HoursRequest } from '@core/contracts/market/hours';
import type { MarketSnapshot } from '@core/contracts/market/quote';
import type { AccountId, Venue } from '@core/contracts/primitives';
import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import type { AddressInfo } from 'node:net';
import type { Pool } from 'pg';
import { LogLines } from './log-lines.ts';
import type { MemoryLedger } from './memory-ledger.ts';
import { MemoryUntoldRefusals } from './memory-untold-refusals.ts';
import { DocumentedServer, OpenApiDocument } from './openapi-document.ts';

/** What an edge has outside of itself, without Postgres and NATS: a ledger in memory, and a market that answers at once. */
class MemoryAdapters extends EdgeAdapters {
  override readonly log: EventLog;
  override readonly snapshots: SnapshotStore = {
    load: async () => null,
    save: async () => undefined,
    drop: async () => undefined,
  };
  override readonly releases: ReleaseDesk = {
    decisions: async () => [],
    say: async () => undefined,
    leave: async () => undefined,
  };
  override readonly untold = new MemoryUntoldRefusals();
  override readonly market;

  constructor(
    override readonly commands: MemoryLedger,
    market: () => MarketSnapshot | null,
    hours: (venue: Venue) => HoursAnswer,
    isConnected: (account: AccountId) => boolean | null,
  ) {
    super();
    this.log = commands.log;
    this.market = {
      snapshot: async () => market(),
      hours: async ({ venue }: HoursRequest) => hours(venue),
      isConnected: async (account: AccountId) => isConnected(account),
      onReconnect: () => undefined,
    };
  }

  override get pool(): Pool {
    throw new Error('there is no database here');
  }

  override get registry(): Registry {
    throw new Error('there is no registry here');
  }
}

const notTold = (): HoursAnswer => ({ ok: false, reason: 'broker-unavailable', text: null });

export interface EdgeHarnessOptions {
  readonly ledger: MemoryLedger;
  /** Environment variables. */
  readonly settings?: Readonly<Record<string, string>>;
  /** What venues say when they are asked; nobody answers otherwise. */
  readonly market?: () => MarketSnapshot | null;
  readonly hours?: (venue: Venue) => HoursAnswer;
  /** What whoever holds an account says of its broker; nothing is told otherwise. */
  readonly isConnected?: (account: AccountId) => boolean | null;
  /** Puts an app's own ports in memory, too. */
  readonly replace?: (module: TestingModuleBuilder) => TestingModuleBuilder;
}

/**
 * An edge's real module and real HTTP around the real ledger on a log in memory. Every port is free. Whatever the edge
 * answers is held to its OpenAPI document, where it has one.
 */
export class EdgeHarness {
  /** Whether the feed does not come through. */
  isDeaf = false;

  private constructor(
    readonly app: NestFastifyApplication,
    readonly logged: LogLines,
    /** Null of an edge that has no document. */
    readonly documented: DocumentedServer | null,
    private readonly unlisten: () => void,
  ) {}

  /** The edge, at the head of its ledger's log; it listens once it is told to. */
  static async open<Of extends EdgeGroups>(
    { name, config: groups, module, http }: Edge<Of>,
    {
      ledger,
      settings = {},
      market = () => null,
      hours = notTold,
      isConnected = () => null,
      replace = (same) => same,
    }: EdgeHarnessOptions,
  ): Promise<EdgeHarness> {
    const nowhere = { DATABASE_URL: 'postgres://nowhere/none', NATS_URL: 'nats://nowhere' };
    const config = loadConfig(groups, { ...nowhere, ...settings });
    const logged = new LogLines();
    const testing = Test.createTestingModule({ imports: [ServiceModule.forTest(config), module] })
      .overrideProvider(EdgeAdapters)
      .useValue(new MemoryAdapters(ledger, market, hours, isConnected))
      .overrideProvider(Registry)
      .useValue({});
    const compiled = await replace(testing).setLogger(logged).compile();
    const { adapter, configure } = http(config);
    const document = OpenApiDocument.find(name);
    const documented = document && new DocumentedServer(document, adapter.getInstance());
    const app = compiled.createNestApplication<NestFastifyApplication>(adapter, { bodyParser: false });
    app.useLogger(logged);
    await configure(app);
    const log = app.get(LogSubscription);
    const harness: EdgeHarness = new EdgeHarness(
      app,
      logged,
      documented,
      ledger.listen((batch) => harness.isDeaf || log.offer(batch)),
    );
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    return harness;
  }

  async listen(): Promise<void> {
    await this.app.listen(0, '127.0.0.1');
  }

  get port(): number {
    return (this.app.getHttpServer().address() as AddressInfo).port;
  }

  /** A part of the process, for what nobody outside can bring about. */
  part<Part>(type: Type<Part>): Part {
    return this.app.get(type);
  }

  /** Ends the process, as SIGTERM does. Throws where an answer was not as the document has it. */
  async close(): Promise<void> {
    this.unlisten();
    await this.app.close();
    const faults = [...(this.documented?.faults ?? [])];
    if (faults.length > 0) throw new Error(`not as documented:\n${faults.join('\n')}`);
  }
}
