import { aCommand } from '@core/contracts/command-examples.fixture';
import { parseEvent } from '@core/contracts/event';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { jetStreams, subjects } from '@core/contracts/subjects';
import { present } from '@core/kernel/present';
import { newId } from '@core/service/clock';
import { anyCharacter } from '@core/testing/any-character';
import { until } from '@core/testing/until';
import fc from 'fast-check';
import { nanos } from 'nats';
import { aFact, LedgerHarness, openings, someFacts } from '../ledger-harness.fixture.ts';

describe('the intake, read by a real ledger', () => {
  let harness: LedgerHarness;
  const [ada, bob] = [newId(), newId()];
  beforeEach(async () => {
    harness = await LedgerHarness.open();
    await harness.know(ada, bob);
  });
  afterEach(() => harness.close());

  const send = async (count: number) => {
    harness.sender.send(ada, someFacts(ada, count));
    harness.sender.send(bob, someFacts(bob, count));
    await harness.sender.idle();
  };

  it('is committed in the order of each account and confirmed to its sender', async () => {
    await harness.start();
    const facts = someFacts(ada, 500);
    harness.sender.send(ada, facts);
    await harness.sender.idle();
    expect((await harness.events()).map(({ id }) => id)).toEqual(facts.map(({ id }) => id));
    expect((await harness.events())[0]).toMatchObject({ position: 1, version: 1 });
    expect(await harness.log.verify()).toMatchObject({ ok: true, events: 500 });
  });

  it('goes on at the checkpoint after a restart', async () => {
    await harness.start();
    await send(100);
    await harness.stop();
    harness.sender.send(ada, [aFact(ada)]);
    const next = await harness.start();
    await harness.sender.idle();
    expect(await harness.log.head()).toBe(201);
    expect(await openings(next)).toEqual({ continued: 1 });
  });

  it('adds nothing when the whole of it is read again', async () => {
    await harness.start();
    await send(300);
    await harness.stop();
    await harness.sql('update core.log_head set intake_incarnation = null');
    const before = await harness.events();
    const next = await harness.start();
    await until(async () => harness.fed.flatMap(({ known }) => known).length >= 600);
    expect(await harness.events()).toEqual(before);
    expect(await openings(next)).toEqual({ first: 1 });
    expect(
      harness.fed.every(({ first, last, events }) => events.length === 0 || last - first + 1 === events.length),
    ).toBe(true);
  });

  it.each([
    ['lost its tail', 'intake_sequence = intake_sequence + 100', 'lost-tail'],
    ['has another message at the checkpoint', `intake_batchid = '${exampleId(1)}'`, 'other-tail'],
    ['is another stream', `intake_incarnation = '2020-01-01'`, 'new-stream'],
  ])('is read from the start when the broker %s', async (_, change, why) => {
    await harness.start();
    await send(50);
    await harness.stop();
    await harness.sql(`update core.log_head set ${change}`);
    const next = await harness.start();
    await send(1);
    expect(await harness.log.head()).toBe(102);
    expect(await openings(next)).toEqual({ [why]: 1 });
  });

  it('is read on when its checkpoint was dropped for age', async () => {
    await harness.start();
    await send(50);
    await harness.stop();
    const { streams } = await harness.connection.jetstreamManager();
    const { name } = jetStreams.intake;
    await streams.update(name, { max_age: nanos(100), duplicate_window: nanos(100) });
    await until(async () => (await streams.info(name)).state.messages === 0);
    await streams.update(name, { max_age: nanos(86_400_000) });
    const next = await harness.start();
    await send(1);
    expect(await harness.log.head()).toBe(102);
    expect(await openings(next)).toEqual({ expired: 1 });
  });

  it('is guarded though somebody else made it, and keeps what else they made of it', async () => {
    const { streams } = await harness.connection.jetstreamManager();
    const { name } = jetStreams.intake;
    await streams.add({ name, subjects: [...jetStreams.intake.subjects], max_msgs: 1_000_000 });
    harness.sender.send(ada, someFacts(ada, 1));
    await harness.start();
    await harness.sender.idle();
    const { config } = await streams.info(name);
    expect(config).toMatchObject({ deny_delete: true, deny_purge: true, no_ack: true, max_msgs: 1_000_000 });
    await expect(streams.purge(name)).rejects.toThrow(/not permitted/);
    await streams.delete(name);
    await send(1);
    expect((await streams.info(name)).config).toMatchObject({ deny_delete: true, deny_purge: true, no_ack: true });
  });

  it('survives that the stream is deleted', async () => {
    const app = await harness.start();
    await send(50);
    await (await harness.connection.jetstreamManager()).streams.delete(jetStreams.intake.name);
    await send(50);
    expect(await harness.log.head()).toBe(200);
    expect(await openings(app)).toEqual({ first: 1, 'new-stream': 1 });
  });

  it('survives that NATS comes back with an empty folder', async () => {
    const app = await harness.start();
    await send(50);
    harness.sender.send(ada, someFacts(ada, 50));
    await harness.nats.kill();
    harness.nats.wipe();
    await harness.nats.boot();
    await send(50);
    expect(await harness.log.head()).toBe(250);
    expect(await openings(app)).toMatchObject({ 'new-stream': 1 });
    expect(await harness.log.verify()).toMatchObject({ ok: true });
  });

  it('survives that NATS is killed and comes back with what it had', async () => {
    const app = await harness.start();
    await send(50);
    await harness.nats.kill();
    harness.sender.send(ada, someFacts(ada, 50));
    await harness.nats.boot();
    await harness.sender.idle();
    expect(await harness.log.head()).toBe(150);
    expect(Object.keys(await openings(app)).sort()).toEqual(['continued', 'first']);
  });

  it('sets aside what it cannot record and goes on', async () => {
    await harness.start();
    const subject = subjects.intake(ada);
    const forged = { ...aFact(ada), subject: bob };
    harness.connection.publish(subject, 'no json \u0000 \n');
    harness.connection.publish(subject, JSON.stringify({ batchid: newId(), events: [aFact(ada), forged, aFact(ada)] }));
    harness.connection.publish(subject, 'no json \u0000 \n');
    await send(1);
    const events = await harness.events();
    const quarantined = events.filter(({ type }) => type === 'MessageQuarantined');
    expect(quarantined).toHaveLength(2);
    expect(quarantined.every(({ subject: of }) => of === SYSTEM_ACCOUNT)).toBe(true);
    expect(events).toHaveLength(6);
    expect(events.every(({ position: _, version: __, recordedtime: ___, ...event }) => parseEvent(event).ok)).toBe(
      true,
    );
    expect(harness.fed.flatMap(({ refused }) => refused)).toContainEqual({ id: forged.id, reason: 'malformed' });
    expect(await harness.sql('select message_id, reason, body from core.quarantine')).toHaveLength(2);
  });

  it('takes nothing of an account that nobody registered, of the year 2999, or under a taken id: its sender is told', async () => {
    await harness.start();
    const stranger = newId();
    const [strange, late] = [aFact(stranger), { ...aFact(ada), time: '2999-01-01T00:00:00.000000Z' }];
    harness.sender.send(stranger, [strange]);
    harness.sender.send(ada, [late, aFact(ada)]);
    await harness.sender.idle();
    expect(harness.refused).toEqual([strange.id, late.id]);
    expect((await harness.events()).map(({ type }) => type).sort()).toEqual([
      'EquityMarked',
      'MessageQuarantined',
      'MessageQuarantined',
    ]);

    const command = aCommand('RegisterAccount', {}, { commandid: newId(), subject: stranger });
    await harness.commands.send(command, 5_000);
    harness.sender.send(stranger, [aFact(stranger)]);
    await harness.sender.idle();
    expect(harness.refused).toHaveLength(2);

    const taken = present((await harness.events()).find(({ subject }) => subject === ada)?.id, 'a fact of hers');
    harness.sender.send(ada, [anEvent('EquityMarked', { equity: '7' }, { id: taken, subject: ada })]);
    await harness.sender.idle();
    expect(harness.refused).toEqual([strange.id, late.id, taken]);
  });

  it('cannot be stopped by anything that comes', async () => {
    await harness.start();
    const text = fc.oneof(fc.string({ unit: anyCharacter, maxLength: 600, size: 'max' }), fc.constant('\u0000\ud800'));
    const event = fc.record(
      {
        ...{ id: fc.uuid(), subject: fc.constant(ada), type: fc.oneof(text, fc.constant('TradingHalted')) },
        ...{ time: fc.oneof(text, fc.constant('2026-02-30T00:00:00.000000Z')), source: text, schemaversion: fc.nat() },
        ...{ correlationid: fc.uuid(), causationid: fc.constant(null) },
        data: fc.oneof(fc.jsonValue(), fc.record({ operator: text, note: text })),
      },
      { requiredKeys: ['id'] },
    );
    const session = fc.record({ connector: text, reason: text }).map((data) => anEvent('AccountSessionLost', data));
    const lost = fc.tuple(session, fc.uuid()).map(([each, id]) => ({ ...each, id, subject: ada }));
    const events = fc.array(fc.oneof(event, lost, fc.jsonValue()), { maxLength: 5 });
    const message = fc.oneof(
      text,
      events.map((each) => JSON.stringify({ batchid: newId(), events: each })),
    );
    for (const body of fc.sample(message, { numRuns: 500, seed: 1 }))
      harness.connection.publish(subjects.intake(ada), body);
    await send(1);
    const recorded = await harness.events();
    expect(recorded.some(({ type }) => type === 'AccountSessionLost')).toBe(true);
    expect(await harness.log.verify()).toMatchObject({ ok: true, events: recorded.length });
  });
});
