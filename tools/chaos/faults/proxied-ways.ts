import { present } from '@core/kernel/present';
import { LOGINS, type LoginName } from '@core/service/logins';
import { SocketProxy } from '@core/testing/socket-proxy';
import type { SocketPair } from '../../start/endpoints.ts';
import type { Between } from '../../start/running-system.ts';

/** A proxy of our own on every way between a service and a server, and between the connector and its broker. */
export class ProxiedWays implements Omit<Between, 'told'> {
  private constructor(private readonly proxies: ReadonlyMap<string, SocketProxy>) {}

  static async open(): Promise<ProxiedWays> {
    const names = [...LOGINS.flatMap((login) => [`${login} and Postgres`, `${login} and NATS`]), MAIN, STREAM];
    const proxies = names.map(async (name) => [name, await new SocketProxy().listen()] as const);
    return new ProxiedWays(new Map(await Promise.all(proxies)));
  }

  postgres(login: LoginName, url: string): string {
    return this.named(`${login} and Postgres`).lead(url);
  }

  nats(login: LoginName, url: string): string {
    return this.named(`${login} and NATS`).lead(url);
  }

  broker({ main, stream }: SocketPair): SocketPair {
    return { main: this.named(MAIN).lead(main), stream: this.named(STREAM).lead(stream) };
  }

  /** All proxies on a way. */
  on(way: string): readonly SocketProxy[] {
    return way === BROKER ? [this.named(MAIN), this.named(STREAM)] : [this.named(way)];
  }

  async close(): Promise<void> {
    await Promise.all([...this.proxies.values()].map((proxy) => proxy.stop()));
  }

  private named(name: string): SocketProxy {
    return present(this.proxies.get(name), `there is a proxy between ${name}`);
  }
}

const BROKER = 'xapi-connector and broker';
const MAIN = `${BROKER}, main`;
const STREAM = `${BROKER}, stream`;
