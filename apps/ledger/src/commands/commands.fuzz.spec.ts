import { parseCommand, type CommandType } from '@core/contracts/command';
import { aCommand, exampleCommandTypes } from '@core/contracts/command-examples.fixture';
import { exampleId } from '@core/contracts/examples.fixture';
import { parseJson } from '@core/bus/plain-json';
import { newId } from '@core/service/clock';
import { fuzz } from '@core/testing/fuzz';
import { MemoryLedger } from '@core/testing/memory-ledger';

const typeOf = (body: unknown): CommandType | undefined =>
  exampleCommandTypes.find((type) => type === (Object(body) as { type?: unknown }).type);

it('a command is decided or refused, and the next one is answered as usual', async () => {
  const ledger = new MemoryLedger();
  const send = async (type: CommandType, body: unknown) => {
    const command = parseCommand(type, body);
    return command.ok ? ledger.send(command.value) : { ok: false, refusal: { reason: 'malformed' } };
  };
  await send('RegisterAccount', aCommand('RegisterAccount'));
  // Whatever becomes of the first one, which may even be made to leave.
  const subject = exampleId(0xacc2);
  await send('RegisterAccount', aCommand('RegisterAccount', {}, { commandid: newId(), subject }));
  await fuzz({
    name: 'commands',
    examples: exampleCommandTypes.map((type) => JSON.stringify(aCommand(type, {}, { commandid: newId() }))),
    take: async (input) => {
      const body = parseJson(input);
      // What it says it is, and what the subject may say instead.
      const other = exampleCommandTypes[input.length % exampleCommandTypes.length]!;
      for (const type of new Set([typeOf(body) ?? other, other]))
        expect(typeof (await send(type, body)).ok).toBe('boolean');
    },
    effects: { count: () => ledger.log.head(), most: 4, again: 0 },
    others: async () => {
      const answer = await send('HaltTrading', aCommand('HaltTrading', {}, { commandid: newId(), subject }));
      expect(answer).toMatchObject({ ok: true });
    },
  });
  await ledger.end();
});
