// Over 300 lines: whatever of a system an operator reaches is opened and closed in one place.
import { CommandClient } from '@core/bus/command-client';
import { askForLook } from '@core/bus/look-client';
import { MarketClient } from '@core/bus/market-client';
import { serviceLogFile } from '@core/machine/app-process';
import { requireNats } from '@core/bus/nats-readiness';
import { connectionOptions } from '@core/bus/nats-connection';
import { NatsCommandTransport } from '@core/bus/nats-command-transport';
import type { BrokerLook } from '@core/contracts/broker-look';
import type { Answer, CommandBody } from '@core/contracts/command';
import { SYSTEM_ACCOUNT, type AccountId, type Uuid } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { BarStore } from '@core/market-bars/bar-store';
import { marketEntities } from '@core/market-bars/entities';
import { numbered } from '@core/operations/service-readiness';
import type { EngineWords, ServiceAddress } from '@core/operations/service-standing';
import { tellActs } from '@core/operations/tell-acts';
import type { ActOn } from '@core/registry/operator-act';
import { openRegistry, type Registry, type RegistryOptions } from '@core/registry/registry';
import { shellWord } from '@core/kernel/shell-word';
import { registryPlace, type RegistryPlace } from '@core/registry/registry-place';
import { newId } from '@core/service/clock';
import { openTracing } from '@core/service/open-tracing';
import type { Tracing } from '@core/service/tracing';
import { withTimeout } from '@core/service/with-timeout';
import { connect, type NatsConnection } from 'nats';
import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { DemoSecretsFile } from '../start/demo-secrets.ts';
import { checkpointFileIn, detachedFolderIn } from '../start/services.ts';
import { cellFolder, endpointsIn, type Endpoints } from '../start/endpoints.ts';
import { acceptedAt } from '@core/operations/accepted-at';
import { BadInput } from './bad-input.ts';
import type { Consent } from './consent.ts';
import { failureLine } from './failure-line.ts';

const DEFAULT_FOLDER = '.data';
const NATS_TIMEOUT_MS = 3_000;
const POSTGRES_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 60_000;
const COMMAND_TIMEOUT_MS = 10_000;
/** For the least that can be asked. */
const ENGINE_TIMEOUT_MS = 3_000;

/** Where a system is reached. Reading needs Postgres only. */
export interface SystemAddresses {
  readonly databaseUrl: string;
  readonly natsUrl: string | null;
  /** The folder with what was detached from its log. */
  readonly detached: string | undefined;
  /** Where it has its registry, and which cell it is. */
  readonly registry: RegistryPlace;
  /** What seals broker passwords; null where it is not known here. */
  readonly registryKey: string | null;
  /** What a system on this machine keeps of its checkpoints; null where that is not known here. */
  readonly witness: KeptWitness | null;
  /** Where people look at it, and what lets them in; null where that is not known here. */
  readonly console: { readonly url: string; readonly linkKey: string } | null;
  /** Where its services say how they are; none where that is not known here. */
  readonly services: readonly ServiceAddress[];
  /** The data folder as it was named; null where it was not. */
  readonly named: string | null;
}

interface KeptWitness {
  readonly file: string;
  readonly signingKey: string;
}

/** A named data folder wins over the environment, and that over the usual data folder. */
export function addressesOf(folder: string | undefined, env: NodeJS.ProcessEnv, cell?: string): SystemAddresses {
  if (folder === undefined && cell === undefined && env.DATABASE_URL) {
    const { DATABASE_URL: databaseUrl, NATS_URL: natsUrl, REGISTRY_KEY: registryKey } = env;
    const { REGISTRY_DATABASE_URL: registryUrl, CELL: name = '', DATABASE_DETACHED: detached } = env;
    const registry = registryPlace(databaseUrl, { cell: name, registryDatabaseUrl: registryUrl || undefined });
    const console = env.CONSOLE_URL && env.LINK_KEY ? { url: env.CONSOLE_URL, linkKey: env.LINK_KEY } : null;
    const unknown = { witness: null, services: [], named: null };
    const log = { databaseUrl, detached: detached || undefined };
    return { ...log, natsUrl: natsUrl || null, registry, registryKey: registryKey || null, console, ...unknown };
  }
  const path = cellFolder(resolve(folder ?? DEFAULT_FOLDER), cell);
  const endpoints = endpointsIn(path);
  if (endpoints === null)
    throw new BadInput(`no system in ${path}: start one, name its folder with --data, or set DATABASE_URL`);
  if (endpoints.cells) throw new BadInput(`several cells are here: say --cell ${endpoints.cells.join(' or --cell ')}`);
  const secrets = new DemoSecretsFile(path).known();
  const file = checkpointFileIn(path);
  return {
    databaseUrl: endpoints.postgres,
    natsUrl: endpoints.nats,
    detached: detachedFolderIn(path),
    registry: registryPlace(endpoints.postgres, {
      cell: endpoints.cell?.name ?? '',
      registryDatabaseUrl: endpoints.cell?.registry,
    }),
    registryKey: secrets?.registryKey ?? (env.REGISTRY_KEY || null),
    console: secrets && { url: endpoints.console.url, linkKey: secrets.consoleLinkKey },
    witness: secrets && existsSync(file) ? { file, signingKey: secrets.logSigningKey } : null,
    services: servicesIn(endpoints).map((address) => ({
      ...address,
      log: relative(process.cwd(), join(path, 'logs', serviceLogFile(address))),
    })),
    named: cell === undefined ? (folder ?? null) : cellFolder(folder ?? DEFAULT_FOLDER, cell),
  };
}

const servicesIn = ({ services }: Endpoints): readonly ServiceAddress[] =>
  numbered(
    Object.entries(services).flatMap(([name, { processes, ...only }]) =>
      (processes ?? [only]).map(({ health }) => ({ name, url: new URL(health).origin })),
    ),
  );

/** A system as an operator reaches it; what a command does not need is not opened. */
export class OperatedSystem {
  private openPool: Pool | undefined;
  private openRegistryPool: Pool | undefined;
  private openChangeable: Pool | undefined;
  private openLog: PostgresEventLog | undefined;
  private openRegistry: Registry | undefined;
  private changedRegistry: Registry | undefined;
  private openBars: DataSource | undefined;
  private openNats: NatsConnection | undefined;
  private tracing: Promise<Tracing> | undefined;

  constructor(private readonly addresses: SystemAddresses) {}

  get services(): readonly ServiceAddress[] {
    return this.addresses.services;
  }

  /** A command that is told to be given next, so that it asks this system. */
  here(command: string): string {
    const { named } = this.addresses;
    return named === null
      ? command
      : command.replaceAll('npm run ops -- ', () => `npm run ops -- --data ${shellWord(named)} `);
  }

  /** Why Postgres and NATS cannot be reached from here. */
  async engines(): Promise<EngineWords> {
    const [postgres, nats] = await Promise.all([
      whyNot(this.pool.query('select')),
      this.addresses.natsUrl === null ? undefined : whyNot(this.nats().then(requireNats)),
    ]);
    return { postgres, nats };
  }

  /** The folder with what was detached from its log. */
  get detached(): string | undefined {
    return this.addresses.detached;
  }

  get witness(): KeptWitness | null {
    return this.addresses.witness;
  }

  /** Where people look at it, and what lets them in. */
  get console(): SystemAddresses['console'] {
    return this.addresses.console;
  }

  get log(): PostgresEventLog {
    return (this.openLog ??= new PostgresEventLog({
      url: this.addresses.databaseUrl,
      detached: this.addresses.detached,
    }));
  }

  /** For looking things up beside the log; read-only. */
  get pool(): Pool {
    return (this.openPool ??= readOnlyPool(this.addresses.databaseUrl));
  }

  /** For changing what no service changes, as an operator has agreed to: with the rights of the login that asks. */
  changeable(_consent: Consent): Pool {
    return (this.openChangeable ??= new Pool({
      connectionString: this.addresses.databaseUrl,
      connectionTimeoutMillis: POSTGRES_TIMEOUT_MS,
      max: 1,
      options: `-c statement_timeout=${STATEMENT_TIMEOUT_MS}`,
    }));
  }

  /** The same of where its registry is. */
  get registryPool(): Pool {
    return (this.openRegistryPool ??= readOnlyPool(this.addresses.registry.url));
  }

  /** Empty where it has no name. */
  get cell(): string {
    return this.addresses.registry.cell;
  }

  /** Bars as their owner keeps them. */
  async bars(): Promise<BarStore> {
    const { databaseUrl: url } = this.addresses;
    const extra = { max: 1, connectionTimeoutMillis: POSTGRES_TIMEOUT_MS, statement_timeout: STATEMENT_TIMEOUT_MS };
    this.openBars ??= await new DataSource({ type: 'postgres', url, entities: marketEntities, extra }).initialize();
    return new BarStore(this.openBars.manager);
  }

  /** For looking things up: whoever changes something says so by `change`. */
  async registry(): Promise<Registry> {
    return (this.openRegistry ??= await this.openedRegistry({ readOnly: true }));
  }

  /**
   * Changes what is registered, as an operator has agreed to. Who did it and why is kept with the change, and is told to
   * the log with it or, where the ledger cannot be asked now, with the next change; running services hear of it.
   */
  async change<Made>(
    { decision }: Consent,
    act: Omit<ActOn<Made>, 'operator' | 'note'>,
    work: (registry: Registry) => Promise<Made>,
  ): Promise<Made> {
    const registry = (this.changedRegistry ??= await this.openedRegistry({}));
    const made = await registry.change({ ...decision, ...act }, work);
    await this.tell(subjects.registryChanged, {});
    await this.tellTheLog(registry);
    return made;
  }

  /** The same of something that is done elsewhere. */
  async keep({ decision }: Pick<Consent, 'decision'>, act: Omit<ActOn<void>, 'operator' | 'note'>): Promise<void> {
    const registry = (this.changedRegistry ??= await this.openedRegistry({}));
    await registry.change({ ...decision, ...act }, () => Promise.resolve());
    await this.tellTheLog(registry);
  }

  /** Asks the ledger for what an operator has agreed to. A refusal is bad input; no answer is an operating failure. */
  async ask(_consent: Consent, account: AccountId, wish: CommandBody, correlation?: Uuid): Promise<Answer> {
    const asking = { id: newId(), correlation, timeoutMs: COMMAND_TIMEOUT_MS };
    return (await this.commands()).ask(account, wish, asking);
  }

  /** Has the connector of an account compare its broker with the log. */
  async look(account: AccountId, timeoutMs: number): Promise<BrokerLook> {
    return askForLook(await this.nats(), account, timeoutMs);
  }

  /** Whoever speaks for a venue. */
  async market(): Promise<MarketClient> {
    return new MarketClient(await this.nats());
  }

  /** Tells running services; without NATS they learn it at their next start, and the operator learns that. */
  async tell(subject: string, body: object): Promise<void> {
    try {
      const nats = await this.nats();
      nats.publish(subject, Buffer.from(JSON.stringify(body)));
      await nats.flush();
    } catch (error) {
      console.error(`running services were not told: ${reasonOf(error)}`);
    }
  }

  async close(): Promise<void> {
    await (await this.tracing)?.close();
    await this.openNats?.close();
    await this.openBars?.destroy();
    await this.openRegistry?.close();
    await this.changedRegistry?.close();
    await this.openLog?.close();
    await this.openPool?.end();
    await this.openChangeable?.end();
    await this.openRegistryPool?.end();
  }

  private openedRegistry(options: Pick<RegistryOptions, 'readOnly'>): Promise<Registry> {
    const { registry, registryKey } = this.addresses;
    return openRegistry({ ...registry, key: registryKey ?? undefined, newId, ...options });
  }

  /** Everything that operators did and the log does not have, once each however often it is told. */
  private async tellTheLog({ acts }: Registry): Promise<void> {
    try {
      const commands = await this.commands();
      await tellActs(acts, async (wish, id) =>
        acceptedAt(await commands.ask(SYSTEM_ACCOUNT, wish, { id, timeoutMs: COMMAND_TIMEOUT_MS })),
      );
    } catch (error) {
      console.error(`done; the log is told who did it with the next change: ${reasonOf(error)}`);
    }
  }

  private async commands(): Promise<CommandClient> {
    const { OTEL_EXPORTER_OTLP_ENDPOINT: collector } = process.env;
    this.tracing ??= openTracing('ops', collector || undefined, { warn: ({ reason }) => console.error(reason) });
    return new CommandClient(new NatsCommandTransport(await this.nats()), 'ops', await this.tracing);
  }

  private async nats(): Promise<NatsConnection> {
    const { natsUrl } = this.addresses;
    if (natsUrl === null) throw new BadInput('NATS_URL is not set: the ledger and the connectors are asked over NATS');
    const options = { ...connectionOptions({ url: natsUrl, name: 'ops' }), timeout: NATS_TIMEOUT_MS, reconnect: false };
    try {
      return (this.openNats ??= await connect({ ...options, waitOnFirstConnect: false }));
    } catch (error) {
      const where = natsUrl.replace(/^.*@|^\w+:\/\//, '');
      throw new Error(`NATS at ${where} cannot be asked (${reasonOf(error)}): is it running, and is that its address?`);
    }
  }
}

/** Null where it works in time. */
const whyNot = (work: Promise<unknown>): Promise<string | null> =>
  withTimeout(work, ENGINE_TIMEOUT_MS, () =>
    Promise.reject(new Error(`no answer within ${ENGINE_TIMEOUT_MS} ms`)),
  ).then(() => null, failureLine);
const readOnlyPool = (connectionString: string): Pool =>
  new Pool({
    connectionString,
    connectionTimeoutMillis: POSTGRES_TIMEOUT_MS,
    max: 2,
    options: `-c default_transaction_read_only=on -c statement_timeout=${STATEMENT_TIMEOUT_MS}`,
  });

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
