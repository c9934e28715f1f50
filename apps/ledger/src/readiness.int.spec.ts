import { aCommand } from '@core/contracts/command-examples.fixture';
import type { Readiness } from '@core/contracts/readiness';
import { subjects } from '@core/contracts/subjects';
import { newId } from '@core/service/clock';
import { Health } from '@core/service/health';
import { PostgresProxy } from '@core/testing/postgres-proxy';
import { PATIENCE_MS, until } from '@core/testing/until';
import type { INestMicroservice } from '@nestjs/common';
import { Client } from 'pg';
import { aFact, LedgerHarness } from './ledger-harness.fixture.ts';

describe('whether a ledger is ready', () => {
  let harness: LedgerHarness;
  let postgres: PostgresProxy;
  let app: INestMicroservice;
  beforeAll(async () => {
    harness = await LedgerHarness.open();
    postgres = await PostgresProxy.before(harness.database.url);
    app = await harness.start({ DATABASE_URL: postgres.url });
    app.get(Health).started();
  });
  afterAll(async () => {
    await harness.close();
    await postgres.stop();
  });

  const readiness = (): Promise<Readiness> => app.get(Health).readiness();
  const isUp = async (): Promise<boolean> => (await readiness()).status === 'ok';

  it('is said on NATS as on its health port', async () => {
    await until(isUp);
    const reply = await harness.connection.request(subjects.ledgerReady, undefined, { timeout: PATIENCE_MS });
    expect(reply.json()).toEqual(await readiness());
  });

  it('is not while a commit does not come to its end, and is once it has', async () => {
    const other = new Client(harness.database.url);
    await other.connect();
    await other.query('begin; lock table core.log_head in exclusive mode');
    const command = aCommand('RegisterAccount', {}, { commandid: newId(), subject: newId() });
    const answer = harness.commands.send(command, PATIENCE_MS);
    await until(async () => (await readiness()).checks.commits?.status === 'down');
    expect((await readiness()).checks.postgres).toEqual({ status: 'up' });
    await other.query('rollback');
    await other.end();
    expect(await answer).toMatchObject({ ok: true });
    await until(isUp);
  });

  it('is not while Postgres is frozen, and once it goes on everything that was sent stands in the log once', async () => {
    const account = newId();
    const register = aCommand('RegisterAccount', {}, { commandid: newId(), subject: account });
    expect(await harness.commands.send(register, PATIENCE_MS)).toMatchObject({ ok: true });
    postgres.hush();
    const command = aCommand('HaltTrading', {}, { commandid: newId(), subject: account });
    const answer = harness.commands.send(command, PATIENCE_MS);
    const facts = [aFact(account), aFact(account)];
    harness.sender.send(account, facts);
    await until(async () => (await readiness()).checks.postgres?.status === 'down');
    postgres.speak();
    expect(await answer).toMatchObject({ ok: true });
    await harness.sender.idle();
    await until(isUp);
    const events = (await harness.events()).filter(({ subject }) => subject === account);
    expect(events.map(({ type }) => type).sort()).toEqual([
      ...['AccountRegistered', 'EquityMarked', 'EquityMarked', 'TradingHalted'],
    ]);
  });

  it('is not while NATS is frozen, and is once it goes on', async () => {
    harness.nats.freeze();
    await until(async () => (await readiness()).checks.nats?.status === 'down');
    harness.nats.thaw();
    await until(isUp);
  });

  it('is not while NATS is gone, and is once it is back', async () => {
    await harness.nats.kill();
    await until(async () => (await readiness()).checks.nats?.reason === 'disconnected');
    await harness.nats.boot();
    await until(isUp);
  });
});
