import type { Answer } from '@core/contracts/command';
import type { Readiness } from '@core/contracts/readiness';
import { refusal } from '@core/contracts/refusal';
import { subjects } from '@core/contracts/subjects';
import { connectNats } from '@core/bus/nats-connection';
import { feedBodies } from '@core/ledger/feed-batches';
import { writePrivate } from '@core/machine/files';
import { Supervisor } from '@core/machine/supervisor';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { NatsConnection } from 'nats';
import { buildApps } from '../build/build-apps.ts';
import { lockFolder } from '../infra/folder-lock.ts';
import { Infrastructure } from '../infra/infrastructure.ts';
import { isSandbox, SANDBOX_FILE, type SandboxEdge } from '../infra/sandbox-folder.ts';
import type { ArchivedEvent } from './archive.ts';
import { BadInput } from './bad-input.ts';
import { ImportedLog } from './imported-log.ts';
import { ReplayedMarket } from './replayed-market.ts';
import { copyRegistry } from './sandbox-registry.ts';
import type { OperatedSystem } from './system.ts';

const USUAL_PORTS = { 'tv-gateway': 8080, 'ws-session': 8082, console: 8083 } as const;
const USUAL_OPS_PORTS = { 'tv-gateway': 9104, 'ws-session': 9106, console: 9109 } as const;

/** What every wish is answered, whoever has it. */
const REFUSED: Answer = {
  ok: false,
  refusal: refusal('trading-halted', 'this is a replay: nothing can be traded here'),
};
const READY: Readiness = { status: 'ok', checks: {}, notes: ['a replay: every wish is refused'] };

type SandboxServers = Pick<Infrastructure, 'databaseUrl' | 'natsUrl' | 'databaseUrlOf' | 'natsUrlOf'>;

/** Whose registry it has a copy of. */
export type SandboxSource = Pick<OperatedSystem, 'registryPool' | 'cell'>;

/**
 * A system that only looks: a database and a NATS server of its own in a data folder of its own. No broker can be reached
 * from it, for its NATS server lets no connector in, its registry has neither passwords nor addresses of brokers, and no
 * ledger is there that could record a wish.
 */
export class Sandbox {
  private constructor(
    private readonly infrastructure: Infrastructure,
    private readonly nats: NatsConnection,
    private readonly log: ImportedLog,
    private readonly supervisor: Supervisor,
    private readonly lock: { release(): void },
    private readonly cell: string,
  ) {}

  /** Begins one, or goes on with one. A folder of a system that trades is refused. */
  static async open(path: string, source: SandboxSource, say: (line: string) => void): Promise<Sandbox> {
    const folder = resolve(path);
    if (existsSync(folder) && !isSandbox(folder) && existsSync(join(folder, 'server-passwords.json')))
      throw new BadInput(`${path} holds a system that is no sandbox: name another folder`);
    const lock = lockFolder(folder);
    let infrastructure: Infrastructure | undefined;
    try {
      writePrivate(join(folder, SANDBOX_FILE), '{}\n');
      infrastructure = await Infrastructure.open({ folder, ports: 'auto', livesWith: 'owner', say, given: {} });
      await infrastructure.up();
      await infrastructure.prepare();
      await copyRegistry(source.registryPool, infrastructure.databaseUrl);
      const nats = await connectNats({ url: infrastructure.natsUrl, name: 'replay' });
      refuseWishes(nats);
      const log = new ImportedLog(infrastructure.databaseUrl);
      return new Sandbox(infrastructure, nats, log, new Supervisor(join(folder, 'logs'), say), lock, source.cell);
    } catch (error) {
      await infrastructure?.down();
      lock.release();
      throw error;
    }
  }

  get servers(): SandboxServers {
    return this.infrastructure;
  }

  /** Speaks for venues in it, as they stood. */
  market(system: OperatedSystem): Promise<ReplayedMarket> {
    return ReplayedMarket.open(system, this.nats);
  }

  /** Where its log ends. */
  end(): ReturnType<ImportedLog['end']> {
    return this.log.end();
  }

  /** Commits a batch as it was committed, and tells whoever follows the log. */
  async commit(batch: readonly ArchivedEvent[]): Promise<void> {
    await this.log.append(batch);
    const events = batch.map(({ event }) => event);
    for (const body of feedBodies(events, { known: [], refused: [] })) this.nats.publish(subjects.feed, body);
    await this.nats.flush();
  }

  /** Starts the real edges on it; where each is. */
  async attach(edges: readonly SandboxEdge[]): Promise<Readonly<Record<string, string>>> {
    const { ports, databaseUrlOf, natsUrlOf } = this.infrastructure;
    await buildApps(edges);
    const urls: Record<string, string> = {};
    for (const name of edges) {
      const port = await ports.claim(name, USUAL_PORTS[name]);
      const opsPort = await ports.claim(`${name}-ops`, USUAL_OPS_PORTS[name]);
      const own: Record<string, string> = name === 'console' ? { LINK_KEY: randomBytes(32).toString('base64') } : {};
      // Keys and tokens are those of its cell; its registry is its own, whatever this process was told.
      const cell = { CELL: this.cell, REGISTRY_DATABASE_URL: '', OPERATOR_REGISTRY_DATABASE_URL: '' };
      const env = { DATABASE_URL: databaseUrlOf(name), NATS_URL: natsUrlOf(name), PORT: String(port), ...cell, ...own };
      await this.supervisor.start({ name, opsPort, env });
      urls[name] = `http://127.0.0.1:${port}`;
    }
    return urls;
  }

  async close(): Promise<void> {
    await this.supervisor.stop();
    await this.log.close();
    await this.nats.close();
    await this.infrastructure.down();
    this.lock.release();
  }
}

/** Edges that ask the ledger hear at once that nothing is traded here. */
function refuseWishes(nats: NatsConnection): void {
  const answering = (answer: object) => ({
    callback: (_error: unknown, message: { respond(data: Uint8Array): boolean }) =>
      void message.respond(Buffer.from(JSON.stringify(answer))),
  });
  nats.subscribe('command.>', answering(REFUSED));
  nats.subscribe(subjects.ledgerReady, answering(READY));
}
