import { prepareDatabase } from '@core/database/prepare-database';
import { urlAs } from '@core/database/service-roles';
import { clusterPrograms, HOW_TO_GET_CLUSTER } from '@core/machine/cluster-programs';
import { ensureDatabase } from '@core/machine/ensure-database';
import { present } from '@core/kernel/present';
import type { NatsServer } from '@core/machine/nats-server';
import { Keeper } from '@core/machine/keeper';
import { keptServer } from '@core/machine/kept-server';
import { PortBook, type PortChoice } from '@core/machine/ports';
import { unprivileged } from '@core/machine/run-as';
import { within } from '@core/machine/within';
import type { LoginName } from '@core/service/logins';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { refuseFolderOfOthers } from '../infra/folder-maker.ts';
import { reachableFolder } from '../infra/reachable-folder.ts';
import { serverPasswords, type ServerPasswords } from '../infra/server-passwords.ts';
import type { SystemServers } from '../infra/servers.ts';
import { clusterParts, type ClusterParts } from './cluster-parts.ts';
import { claimServerPorts, type ServerPorts, type SharedService } from './cluster-ports.ts';
import type { MemberLinks } from './member-links.ts';
import { proxyConfig } from './proxy-config.ts';

const DATABASE = 'trading_core';
const OWNER = 'postgres';
const WHOLE_WITHIN_MS = 120_000;
/** All of it lives on one machine with whoever started it. */
const LIVES_WITH = 'owner';

interface ClusterPlace {
  readonly folder: string;
  readonly choice: PortChoice;
  readonly links: MemberLinks;
  readonly say: (line: string) => void;
}

/** The servers of a cell on one machine, of which any may die. */
export class ClusterServers implements SystemServers {
  private keeper: Keeper | undefined;

  private constructor(
    readonly ports: PortBook,
    readonly parts: ClusterParts,
    private readonly serverPorts: ServerPorts,
    private readonly passwords: ServerPasswords,
    /** Of which services the proxy knows; those of before `up`. */
    private readonly services: SharedService[],
  ) {}

  /** Finds programs and ports; starts nothing. Throws where a program is missing, and says how to get it. */
  static async open({ folder, choice, links, say }: ClusterPlace): Promise<ClusterServers> {
    refuseFolderOfOthers(folder, 'npm run cluster');
    const programs = clusterPrograms();
    if ('missing' in programs)
      throw new Error(`a cluster needs ${programs.missing.join(', ')} on this machine: ${HOW_TO_GET_CLUSTER}`);
    const logs = join(folder, 'logs');
    mkdirSync(logs, { recursive: true });
    const runAs = unprivileged();
    const databases = join(reachableFolder(folder, runAs), 'postgres');
    const passwords = serverPasswords(folder, existsSync(databases));
    const book = new PortBook(join(folder, 'ports.json'), choice);
    const ports = await claimServerPorts(book);
    const services: SharedService[] = [];
    const parts = await clusterParts({
      ...{ programs, folder, databases, logs, ports, passwords, runAs, links, say },
      proxyConfig: () => proxyConfig(ports, services),
    });
    return new ClusterServers(book, parts, ports, passwords, services);
  }

  get databaseUrl(): string {
    return this.databaseNamed(DATABASE);
  }

  get natsUrl(): string {
    return this.natsUrlAs('owner', this.passwords.owner);
  }

  /** As the owner finds one member, whoever leads. */
  databaseUrlAt(member: number): string {
    const { postgres } = present(this.serverPorts.members[member], 'it is one of its members');
    return this.databaseUrl.replace(`:${this.serverPorts.database}/`, `:${postgres}/`);
  }

  natsUrlAt({ url }: NatsServer): string {
    return url.replace('://', `://owner:${this.passwords.owner}@`);
  }

  readonly databaseUrlOf = (login: LoginName): string => urlAs(this.databaseUrl, login, this.passwords.logins[login]);

  readonly natsUrlOf = (login: LoginName): string => this.natsUrlAs(login, this.passwords.logins[login]);

  /** What the proxy is to stand before, beside Postgres; before `up`. */
  share(services: readonly SharedService[]): void {
    this.services.push(...services);
  }

  /** Resolves when each of them could die. */
  async up(): Promise<void> {
    const { nats, members, etcd, proxy } = this.parts;
    const databases = async (): Promise<void> => {
      await etcd.start(LIVES_WITH);
      await Promise.all([proxy.start(LIVES_WITH), ...members.map((member) => member.start(LIVES_WITH))]);
      if (!(await within(WHOLE_WITHIN_MS, async () => (await this.whyNotTwice()) === null)))
        throw new Error(`Postgres is not there twice: ${await this.whyNotTwice()}`);
    };
    await Promise.all([nats.start(LIVES_WITH), databases()]);
  }

  /** What keeps Postgres from outliving the death of either of its two; null for nothing. */
  async whyNotTwice(): Promise<string | null> {
    const states = await Promise.all(this.parts.members.map((member) => member.state()));
    if (states.some((state) => state?.state !== 'running')) return 'one of its two does not run';
    if (!states.some((state) => state?.role === 'master')) return 'none of its two leads';
    return states.some((state) => state?.isSynchronous) ? null : 'its copy is not a synchronous one';
  }

  async prepare(): Promise<void> {
    await ensureDatabase(this.databaseNamed(OWNER), DATABASE);
    await prepareDatabase(this.databaseUrl, this.passwords.logins);
  }

  keepUp(say: (line: string) => void): void {
    const { nats, members, etcd, proxy } = this.parts;
    const kept = [
      ...nats.servers.map((server, index) => keptServer(`NATS ${index + 1}`, server, LIVES_WITH)),
      ...members.map((member, index) => keptServer(`Postgres ${index + 1}`, member, LIVES_WITH)),
      keptServer('etcd', etcd, LIVES_WITH),
      keptServer('haproxy', proxy, LIVES_WITH),
    ];
    this.keeper = new Keeper(kept, say);
    this.keeper.start();
  }

  async down(): Promise<void> {
    await this.keeper?.stop();
    const { nats, members, etcd, proxy } = this.parts;
    await Promise.all([proxy.stop(), nats.stop(), ...members.map((member) => member.stop())]);
    await etcd.stop();
  }

  private databaseNamed(name: string): string {
    return `postgres://${OWNER}:${this.passwords.owner}@127.0.0.1:${this.serverPorts.database}/${name}`;
  }

  private natsUrlAs(user: string, password: string): string {
    return this.parts.nats.url.replace('://', `://${user}:${password}@`);
  }
}
