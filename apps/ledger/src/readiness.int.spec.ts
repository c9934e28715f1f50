import { aCommand } from '@core/contracts/command-examples.fixture';
import type { Readiness } from '@core/contracts/readiness';
import { subjects } from '@core/contracts/subjects';
import { newId } from '@core/service/clock';
import { Health } from '@core/service/health';
import { until } from '@core/testing/until';
import type { INestMicroservice } from '@nestjs/common';
import { Client } from 'pg';
import { LedgerHarness } from './ledger-harness.fixture.ts';

const WAIT_MS = 30_000;

describe('whether a ledger is ready', () => {
  let harness: LedgerHarness;
  let app: INestMicroservice;
  beforeAll(async () => {
    harness = await LedgerHarness.open();
    app = await harness.start();
    app.get(Health).started();
  });
  afterAll(() => harness.close());

  const readiness = (): Promise<Readiness> => app.get(Health).readiness();
  const isUp = async (): Promise<boolean> => (await readiness()).status === 'ok';

  it('is said on NATS as on its health port', async () => {
    await until(isUp);
    const reply = await harness.connection.request(subjects.ledgerReady, undefined, { timeout: WAIT_MS });
    expect(reply.json()).toEqual(await readiness());
  });

  it('is not while a commit does not come to its end, and is once it has', async () => {
    const other = new Client(harness.database.url);
    await other.connect();
    await other.query('begin; lock table core.log_head in exclusive mode');
    const command = aCommand('RegisterAccount', {}, { commandid: newId(), subject: newId() });
    const answer = harness.commands.send(command, WAIT_MS);
    await until(async () => (await readiness()).checks.commits?.status === 'down');
    expect((await readiness()).checks.postgres).toEqual({ status: 'up' });
    await other.query('rollback');
    await other.end();
    expect(await answer).toMatchObject({ ok: true });
    await until(isUp);
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
