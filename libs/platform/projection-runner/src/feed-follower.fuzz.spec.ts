import { readJson } from '@core/kernel/foreign-json';
import { anEvent, exampleTypes, recorded } from '@core/contracts/examples.fixture';
import { readFeedBatch } from '@core/contracts/feed';
import { fuzz } from '@core/testing/fuzz';
import { expectEqualToTheLog, quick, started, stopAll, telling } from './runners.fixture.ts';
import { accounts, batchOf, TalkingLog } from './toys.fixture.ts';

afterEach(stopAll);

const [ada = ''] = accounts;

it('whatever stands on the feed, the log is asked a few times and one alarm raised, and then it is quiet', async () => {
  const log = new TalkingLog();
  for (let batches = 0; batches < 3; batches += 1) await log.commitSome(2);
  const head = await log.head();
  const reads: number[] = [];
  let alarms = 0;
  const alarm = { raise: () => (alarms += 1) };
  const runner = await started(telling(log, undefined, reads), { alarm, limits: { ...quick, distrustMs: 0 } });
  const told = (first: number, count: number) =>
    JSON.stringify(
      batchOf(
        recorded(
          Array.from({ length: count }, (_, n) =>
            anEvent(exampleTypes[n % exampleTypes.length] ?? 'EquityMarked', {}, { subject: ada }),
          ),
          { position: first - 1, version: 0 },
        ),
      ),
    );
  const hear = async (input: Uint8Array): Promise<void> => {
    const batch = readFeedBatch(readJson(Buffer.from(input).toString()));
    if (batch) runner.offer(batch);
    // What waits is taken on the word of the feed; then the log is asked whether it is true.
    for (const _ of ['taken', 'asked']) await runner.check();
    await expectEqualToTheLog(runner, log);
  };
  await fuzz({
    name: 'feed follower',
    share: 0.25,
    examples: [told(head + 1, 1), told(head + 1, 3), told(1, 2), told(head + 100, 1)],
    take: hear,
    effects: { count: () => reads.length + alarms, most: 6, again: 6 },
    others: () => expectEqualToTheLog(runner, log),
  });
});
