import type { Answer } from '@core/contracts/command';
import { aCommand } from '@core/contracts/command-examples.fixture';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { AppProcess, type AppSpec } from '@core/machine/app-process';
import { Supervisor } from '@core/machine/supervisor';
import { serviceStanding } from '@core/operations/service-standing';
import { newId } from '@core/service/clock';
import { freePort } from '@core/testing/free-port';
import { PostgresProxy } from '@core/testing/postgres-proxy';
import { PATIENCE_MS, until } from '@core/testing/until';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aFact, LedgerHarness } from './ledger-harness.fixture.ts';

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

  /** As an app that is run by somebody. */
  const aLedger = async (env: AppSpec['env'] = harness.environment): Promise<AppSpec> => ({
    name: 'ledger',
    opsPort: await freePort(),
    env: { LOG_LEVEL: 'info', ...env },
  });
  const launch = async (env?: AppSpec['env']) => {
    const ledger = new AppProcess(await aLedger(env));
    ending.push(ledger);
    return { ledger, ended: ledger.launch() };
  };

  it('loses nothing and writes nothing twice, whatever is killed while facts and commands flow', async () => {
    const said: string[] = [];
    const supervisor = new Supervisor(mkdtempSync(join(tmpdir(), 'ledger-spec-')), (line) => said.push(line));
    ending.push(supervisor);
    const accounts = Array.from({ length: 5 }, () => newId());
    await harness.know(...accounts);
    const [ledger] = (await supervisor.start(await aLedger())) as [AppProcess];
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
        await until(() => harness.sender.pending < 500 || !flowing);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const commands = (async () => {
      while (flowing) {
        const command = register();
        asked.push({ command, answer: await harness.commands.send(command, PATIENCE_MS) });
      }
    })();

    for (const fault of ['process', 'connections', 'process'] as const) {
      const [head, starts] = [await harness.log.head(), ledger.starts];
      await until(async () => (await harness.log.head()) > head + 500);
      if (fault === 'process') void ledger.crash();
      else {
        await harness.sql(`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid() and application_name = ''`);
      }
      await until(() => ledger.starts > starts);
    }
    await until(() => said.at(-1) === 'ledger is ready again');
    flowing = false;
    await Promise.all([facts, commands, harness.sender.idle()]);

    const events = await harness.events();
    for (const [account, ids] of sent) {
      expect(events.filter(({ subject }) => subject === account).map(({ id }) => id)).toEqual(ids);
    }
    for (const { command, answer } of asked) {
      expect(answer).toMatchObject({ ok: true });
      expect(await harness.commands.send(command, PATIENCE_MS)).toEqual(answer);
      expect(events.filter(({ causationid }) => causationid === command.commandid)).toHaveLength(1);
    }
    expect(await harness.log.verify()).toMatchObject({ ok: true, events: events.length });
    expect(ledger.starts).toBe(4);
  });

  it('stands by while another one writes, and takes over when that is gone', async () => {
    const { ledger: first } = await launch();
    await first.ready();
    const { ledger: standby } = await launch();
    await standby.said('stands by: another ledger writes the log');
    const command = closeOnly(true);
    const answer = await harness.commands.send(command, PATIENCE_MS);
    expect(standby.lines.some((line) => line.includes('"msg":"started"'))).toBe(false);
    const asked = { name: 'standby', url: `http://127.0.0.1:${standby.spec.opsPort}` };
    const stands = 'process: stands by: another ledger writes the log, and this one takes over when that ends';
    expect(await serviceStanding(asked, PATIENCE_MS)).toMatchObject({ status: 'stands-by', reasons: [stands] });
    expect(await first.metrics()).toContain('ledger_writer{service="ledger"} 1');
    expect(await standby.metrics()).toContain('ledger_writer{service="ledger"} 0');

    await first.crash();
    await standby.ready();
    expect(await harness.commands.send(command, PATIENCE_MS)).toEqual(answer);
    expect(await harness.commands.send(closeOnly(false), PATIENCE_MS)).toMatchObject({ ok: true, position: 2 });
  });

  it('takes over from one that is frozen, whose word is worth nothing when it wakes', async () => {
    const { ledger: frozen, ended } = await launch();
    await frozen.ready();
    const { ledger: standby } = await launch();
    await standby.said('ServiceModule dependencies initialized');
    frozen.freeze();
    const commands = Array.from({ length: 6 }, (_, index) => closeOnly(index % 2 === 0));
    const answers = await Promise.all(commands.map((command) => harness.commands.send(command, PATIENCE_MS)));
    for (const answer of answers) expect(answer).toMatchObject({ ok: true });

    // It has heard the same commands, and finds them when it wakes.
    frozen.thaw();
    expect(await ended).toBe('code 1');
    expect(await standby.isReady()).toBe(true);
    const events = await harness.events();
    for (const { commandid } of commands)
      expect(events.filter(({ causationid }) => causationid === commandid)).toHaveLength(1);
    expect(await harness.log.verify()).toMatchObject({ ok: true, events: events.length });
  });

  it('finds out about a commit whose confirmation never came', async () => {
    const postgres = await PostgresProxy.before(harness.database.url);
    ending.push(postgres);
    const { ledger: doomed, ended } = await launch({ ...harness.environment, DATABASE_URL: postgres.url });
    await doomed.ready();
    expect(await harness.commands.send(closeOnly(true), PATIENCE_MS)).toMatchObject({ ok: true, position: 1 });

    postgres.dropNextConfirmation();
    const command = closeOnly(false);
    const answer = harness.commands.send(command, PATIENCE_MS);
    await ended;
    expect(await harness.log.head()).toBe(2);
    await launch();
    expect(await answer).toMatchObject({ ok: true, position: 2 });
    expect(await harness.log.head()).toBe(2);
  });

  it('gives up a commit that a frozen Postgres does not answer, and goes on where the log stands once it is back', async () => {
    const postgres = await PostgresProxy.before(harness.database.url);
    ending.push(postgres);
    const account = newId();
    await harness.know(account);
    const env = { ...harness.environment, DATABASE_URL: postgres.url, APPEND_TIMEOUT_MS: '1000' };
    const { ledger: doomed, ended } = await launch(env);
    await doomed.ready();

    postgres.hush();
    const facts = [aFact(account), aFact(account)];
    harness.sender.send(account, facts);
    const answer = harness.commands.send(closeOnly(true), PATIENCE_MS);
    expect(await ended).toBe('code 1');
    postgres.speak();
    await (await launch(env)).ledger.ready();
    expect(await answer).toMatchObject({ ok: true });
    await harness.sender.idle();
    const recorded = (await harness.events()).map(({ id }) => id);
    expect(recorded).toHaveLength(3);
    expect(recorded).toEqual(expect.arrayContaining(facts.map(({ id }) => id)));
  });

  it('ends cleanly when asked to', async () => {
    const { ledger } = await launch();
    await ledger.ready();
    await ledger.stop();
    expect(ledger.lines.at(-1)).toContain('"msg":"stopped"');
  });
});
