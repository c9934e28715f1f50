import { commandTypes, type Command } from '@core/contracts/command';
import { aCommand } from '@core/contracts/command-examples.fixture';
import { anEvent } from '@core/contracts/examples.fixture';
import { anInstrument } from '@core/contracts/market/example.fixture';
import type { Decimal } from '@core/contracts/primitives';
import { commandSubjects, subjects } from '@core/contracts/subjects';
import { newId } from '@core/service/clock';
import { PATIENCE_MS, until } from '@core/testing/until';
import { LedgerHarness } from '../ledger-harness.fixture.ts';

const market = {
  venue: 'demo',
  instruments: [anInstrument()],
  quotes: [
    { instrument: 'EURUSD', bid: '1.1', ask: '1.1002', time: '2026-01-05T10:00:00.000000Z', bids: [], asks: [] },
  ],
};

describe('commands, asked of a real ledger', () => {
  let harness: LedgerHarness;
  beforeAll(async () => {
    harness = await LedgerHarness.open();
    await harness.start();
  });
  afterAll(() => harness.close());

  it.each(commandTypes.map(({ shape }) => shape.type.value))('%s is answered', async (type) => {
    const answer = await harness.commands.send(aCommand(type, {}, { commandid: newId() }), PATIENCE_MS);
    expect(typeof answer.ok).toBe('boolean');
    const body = JSON.stringify({ type, data: 'nonsense' });
    const reply = await harness.connection.request(commandSubjects[type], body, { timeout: PATIENCE_MS });
    expect(reply.json()).toMatchObject({ ok: false, refusal: { reason: 'malformed' } });
  });

  it('measures an order by the prices that connectors tell', async () => {
    const [subject, { connection, commands }] = [newId(), harness];
    const ask = (command: Command) => commands.send({ ...command, commandid: newId(), subject }, PATIENCE_MS);
    const limit = (allowed: Decimal) => aCommand('SetLimit', { limit: 'order-notional', allowed });
    await ask(aCommand('RegisterAccount'));
    harness.sender.send(subject, [anEvent('AccountUpdated', { currency: 'USD' }, { id: newId(), subject })]);
    await harness.sender.idle();
    connection.publish(subjects.instruments('demo'), JSON.stringify({ ...market, quotes: [] }));
    await ask(limit('10000'));
    const place = () => ask(aCommand('PlaceOrder'));
    const breach = { limit: 'order-notional', of: 'account', allowed: '10000' };
    expect(await place()).toMatchObject({
      refusal: { reason: 'limit-unmeasured', breach: { ...breach, found: null } },
    });
    connection.publish(subjects.quotes('demo'), JSON.stringify({ venue: 'demo', quotes: market.quotes }));
    await connection.flush();
    await until(async () => JSON.stringify(await place()).includes('limit-exceeded'));
    expect(await place()).toMatchObject({ refusal: { breach: { ...breach, found: '11002' } } });
    await ask(limit('11002'));
    expect(await place()).toMatchObject({ ok: true });
  });

  it('takes each only under its own subject', async () => {
    const body = JSON.stringify(aCommand('PlaceOrder', {}, { commandid: newId() }));
    const reply = await harness.connection.request(commandSubjects.Amend, body, { timeout: PATIENCE_MS });
    expect(reply.json()).toMatchObject({ ok: false, refusal: { reason: 'malformed' } });
  });
});
