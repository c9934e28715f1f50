// A system as an operator meets it, for specs: a database with a log and a registry, and a ledger behind NATS.
import { answerLook } from '@core/bus/answers';
import type { Command } from '@core/contracts/command';
import type { Event } from '@core/contracts/event';
import type { AccountId } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { migrateEventLog } from '@core/event-log/migrations';
import { PostgresEventLogWriter } from '@core/event-log/postgres-event-log-writer';
import { openRegistry, type Registry } from '@core/registry/registry';
import { newId } from '@core/service/clock';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { MemoryLedger } from '@core/testing/memory-ledger';
import { ThrowawayNats } from '@core/testing/throwaway-nats';
import { connect, type NatsConnection } from 'nats';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { ROOT } from '../check/command.ts';
import { run } from './cli.ts';
import { operatorProgram } from './operator-program.ts';

const lost = (error: Error): never => {
  throw error;
};

const THEN = '2026-01-05T10:00:00.000000Z';

/** One trader, one account, an empty log. */
export class OpsHarness {
  /** What running services were told. */
  readonly heard: { subject: string; body: unknown }[] = [];
  private readonly ledger: MemoryLedger;
  private clock = THEN;

  private constructor(
    readonly database: FreshDatabase,
    private readonly nats: ThrowawayNats,
    private readonly connection: NatsConnection,
    private readonly writer: PostgresEventLogWriter,
    readonly registry: Registry,
    readonly account: AccountId,
  ) {
    this.ledger = new MemoryLedger({ log: writer, now: () => this.clock });
    this.ledger.listen((batch) => connection.publish(subjects.feed, JSON.stringify(batch)));
    connection.subscribe(subjects.ledgerReady, {
      callback: (_error, message) => void message.respond(JSON.stringify({ status: 'ok', checks: {} })),
    });
    connection.subscribe('command.>', {
      callback: (_error, message) => {
        const answered = this.ledger.send(message.json<Command>());
        void answered.then((answer) => message.respond(Buffer.from(JSON.stringify(answer))));
      },
    });
    for (const told of ['registry.>', 'signals.>'])
      connection.subscribe(told, {
        callback: (_error, message) => this.heard.push({ subject: message.subject, body: message.json() }),
      });
  }

  /** From then on the environment names it, so that commands find it. */
  static async open(): Promise<OpsHarness> {
    const [database, nats] = await Promise.all([freshDatabase(), ThrowawayNats.start()]);
    await migrateEventLog(database.url);
    const options = { url: database.url, build: 'spec@0', appendTimeoutMs: 20_000, onLost: lost };
    const writer = await PostgresEventLogWriter.open(options);
    const key = randomBytes(32).toString('base64');
    const registry = await openRegistry({ url: database.url, key, newId });
    const trader = await registry.addTrader('ada', 'correct horse');
    await registry.putBroker({
      venue: 'demo',
      protocol: 'xapi',
      endpoint: { transport: 'tcp', main: 'h:1', stream: 'h:2', insecureTls: false },
    });
    const known = { traderId: trader.id, venue: 'demo', brokerLogin: '10001', name: 'Ada', mode: 'demo' } as const;
    const { id } = await registry.putAccount({ ...known, password: 'canary-broker' });

    const connection = await connect({ servers: [nats.url] });
    const harness = new OpsHarness(database, nats, connection, writer, registry, id);
    await connection.flush();
    Object.assign(process.env, { DATABASE_URL: database.url, NATS_URL: nats.url, REGISTRY_KEY: key });
    return harness;
  }

  /** What the ledger was asked. */
  get asked(): Command[] {
    return this.ledger.commands;
  }

  /** Where the log ends. */
  head(): Promise<number> {
    return this.writer.head();
  }

  /** Forgets what was asked and told. */
  reset(): void {
    this.asked.length = this.heard.length = 0;
  }

  /** Resolves when what was told has been heard. */
  listened(): Promise<void> {
    return this.connection.flush();
  }

  /** Something comes in for an account, good or bad. */
  deliver(body: string, account = this.account): Promise<void> {
    return this.ledger.deliver(account, Buffer.from(body));
  }

  /** A connector's answer whenever it is to look at the account's broker, until it is told to stop. */
  answerLooks(look: object): () => void {
    const subscription = this.connection.subscribe(subjects.brokerLook(this.account), {
      callback: (_error, message) => answerLook(message, Buffer.from(JSON.stringify(look))),
    });
    return () => subscription.unsubscribe();
  }

  async append(events: readonly Event[], recordedtime = THEN): Promise<number> {
    this.clock = recordedtime;
    return (await this.ledger.record(...events)).at(-1)?.position ?? 0;
  }

  async close(): Promise<void> {
    await this.ledger.end();
    await this.connection.close();
    await this.registry.close();
    await this.writer.close();
    await this.nats.stop();
    await this.database.drop();
  }
}

export interface OpsOutput {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function ops(...args: readonly string[]): Promise<OpsOutput> {
  const [out, err]: [string[], string[]] = [[], []];
  const log = jest.spyOn(console, 'log').mockImplementation((text: string) => void out.push(text));
  const error = jest.spyOn(console, 'error').mockImplementation((text: string) => void err.push(text));
  try {
    return { code: await run(operatorProgram(), args), out: out.join('\n'), err: err.join('\n') };
  } finally {
    log.mockRestore();
    error.mockRestore();
  }
}

/** What goes with every verb that changes something. */
export const AGREED = ['--note', 'as agreed', '--operator', 'grace', '--yes'] as const;

/** A verb that changes something. */
export const change = (...args: readonly string[]): Promise<OpsOutput> => ops(...args, ...AGREED);

const start = (args: readonly string[]): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, ['tools/bootstrap.mjs', 'tools/ops/main.ts', ...args], { cwd: ROOT, env: process.env });

/** As a process of its own, with something piped in. */
export async function piped(input: string, ...args: readonly string[]): Promise<OpsOutput> {
  const child = start(args);
  child.stdin.end(input);
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: code as number, out: out.trim(), err: err.trim() };
}

/** A command that goes on until it is ended; its lines as they come. */
export function endless(...args: readonly string[]): { lines: AsyncIterator<string>; end(): Promise<void> } {
  const child = start(args);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    lines,
    async end() {
      child.kill('SIGINT');
      await once(child, 'exit');
    },
  };
}

export async function json<Value>(...args: readonly string[]): Promise<Value> {
  const { code, out, err } = await ops(...args, '--json');
  if (code !== 0) throw new Error(err);
  return JSON.parse(out) as Value;
}

/** The answer of a verb that changes something. */
export const changed = <Value>(...args: readonly string[]): Promise<Value> => json<Value>(...args, ...AGREED);
