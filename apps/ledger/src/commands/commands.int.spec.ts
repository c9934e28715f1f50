import { commandTypes } from '@core/contracts/command';
import { aCommand } from '@core/contracts/command-examples.fixture';
import { commandSubjects } from '@core/contracts/subjects';
import { newId } from '@core/service/clock';
import { LedgerHarness } from '../ledger-harness.fixture.ts';

const WAIT_MS = 10_000;

describe('commands, asked of a real ledger', () => {
  let harness: LedgerHarness;
  beforeAll(async () => {
    harness = await LedgerHarness.open();
    await harness.start();
  });
  afterAll(() => harness.close());

  it.each(commandTypes.map(({ shape }) => shape.type.value))('%s is answered', async (type) => {
    const answer = await harness.commands.send(aCommand(type, {}, { commandid: newId() }), WAIT_MS);
    expect(typeof answer.ok).toBe('boolean');
    const body = JSON.stringify({ type, data: 'nonsense' });
    const reply = await harness.connection.request(commandSubjects[type], body, { timeout: WAIT_MS });
    expect(reply.json()).toMatchObject({ ok: false, refusal: { reason: 'malformed' } });
  });

  it('takes each only under its own subject', async () => {
    const body = JSON.stringify(aCommand('PlaceOrder', {}, { commandid: newId() }));
    const reply = await harness.connection.request(commandSubjects.Amend, body, { timeout: WAIT_MS });
    expect(reply.json()).toMatchObject({ ok: false, refusal: { reason: 'malformed' } });
  });
});
