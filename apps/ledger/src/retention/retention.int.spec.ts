import { aCommand } from '@core/contracts/command-examples.fixture';
import { PostgresEventLogWriter } from '@core/event-log/postgres-event-log-writer';
import { newId } from '@core/service/clock';
import { Health } from '@core/service/health';
import { PATIENCE_MS } from '@core/testing/until';
import { LedgerHarness, someFacts } from '../ledger-harness.fixture.ts';
import { LogRetention } from './log-retention.ts';

/** Later than everything that is recorded here need be known. */
const laterMs = (): number => Date.now() + 400 * 86_400_000;

let harness: LedgerHarness;
beforeAll(async () => (harness = await LedgerHarness.open()));
afterAll(() => harness.close());

const rows = async (): Promise<readonly number[]> => {
  const counts = await harness.sql<{ ids: string; answers: string }>(
    'select (select count(*) from core.event_identity) as ids, (select count(*) from core.command_answer) as answers',
  );
  return [Number(counts[0]?.ids), Number(counts[0]?.answers)];
};

it('forgets in the running ledger, and facts and commands that come again after that change nothing', async () => {
  const subject = newId();
  await harness.know(subject);
  const app = await harness.start();
  const retention = app.get(LogRetention);
  const wishes = Array.from({ length: 5 }, () =>
    aCommand('RegisterAccount', {}, { commandid: newId(), subject: newId() }),
  );
  const answers = [];
  for (const wish of wishes) answers.push(await harness.commands.send(wish, PATIENCE_MS));
  const facts = someFacts(subject, 300);
  harness.sender.send(subject, facts);
  await harness.sender.idle();
  expect(answers.every(({ ok }) => ok)).toBe(true);
  const head = await harness.log.head();

  // Nothing here is old, and the database says so to whoever claims it.
  await expect(retention.round(laterMs())).rejects.toThrow('too young');
  expect((await app.get(Health).readiness()).notes?.join()).toContain('nothing is forgotten');
  await harness.sql(`update core.retention set least_age = '-500 days'`);
  await retention.round(laterMs());
  expect((await app.get(Health).readiness()).notes).toBeUndefined();
  expect(await rows()).toEqual([0, 0]);

  harness.sender.send(subject, facts);
  await harness.sender.idle();
  await harness.stop();
  const next = await harness.start();
  expect(next.get(PostgresEventLogWriter).mayHaveForgotten(wishes[0]?.commandid ?? '')).toBe(true);
  for (const [index, wish] of wishes.entries())
    expect(await harness.commands.send(wish, PATIENCE_MS)).toEqual(answers[index]);
  harness.sender.send(subject, facts.slice(0, 10));
  await harness.sender.idle();
  expect(await harness.log.head()).toBe(head);
  expect(harness.refused).toEqual([]);
  expect(await harness.log.verify()).toMatchObject({ ok: true, forgotten: { ids: head } });
});
