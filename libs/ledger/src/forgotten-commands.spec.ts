import type { Answer, Command } from '@core/contracts/command';
import { aCommand } from '@core/contracts/command-examples.fixture';
import { exampleId } from '@core/contracts/examples.fixture';
import type { Uuid } from '@core/contracts/primitives';
import { MemoryEventLog, MemoryStore } from '@core/event-log/memory-event-log';
import { present } from '@core/kernel/present';
import { newId } from '@core/service/clock';
import { MemoryLedger } from '@core/testing/memory-ledger';
import fc from 'fast-check';

const LATER = '2999-01-01T00:00:00.000000Z';
const subject = exampleId(0xada);

/** Some that are taken, some that are refused for good, one whose refusal passes, and one of a request by name. */
const wishes = (): readonly Command[] => {
  const sent = { subject, commandid: newId() };
  const again = () => ({ ...sent, commandid: newId() });
  return [
    aCommand('PlaceOrder', {}, sent),
    aCommand('PlaceOrder', { volumeLots: '0.2' }, again()),
    aCommand('PlaceOrder', { volumeLots: '0.0001' }, again()),
    aCommand('PlaceOrder', { instrument: 'NOSUCH' }, again()),
    aCommand('CancelOrder', { orderId: exampleId(1) }, again()),
    aCommand('SetLimit', {}, again()),
    aCommand('DispatchRequest', { kind: 'order', requestId: sent.commandid }, again()),
  ];
};

const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.nat(6) },
    { weight: 1, arbitrary: fc.constantFrom<'forget' | 'restart'>('forget', 'restart') },
  ),
  { maxLength: 25 },
);

it('a command has one effect and one answer, however late, after whatever was forgotten, it comes again', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      const store = new MemoryStore();
      const open = () => new MemoryLedger({ log: new MemoryEventLog(store), settings: { answersMax: 1 } });
      let ledger = open();
      await ledger.send(aCommand('RegisterAccount', {}, { subject, commandid: newId() }));
      const commands = wishes();
      const first = new Map<Uuid, Answer>();
      for (const step of plan) {
        if (step === 'restart') {
          await ledger.end();
          ledger = open();
        } else if (step === 'forget') {
          await ledger.log.forget({ ids: LATER, answers: LATER, cases: LATER });
        } else {
          const command = present(commands[step], 'one of seven');
          const before = await ledger.log.head();
          const answer = await ledger.send({ ...command, correlationid: newId() });
          const known = first.get(command.commandid);
          // A refusal need not be told in the same words: what it was judged by has changed.
          // Of a claim nothing names the command: a second one is refused, and nothing is sent twice.
          const isClaim = command.type === 'DispatchRequest' && !answer.ok;
          if (known?.ok && !isClaim) expect(answer).toEqual(known);
          if (known?.ok) expect(await ledger.log.head()).toBe(before);
          if (known?.ok !== true) first.set(command.commandid, answer);
        }
      }
      await ledger.end();
      const led = new Map<Uuid, number>();
      let claims = 0;
      for await (const page of ledger.log.read(0))
        for (const { type, causationid } of page)
          if (type === 'RequestDispatched') claims += 1;
          else if (causationid !== null && type !== 'CommandRefused')
            led.set(causationid, (led.get(causationid) ?? 0) + 1);
      expect(claims).toBeLessThan(2);
      for (const { commandid } of commands) expect(led.get(commandid) ?? 0).toBeLessThan(2);
    }),
    { numRuns: 300 },
  );
});
