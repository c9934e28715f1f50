import { CommandClient, LedgerUnavailable, type CommandTransport } from '@core/bus/command-client';
import { aCommand } from '@core/contracts/command-examples.fixture';
import type { RequestId } from '@core/contracts/primitives';
import { RefusalTeller } from '@core/edge/refusal-teller';
import { migrateUntoldRefusals, PostgresUntoldRefusals } from '@core/edge/untold-refusals';
import { newId } from '@core/service/clock';
import { PATIENCE_MS, until } from '@core/testing/until';
import { Pool } from 'pg';
import { LedgerHarness } from './ledger-harness.fixture.ts';

const account = newId();

describe('what an edge refuses while the ledger is away', () => {
  let harness: LedgerHarness;
  let pool: Pool;
  beforeEach(async () => {
    harness = await LedgerHarness.open();
    await migrateUntoldRefusals(harness.database.url, 'ws_session');
    pool = new Pool({ connectionString: harness.database.url });
  });
  afterEach(async () => {
    await pool.end();
    await harness.close();
  });

  const edge = (commands: CommandTransport): RefusalTeller => {
    const teller = new RefusalTeller(
      new CommandClient(commands, 'spec'),
      new PostgresUntoldRefusals(pool, 'ws_session'),
    );
    teller.onApplicationBootstrap();
    return teller;
  };
  const tell = (teller: RefusalTeller, requestId: RequestId): void =>
    teller.tell(account, {
      ...{ command: 'PlaceOrder', requestId, reason: 'rate_limited', text: 'more than 5 a second' },
      requester: { edge: 'spec', reference: null },
    });
  const refused = async () =>
    (await harness.events()).flatMap((event) => (event.type === 'CommandRefused' ? [event] : []));

  it('is in the log when it is back, in order and once, though both die and no first answer arrives', async () => {
    await harness.start();
    await harness.commands.send(aCommand('RegisterAccount', {}, { commandid: newId(), subject: account }), PATIENCE_MS);
    await harness.stop();

    const requests = Array.from({ length: 5 }, () => newId());
    const before = edge(harness.commands);
    for (const request of requests.slice(0, 4)) tell(before, request);
    await before.beforeApplicationShutdown();
    const awayUntil = new Date().toISOString();

    // What was recorded and never heard of is told again, to another ledger that remembers nothing but its log.
    const heard = new Set<string>();
    const deaf = edge({
      async send(command, timeoutMs) {
        const answer = await harness.commands.send(command, timeoutMs);
        if (!heard.has(command.commandid)) {
          heard.add(command.commandid);
          await harness.stop();
          await harness.start();
          throw new LedgerUnavailable(command);
        }
        return answer;
      },
    });
    await harness.start();
    tell(deaf, requests[4] ?? '');
    await until(async () => (await pool.query('select 1 from ws_session.untold_refusal')).rowCount === 0);
    await deaf.beforeApplicationShutdown();

    const kept = await refused();
    expect(kept.map(({ data }) => data.requestId)).toEqual(requests);
    expect(kept.slice(0, 4).every(({ time, recordedtime }) => time < awayUntil && recordedtime > awayUntil)).toBe(true);
  });
});
