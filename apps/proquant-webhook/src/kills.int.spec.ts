import { CommandClient } from '@core/bus/command-client';
import { PostgresSignalInbox } from '@core/signal-inbox/postgres-signal-inbox';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { until } from '@core/testing/until';
import { Mortal } from './mortal.fixture.ts';
import { BrokeredLedger, WebhookHarness } from './webhook-harness.fixture.ts';

/** More than there are between a request and its answer: the row, the signal, the open leg, the record, the verdict. */
const STEPS = Array.from({ length: 11 }, (_, step) => step);
/** From here on the row is there, so that the next process needs nobody to repeat anything. */
const KEPT = 1;

const REOPENING = { direction: 'SELL', proquantPositionId: 'p2' };
const EFFECTS = {
  OPEN: { data: {}, counts: { OrderRequested: 1, CloseRequested: 0, SignalExecuted: 1 } },
  CLOSE: { data: {}, counts: { OrderRequested: 1, CloseRequested: 1, SignalExecuted: 2 } },
  REOPEN: { data: REOPENING, counts: { OrderRequested: 2, CloseRequested: 1, SignalExecuted: 2 } },
} as const;

describe.each(['OPEN', 'CLOSE', 'REOPEN'] as const)('a process that ends while it carries out %s', (kind) => {
  const { data, counts } = EFFECTS[kind];
  let database: FreshDatabase;
  beforeEach(async () => (database = await freshDatabase()));
  afterEach(() => database.drop());

  const begin = async (ledger: BrokeredLedger) => {
    const inbox = await PostgresSignalInbox.open(database.url, 30_000, 60_000);
    return { inbox, harness: await WebhookHarness.open({}, ledger, true, inbox) };
  };

  it.each(STEPS)('after %i steps leaves one effect and one answer', async (steps) => {
    const ledger = new BrokeredLedger();
    const mortal = new Mortal(steps);
    const sent = Date.now();
    const first = await begin(ledger);
    if (kind !== 'OPEN') expect((await first.harness.signal('OPEN', {}, sent - 1_000)).status).toBe(200);
    endAfter(mortal, first.inbox, first.harness.part(CommandClient));
    let isAnswered = false;
    const answered = first.harness.signal(kind, data, sent).then(
      () => (isAnswered = true),
      () => undefined,
    );
    await until(() => mortal.isDead || isAnswered);

    const second = await begin(ledger);
    const happened = () => Object.keys(counts).map((type) => second.harness.count(type));
    const hasAllHappened = () => happened().join() === Object.values(counts).join();
    if (steps > KEPT) await until(hasAllHappened);
    expect((await second.harness.signal(kind, data, sent)).status).toBe(200);
    // That it is settled is recorded by the ledger right after what settles it.
    await until(hasAllHappened);

    mortal.bury();
    await answered;
    await first.harness.close();
    expect(happened()).toEqual(Object.values(counts));
    await second.harness.close();
  });
});

function endAfter(mortal: Mortal, inbox: PostgresSignalInbox, commands: CommandClient): void {
  const [put, conclude] = [inbox.put.bind(inbox), inbox.conclude.bind(inbox)];
  const ask = commands.ask.bind(commands);
  const dying: Pick<PostgresSignalInbox, 'put' | 'conclude'> & Pick<CommandClient, 'ask'> = {
    put: (received) => mortal.outside(() => put(received)),
    conclude: (id, verdict) => mortal.outside(() => conclude(id, verdict)),
    ask: (...asked) => mortal.outside(() => ask(...asked)),
  };
  Object.assign(inbox, { put: dying.put, conclude: dying.conclude });
  Object.assign(commands, { ask: dying.ask });
}
