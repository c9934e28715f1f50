import type { Answer, Command, CommandType, ImportedAnswer } from '@core/contracts/command';
import { aCommand } from '@core/contracts/command-examples.fixture';
import type { RecordedEvent } from '@core/contracts/event';
import { anEvent, exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import { SYSTEM_ACCOUNT, type Uuid } from '@core/contracts/primitives';
import { accountAggregate } from '@core/domain/account-aggregate';
import { parseLine } from '@core/event-log/stored-line';
import { fold } from '@core/kernel/projection';
import { newId } from '@core/service/clock';
import fc from 'fast-check';
import { fact, WatchedLedger } from './watched-ledger.fixture.ts';

const moveId = exampleId(0x307e);
const other = exampleId(0xacc2);

const eventsOf = ({ log }: WatchedLedger): RecordedEvent[] => log.store.lines.map(parseLine);
const pastOf = (ledger: WatchedLedger) => eventsOf(ledger).filter(({ subject }) => subject === exampleAccount);
const withoutPlace = ({ position: _position, recordedtime: _recorded, ...event }: RecordedEvent) => event;
const ask = (ledger: WatchedLedger, type: CommandType, data = {}, subject = exampleAccount) =>
  ledger.send(aCommand(type, data, { commandid: newId(), subject }));
const expectArrival = (ledger: WatchedLedger, expected: boolean) =>
  ask(ledger, 'ExpectArrival', { expected, moveId }, SYSTEM_ACCOUNT);

const EVER = '9999-01-01T00:00:00.000000Z';
const EVERYTHING = { ids: EVER, answers: EVER, cases: EVER };

/** What happens to an account: each leaves something else in its log. */
const step = fc.constantFrom('order', 'limit', 'refused', 'fact', 'halt', 'resume', 'cancel', 'forget');
type Step = ReturnType<typeof step.generate>['value'];

const wishOf: Readonly<Record<Exclude<Step, 'fact' | 'forget'>, () => Command>> = {
  order: () => aCommand('PlaceOrder', {}, { commandid: newId() }),
  limit: () => aCommand('PlaceOrder', { kind: 'limit', price: '1.05' }, { commandid: newId() }),
  refused: () => aCommand('PlaceOrder', { instrument: 'NOPE' }, { commandid: newId() }),
  halt: () => aCommand('HaltTrading', {}, { commandid: newId() }),
  resume: () => aCommand('ResumeTrading', {}, { commandid: newId() }),
  cancel: () => aCommand('CancelOrder', { orderId: newId() }, { commandid: newId() }),
};

interface Asked {
  readonly command: Command;
  readonly answer: Answer;
}

/** An account with a past that is about to leave: each order was sent and filled, or never will be. */
async function departed(steps: readonly Step[]): Promise<{ ledger: WatchedLedger; asked: Asked[] }> {
  const ledger = new WatchedLedger();
  const asked: Asked[] = [];
  await ledger.send(aCommand('RegisterAccount', {}, { commandid: newId() }));
  for (const each of steps) {
    if (each === 'fact') await ledger.report(fact());
    else if (each === 'forget') await ledger.log.forget(EVERYTHING);
    else {
      const command = wishOf[each]();
      asked.push({ command, answer: await ledger.send(command) });
    }
  }
  expect(await ask(ledger, 'BeginMove', { moveId })).toMatchObject({ ok: true });
  const { requests } = fold(accountAggregate, pastOf(ledger));
  for (const requestId of Object.keys(requests.open))
    await ledger.report(anEvent('RequestExpired', { requestId, kind: 'order' }, { id: newId() }));
  expect(await ask(ledger, 'DepartAccount', { moveId })).toMatchObject({ ok: true });
  return { ledger, asked };
}

/** The first answers to what led to any of these events. */
const answersTo = ({ log }: WatchedLedger, events: readonly RecordedEvent[]): ImportedAnswer[] =>
  [...new Set(events.map(({ causationid }) => causationid))].flatMap((id) => {
    const kept = id === null ? undefined : log.store.answers.get(id);
    return kept && id !== null ? [{ commandid: id, ...kept }] : [];
  });

/** Takes the past over page by page; `cut` says how, and which of them are told twice. */
async function imported(from: WatchedLedger, into: WatchedLedger, cut: readonly number[]): Promise<WatchedLedger> {
  let ledger = into;
  const past = pastOf(from);
  for (let [at, turn] = [0, 0]; at < past.length; turn += 1) {
    const size = 1 + ((cut[turn % Math.max(1, cut.length)] ?? 0) % 5);
    const events = past.slice(at, at + size);
    const data = { moveId, events, answers: answersTo(from, events) };
    expect(await ask(ledger, 'ImportEvents', data)).toMatchObject({ ok: true });
    if (size === 2) ledger = await restarted(ledger);
    if (size !== 3) at += size;
    else if (turn % 2 === 0) at += 1;
  }
  return ledger;
}

async function restarted(ledger: WatchedLedger): Promise<WatchedLedger> {
  await ledger.end();
  return ledger.restart();
}

/** What the answer says, but where in its log it stands. */
const saidIn = (answer: Answer): unknown => (answer.ok ? { ...answer, position: 0 } : answer);

it('an account is the same in the log that it moves to: versions, ids, folds and answers, however it is told', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 8 }), async (steps, cut) => {
      const { ledger: from, asked } = await departed(steps);
      let into = new WatchedLedger();
      await into.send(aCommand('RegisterAccount', {}, { commandid: newId(), subject: other }));
      expect(await expectArrival(into, true)).toMatchObject({ ok: true });
      into = await imported(from, into, cut);
      expect(pastOf(into).map(withoutPlace)).toEqual(pastOf(from).map(withoutPlace));
      expect(fold(accountAggregate, pastOf(into).map(atPlace))).toEqual(
        fold(accountAggregate, pastOf(from).map(atPlace)),
      );

      expect(await ask(into, 'ArriveAccount', { moveId })).toMatchObject({ ok: true });
      expect(await expectArrival(into, false)).toMatchObject({ ok: true });
      const before = pastOf(into).length;
      for (const { command, answer } of asked)
        if (leftATrace(answer)) expect(saidIn(await into.send(command))).toEqual(saidIn(answer));
      expect(pastOf(into)).toHaveLength(before);
      expect(eventsOf(into).map(({ position }) => position)).toEqual(eventsOf(into).map((_, index) => index + 1));
      await Promise.all([from.end(), into.end()]);
    }),
    { numRuns: 60 },
  );
});

/** Folds that ask where an event stands are compared as if it stood in the same place. */
const atPlace = (event: RecordedEvent): RecordedEvent => ({
  ...event,
  position: event.version,
  recordedtime: event.time,
});

/** A no that passes is no answer to keep; what was so already is so, or asked for anew. */
const leftATrace = (answer: Answer): boolean =>
  answer.ok ? answer.eventIds.length > 0 : answer.refusal.reason !== 'trading-halted';

/** As a connector tells it, by the intake. */
const tell = (ledger: WatchedLedger): Promise<unknown> =>
  ledger.deliver(exampleAccount, Buffer.from(JSON.stringify({ batchid: newId(), events: [fact()] })));

describe('an account on its way', () => {
  const moving = async () => {
    const { ledger: from } = await departed(['order', 'fact']);
    const into = new WatchedLedger();
    await expectArrival(into, true);
    return { from, into, past: pastOf(from) };
  };

  it('leaves nothing in the log that it departed from, whatever is asked or told', async () => {
    const { from, past } = await moving();
    expect(await ask(from, 'PlaceOrder')).toMatchObject({ refusal: { reason: 'account-moving' } });
    expect(await ask(from, 'RecordRefusal')).toMatchObject({ ok: false });
    await tell(from);
    const again = await restarted(from);
    await tell(again);
    expect(await ask(again, 'PlaceOrder')).toMatchObject({ refusal: { reason: 'account-moving' } });
    expect(pastOf(again)).toEqual(past);
    await again.end();
  });

  it('is halted where it leaves, and stands still where it arrives', async () => {
    const from = new WatchedLedger();
    const into = new WatchedLedger();
    await from.send(aCommand('RegisterAccount', {}, { commandid: newId() }));
    await ask(from, 'BeginMove', { moveId });
    expect(await ask(from, 'HaltTrading')).toMatchObject({ ok: true });
    expect(await ask(from, 'SetCloseOnly', { closeOnly: true })).toMatchObject({ ok: true });
    await ask(from, 'DepartAccount', { moveId });
    await expectArrival(into, true);
    await ask(into, 'ImportEvents', { moveId, events: pastOf(from), answers: [] });
    await ask(into, 'ArriveAccount', { moveId });
    await expectArrival(into, false);
    expect(await ask(into, 'PlaceOrder')).toMatchObject({ refusal: { reason: 'trading-halted' } });
    await ask(into, 'ResumeTrading');
    expect(await ask(into, 'PlaceOrder')).toMatchObject({ refusal: { reason: 'close-only' } });
    await Promise.all([from.end(), into.end()]);
  });

  it('is nobody’s to trade on before all of it is there, nor after a restart in between', async () => {
    const { into, past } = await moving();
    await ask(into, 'ImportEvents', { moveId, events: past.slice(0, 2), answers: [] });
    await tell(into);
    const again = await restarted(into);
    expect(await ask(again, 'PlaceOrder')).toMatchObject({ refusal: { reason: 'account-moving' } });
    expect(await ask(again, 'ArriveAccount', { moveId })).toMatchObject({ refusal: { reason: 'unknown-move' } });
    await tell(again);
    expect(pastOf(again).map(withoutPlace)).toEqual(past.slice(0, 2).map(withoutPlace));
    await again.end();
  });

  it.each<[string, (past: RecordedEvent[]) => unknown[]]>([
    ['a hole', (past) => past.slice(1)],
    ['a hole within', (past) => [past[0], past[2]]],
    ['another account', ([first]) => [{ ...first, subject: other }]],
    ['no event', () => [{ version: 1 }]],
    ['no version', ([first]) => [{ ...first, version: undefined }]],
    ['a newer build’s event', ([first]) => [{ ...first, schemaversion: 99 }]],
  ])('is not taken with %s', async (_what, told) => {
    const { into, past } = await moving();
    const answer = await ask(into, 'ImportEvents', { moveId, events: told(past), answers: [] });
    expect(answer).toMatchObject({ refusal: { reason: 'import-unfit' } });
    expect(pastOf(into)).toEqual([]);
    await into.end();
  });

  it('is not taken where the log has another event of the same id', async () => {
    const { into, past } = await moving();
    const id: Uuid = past[1]?.id ?? '';
    await into.send(aCommand('RegisterAccount', {}, { commandid: newId(), subject: other }));
    await into.report(anEvent('EquityMarked', {}, { id, subject: other }));
    const answer = await ask(into, 'ImportEvents', { moveId, events: past, answers: [] });
    expect(answer).toMatchObject({ refusal: { reason: 'import-unfit' } });
    await into.end();
  });

  it('comes back with what happened elsewhere, after what its first log has of it', async () => {
    const { from, into, past } = await moving();
    await ask(into, 'ImportEvents', { moveId, events: past, answers: [] });
    await ask(into, 'ArriveAccount', { moveId });
    await expectArrival(into, false);
    await ask(into, 'PlaceOrder', { kind: 'limit', price: '1.05' });
    const back = exampleId(0x307f);
    await ask(into, 'BeginMove', { moveId: back, from: 'b', to: 'a' });
    const { requests } = fold(accountAggregate, pastOf(into));
    for (const requestId of Object.keys(requests.open))
      await into.report(anEvent('RequestExpired', { requestId, kind: 'order' }, { id: newId() }));
    expect(await ask(into, 'DepartAccount', { moveId: back })).toMatchObject({ ok: true });

    await ask(from, 'ExpectArrival', { expected: true, moveId: back }, SYSTEM_ACCOUNT);
    const all = pastOf(into);
    expect(await ask(from, 'ImportEvents', { moveId: back, events: all, answers: [] })).toMatchObject({ ok: true });
    expect(await ask(from, 'ArriveAccount', { moveId: back })).toMatchObject({ ok: true });
    expect(pastOf(from).map(withoutPlace).slice(0, -1)).toEqual(all.map(withoutPlace));
    await Promise.all([from.end(), into.end()]);
  });
});
