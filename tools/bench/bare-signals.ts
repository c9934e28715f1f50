import { connectionOptions, connectNats } from '@core/bus/nats-connection';
import { withClient } from '@core/testing/fresh-database';
import type { NatsConnection } from 'nats';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Servers } from './servers.ts';

const TABLE = 'bench.signal';
const SUBJECT = 'bench.signal';

/** A web server that keeps a row, asks somebody over NATS who answers at once, and says that all is well. */
export class BareSignals {
  private constructor(
    private readonly child: ChildProcess,
    private readonly nats: NatsConnection,
    readonly url: string,
  ) {}

  static async start({ databaseUrl, natsUrl }: Pick<Servers, 'databaseUrl' | 'natsUrl'>): Promise<BareSignals> {
    await withClient(databaseUrl, async (client) => {
      await client.query('create schema if not exists bench');
      await client.query(`create table ${TABLE} (id bigint generated always as identity primary key, data json)`);
    });
    const nats = await connectNats({ url: natsUrl, name: 'bench-bare-signals' });
    nats.subscribe(SUBJECT, { callback: (_error, message) => void message.respond(message.data) });
    const child = fork(join(__dirname, 'bare-signals.cjs'));
    const natsOptions = connectionOptions({ url: natsUrl, name: 'bench-bare' });
    child.send({ databaseUrl, natsOptions, table: TABLE, subject: SUBJECT });
    const [port] = (await Promise.race([once(child, 'message'), gone(child)])) as [number];
    return new BareSignals(child, nats, `http://127.0.0.1:${port}/hook`);
  }

  async stop(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.kill();
    await gone;
    await this.nats.close();
  }
}

async function gone(child: ChildProcess): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number];
  throw new Error(`the bare server ended with ${code} before it served`);
}
