import type { Answer } from '@core/contracts/command';
import { aCommand } from '@core/contracts/command-examples.fixture';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { newId } from '@core/service/clock';
import { until } from '@core/testing/until';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { aFact, LedgerHarness } from './ledger-harness.fixture.ts';
import { LedgerProcess, Supervisor } from './ledger-process.fixture.ts';

const WAIT_MS = 25_000;

const register = (account = newId()) => aCommand('RegisterAccount', {}, { commandid: newId(), subject: account });
const closeOnly = (set: boolean) =>
  aCommand('SetCloseOnly', { closeOnly: set }, { commandid: newId(), subject: SYSTEM_ACCOUNT });

describe('the ledger as a process', () => {
  let harness: LedgerHarness;
  const ending: { stop(): Promise<void> }[] = [];
  beforeEach(async () => {
    harness = await LedgerHarness.open();
  });
  afterEach(async () => {
    for (const each of ending.splice(0)) await each.stop();
    await harness.close();
  });

  const run = (environment = harness.environment): LedgerProcess => {
    const ledger = new LedgerProcess(environment);
    ending.push({ stop: () => ledger.kill() });
    return ledger;
  };

  it('loses nothing and writes nothing twice, whatever is killed while facts and commands flow', async () => {
    const supervisor = new Supervisor(harness.environment);
    ending.push(supervisor);
    const accounts = Array.from({ length: 5 }, () => newId());
    const sent = new Map(accounts.map((account) => [account, [] as string[]]));
    const asked: { readonly command: ReturnType<typeof register>; readonly answer: Answer }[] = [];
    let flowing = true;

    const facts = (async () => {
      while (flowing) {
        for (const account of accounts) {
          const batch = Array.from({ length: 7 }, () => aFact(account));
          sent.get(account)?.push(...batch.map(({ id }) => id));
          harness.sender.send(account, batch);
        }
        await until(() => harness.sender.pending < 500 || !flowing, WAIT_MS);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const commands = (async () => {
      while (flowing) {
        const command = register();
        asked.push({ command, answer: await harness.commands.send(command, WAIT_MS) });
      }
    })();

    for (const fault of ['process', 'connections', 'process'] as const) {
      const [head, starts] = [await harness.log.head(), supervisor.starts];
      await until(async () => (await harness.log.head()) > head + 500, WAIT_MS);
      if (fault === 'process') void supervisor.current.kill();
      else {
        await harness.sql(`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid() and application_name = ''`);
      }
      await until(() => supervisor.starts > starts, WAIT_MS);
    }
    await supervisor.current.said('started');
    flowing = false;
    await Promise.all([facts, commands, harness.sender.idle()]);

    const events = await harness.events();
    for (const [account, ids] of sent) {
      expect(events.filter(({ subject }) => subject === account).map(({ id }) => id)).toEqual(ids);
    }
    for (const { command, answer } of asked) {
      expect(answer).toMatchObject({ ok: true });
      expect(await harness.commands.send(command, WAIT_MS)).toEqual(answer);
      expect(events.filter(({ causationid }) => causationid === command.commandid)).toHaveLength(1);
    }
    expect(await harness.log.verify()).toMatchObject({ ok: true, events: events.length });
    expect(supervisor.starts).toBe(4);
  }, 120_000);

  it('stands by while another one writes, and takes over when that is gone', async () => {
    const first = run();
    await first.said('started');
    const standby = run();
    await standby.said('ServiceModule dependencies initialized');
    const command = closeOnly(true);
    const answer = await harness.commands.send(command, WAIT_MS);
    expect(standby.lines.some((line) => line.includes('"msg":"started"'))).toBe(false);

    await first.kill();
    await standby.said('started');
    expect(await harness.commands.send(command, WAIT_MS)).toEqual(answer);
    expect(await harness.commands.send(closeOnly(false), WAIT_MS)).toMatchObject({ ok: true, position: 2 });
  }, 60_000);

  it('finds out about a commit whose confirmation never came', async () => {
    const postgres = await DroppingProxy.before(harness.database.url);
    ending.push(postgres);
    const doomed = run({ ...harness.environment, DATABASE_URL: postgres.url });
    await doomed.said('started');
    expect(await harness.commands.send(closeOnly(true), WAIT_MS)).toMatchObject({ ok: true, position: 1 });

    postgres.dropNextConfirmation();
    const command = closeOnly(false);
    const answer = harness.commands.send(command, WAIT_MS);
    await doomed.exit;
    expect(await harness.log.head()).toBe(2);
    run();
    expect(await answer).toMatchObject({ ok: true, position: 2 });
    expect(await harness.log.head()).toBe(2);
  }, 60_000);

  it('ends cleanly when asked to', async () => {
    const ledger = run();
    await ledger.said('started');
    await ledger.kill('SIGTERM');
    expect(ledger.lines.at(-1)).toContain('"msg":"stopped"');
  }, 60_000);
});

/** A way to Postgres that can cut the line at the worst moment: after the commit, before the ledger hears of it. */
class DroppingProxy {
  private readonly sockets = new Set<Socket>();
  private dropping = false;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async before(target: string): Promise<DroppingProxy> {
    const { hostname, port } = new URL(target);
    const server = createServer((client) => {
      const upstream = connect(Number(port || 5432), hostname);
      for (const socket of [client, upstream]) {
        proxy.sockets.add(socket);
        socket.on('error', () => socket.destroy());
        socket.on('close', () => [client, upstream].forEach((each) => each.destroy()));
      }
      let appending = false;
      client.on('data', (bytes) => {
        appending = bytes.includes('core-append');
        upstream.write(bytes);
      });
      upstream.on('data', (bytes) => {
        if (proxy.dropping && appending) client.destroy();
        else client.write(bytes);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = new URL(target);
    url.port = String((server.address() as AddressInfo).port);
    const proxy: DroppingProxy = new DroppingProxy(server, url.href);
    return proxy;
  }

  dropNextConfirmation(): void {
    this.dropping = true;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
