import { anEvent, exampleAccount, exampleId, exampleTypes } from '@core/contracts/examples.fixture';
import { subjects } from '@core/contracts/subjects';
import { whyUnstorable } from '@core/event-log/storable';
import { fuzz } from '@core/testing/fuzz';
import { MemoryLedger } from '@core/testing/memory-ledger';
import { readIntakeMessage } from './intake-message.ts';

const subject = subjects.intake(exampleAccount);
const bounds = {
  now: '2026-01-05T10:00:00.000000Z',
  isRegistered: (account: string) => account === exampleAccount,
  mayTellOfStranger: () => true,
};
const good = JSON.stringify({ batchid: exampleId(1), events: [anEvent('EquityMarked')] });
const examples = exampleTypes.map((type) => JSON.stringify({ batchid: exampleId(1), events: [anEvent(type)] }));

const read = (input: Uint8Array) => readIntakeMessage(subject, `${subject}#1`, input, bounds);

it('an intake message is read or set aside, what is set aside can be stored, and none is told twice', async () => {
  const ledger = new MemoryLedger();
  await ledger.record(anEvent('AccountRegistered'));
  await fuzz({
    name: 'intake',
    share: 0.5,
    examples: [good, ...examples],
    take: async (input) => {
      const { events, deadLetters } = read(input);
      for (const event of events) expect(whyUnstorable(event)).toBeNull();
      for (const { kept } of deadLetters) JSON.stringify(kept);
      await ledger.deliver(exampleAccount, input);
    },
    effects: { count: () => ledger.log.head(), most: 2, again: 0 },
    others: () => expect(read(Buffer.from(good)).events).toHaveLength(1),
  });
  await ledger.end();
});
