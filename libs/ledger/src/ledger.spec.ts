import type { Answer } from '@core/contracts/command';
import { aCommand, exampleCommandTypes, exampleNow, exampleSignal } from '@core/contracts/command-examples.fixture';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { anInstrument } from '@core/contracts/market/example.fixture';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { MemoryEventLog } from '@core/event-log/memory-event-log';
import { instantFromMs, toMs } from '@core/kernel/instant';
import { newId } from '@core/service/clock';
import fc from 'fast-check';
import { fact, turn, WatchedLedger } from './watched-ledger.fixture.ts';

const register = () => aCommand('RegisterAccount', {}, { commandid: newId() });
const place = (commandid = newId()) => aCommand('PlaceOrder', {}, { commandid, correlationid: exampleId(0xc1) });
const dispatch = (requestId: string) => aCommand('DispatchRequest', { requestId }, { commandid: newId() });

/** What may stand in the way of an order and go away again, without a word in the command. */
const obstacle = fc.constantFrom('trading-halted', 'close-only', 'trading-disabled');
type Obstacle = ReturnType<typeof obstacle.generate>['value'];

/** Puts an obstacle in the way, or takes it away. */
async function set(ledger: WatchedLedger, what: Obstacle, isThere: boolean): Promise<void> {
  const asking = { commandid: newId() };
  if (what === 'trading-halted') await ledger.send(aCommand(isThere ? 'HaltTrading' : 'ResumeTrading', {}, asking));
  else if (what === 'close-only') await ledger.send(aCommand('SetCloseOnly', { closeOnly: isThere }, asking));
  else await ledger.report(anEvent('AccountUpdated', { tradingDisabled: isThere }, { id: newId() }));
}

describe('ledger', () => {
  it('commits what waits together and tells it once', async () => {
    const ledger = new WatchedLedger();
    for (let count = 0; count < 5; count += 1) void ledger.report(fact(), fact());
    await ledger.end();
    expect(ledger.log.batches).toHaveLength(1);
    expect(ledger.feed).toMatchObject([{ first: 1, last: 10 }]);
    expect(await ledger.log.checkpoint()).toMatchObject({ incarnation: 'memory', sequence: 5 });
  });

  it('lets the next pile up while one is being committed', async () => {
    const ledger = new WatchedLedger();
    await ledger.whileCommitting(() => {
      for (let count = 0; count < 9; count += 1) void ledger.report(fact());
    });
    await ledger.end();
    expect(ledger.log.batches.map(({ events }) => events.length)).toEqual([1, 9]);
    expect(ledger.feed).toMatchObject([
      { first: 1, last: 1 },
      { first: 2, last: 10 },
    ]);
  });

  it('answers a command after its commit, with its position', async () => {
    const ledger = new WatchedLedger();
    expect(await ledger.send(register())).toMatchObject({ ok: true, position: 1 });
    expect(await ledger.send(place())).toMatchObject({ ok: true, position: 2 });
    expect(await ledger.send(aCommand('PlaceOrder', { instrument: 'NOPE' }, { commandid: newId() }))).toEqual({
      ok: false,
      refusal: { reason: 'unknown-instrument', text: null },
    });
    expect(await ledger.types()).toEqual(['AccountRegistered', 'OrderRequested', 'CommandRefused']);
    await ledger.end();
  });

  it('gives a repeated command its first answer, also after a restart', async () => {
    const ledger = new WatchedLedger();
    await ledger.send(register());
    const command = place();
    const first = await ledger.send(command);
    expect(await ledger.send(command)).toEqual(first);
    await ledger.end();

    const next = ledger.restart({ market: () => null });
    expect(await next.send(command)).toEqual(first);
    expect(await next.types()).toEqual(['AccountRegistered', 'OrderRequested']);
    await next.end();
  });

  it('remembers refusals that stand like any answer', async () => {
    const ledger = new WatchedLedger();
    await ledger.send(register());
    const command = aCommand('PlaceOrder', { instrument: 'LATER' }, { commandid: newId() });
    const first = await ledger.send(command);
    expect(first).toEqual({ ok: false, refusal: { reason: 'unknown-instrument', text: null } });
    await ledger.end();
    const next = ledger.restart({
      market: () => ({ venue: 'demo', instruments: [anInstrument({ instrument: 'LATER' })], quotes: [] }),
    });
    expect(await next.send(command)).toEqual(first);
    await next.end();
  });

  it('takes a command later that was refused in passing: whatever had passed, and once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(obstacle, { maxLength: 4 }), fc.boolean(), async (obstacles, restarts) => {
        let ledger = new WatchedLedger();
        const command = place();
        expect(await ledger.send(command)).toMatchObject({ refusal: { reason: 'unknown-account' } });
        await ledger.send(register());
        for (const each of obstacles) {
          await set(ledger, each, true);
          expect(await ledger.send(command)).toMatchObject({ ok: false, refusal: { reason: each } });
          await set(ledger, each, false);
        }
        if (restarts) {
          await ledger.end();
          ledger = ledger.restart();
        }
        const answers = await Promise.all(Array.from({ length: 100 }, () => ledger.send(command)));
        expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
        expect(answers[0]).toMatchObject({ ok: true });
        for (const each of obstacles) await set(ledger, each, true);
        expect(await ledger.send(command)).toEqual(answers[0]);
        await ledger.end();
        expect((await ledger.types()).filter((type) => type === 'OrderRequested')).toHaveLength(1);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps a refusal that passes where it left a trace: what it ended stays ended', async () => {
    const ledger = new WatchedLedger();
    await ledger.send(register());
    const order = place();
    await ledger.send(order);
    await ledger.send(aCommand('HaltTrading', {}, { commandid: newId() }));
    const claim = dispatch(order.commandid);
    const refused = { ok: false, refusal: { reason: 'trading-halted', text: null } };
    expect(await ledger.send(claim)).toEqual(refused);
    await ledger.send(aCommand('ResumeTrading', {}, { commandid: newId() }));
    expect(await ledger.send(claim)).toEqual(refused);
    await ledger.end();
  });

  it.each(exampleCommandTypes)('refuses %s under the id of another, also after a restart', async (type) => {
    const ledger = new WatchedLedger();
    await ledger.send(register());
    const taken = place();
    const first = await ledger.send(taken);
    const other = aCommand(type, type === 'PlaceOrder' ? { volumeLots: '0.2' } : {}, { commandid: taken.commandid });
    const reused = { ok: false, refusal: { reason: 'command-id-reused', text: null } };
    expect(await ledger.send(other)).toEqual(reused);
    expect(await ledger.send({ ...taken, subject: newId() })).toEqual(reused);
    await ledger.end();
    const next = ledger.restart();
    expect(await next.send(other)).toEqual(reused);
    expect(
      await next.send({ ...taken, source: 'another@1', correlationid: newId(), time: '2026-01-05T11:00:00.000000Z' }),
    ).toEqual(first);
    await next.end();
    expect(await next.types()).toEqual(['AccountRegistered', 'OrderRequested']);
  });

  it('knows a signal and a decision again by what their sender said, whatever we made of it', async () => {
    const ledger = new WatchedLedger();
    await ledger.send(register());
    const signal = aCommand('ReceiveSignal', {}, { commandid: newId() });
    const first = await ledger.send(signal);
    const renamed = { ...signal.data.signal, strategyName: 'another' };
    expect(await ledger.send({ ...signal, data: { signal: renamed, order: null, maxAgeMs: 1 } })).toEqual(first);
    const decision = aCommand('RecordStrategy', {}, { commandid: newId() });
    const recorded = await ledger.send(decision);
    expect(await ledger.send({ ...decision, data: { ...decision.data, name: 'another' } })).toEqual(recorded);
    await ledger.end();
  });

  it('decides commands of one batch one after the other', async () => {
    const ledger = new WatchedLedger();
    await ledger.send(register());
    const order = place();
    let answers: Promise<Answer>[] = [];
    await ledger.whileCommitting(() => {
      answers = [order, dispatch(order.commandid), dispatch(order.commandid)].map((each) => ledger.send(each));
    });
    expect(await Promise.all(answers)).toMatchObject([
      { ok: true, position: 3 },
      { ok: true, position: 4 },
      { ok: false, refusal: { reason: 'already-dispatched' } },
    ]);
    expect(ledger.log.batches).toHaveLength(3);
    await ledger.end();
  });

  it('puts what commands led to before the facts of a batch', async () => {
    const ledger = new WatchedLedger();
    await ledger.send(register());
    let answer = Promise.resolve<Answer | null>(null);
    await ledger.whileCommitting(() => {
      void ledger.report(fact());
      answer = ledger.send(place());
    });
    expect(await answer).toMatchObject({ position: 3 });
    await ledger.end();
    expect(await ledger.types()).toEqual(['AccountRegistered', 'EquityMarked', 'OrderRequested', 'EquityMarked']);
  });

  it('says what caused what', async () => {
    const ledger = new WatchedLedger();
    await ledger.send(register());
    const order = place();
    await ledger.send(order);
    await ledger.send(dispatch(order.commandid));
    await ledger.end();
    const [requested, dispatched] = ledger.feed.flatMap(({ events }) => events).slice(1);
    expect(requested).toMatchObject({ causationid: order.commandid, correlationid: exampleId(0xc1) });
    expect(dispatched).toMatchObject({ type: 'RequestDispatched', causationid: requested?.id });
  });

  it('decides against facts as well as decisions', async () => {
    const ledger = new WatchedLedger();
    await ledger.send(register());
    const order = place();
    await ledger.send(order);
    await ledger.send(dispatch(order.commandid));
    void ledger.report(anEvent('RequestRejected', { requestId: order.commandid }, { id: newId() }));
    while (ledger.log.batches.length < 4) await turn();
    expect(await ledger.send(dispatch(order.commandid))).toMatchObject({ refusal: { reason: 'already-settled' } });
    await ledger.end();
  });

  it('refuses before it knows what can be traded, and the next one that knows takes the same command', async () => {
    const ledger = new WatchedLedger({ market: () => null });
    await ledger.send(register());
    const order = place();
    expect(await ledger.send(order)).toMatchObject({ refusal: { reason: 'instruments-unavailable' } });
    await ledger.end();
    const next = ledger.restart();
    expect(await next.send(order)).toMatchObject({ ok: true });
    await next.end();
  });

  it('refuses a command whose event the log could not hold', async () => {
    const ledger = new WatchedLedger();
    const command = aCommand('HaltTrading', { note: '\u0000' }, { commandid: newId(), subject: SYSTEM_ACCOUNT });
    expect(await ledger.send(command)).toMatchObject({ refusal: { reason: 'malformed' } });
    expect(await ledger.types()).toEqual([]);
    await ledger.end();
  });

  it('confirms what is sent again and records it once', async () => {
    const ledger = new WatchedLedger();
    const event = fact();
    void ledger.report(event);
    while (ledger.feed.length === 0) await turn();
    void ledger.report(event);
    await ledger.end();
    expect(ledger.feed[1]).toEqual({
      first: 0,
      last: 0,
      events: [],
      known: [{ id: event.id, position: 1 }],
      refused: [],
    });
  });

  it('quarantines what is no fact, tells its sender, and goes on', async () => {
    const ledger = new WatchedLedger();
    const bad = { ...fact(), subject: exampleId(0xbad) };
    void ledger.report(fact(), bad, fact());
    await ledger.end();
    expect(await ledger.types()).toEqual(['EquityMarked', 'EquityMarked', 'MessageQuarantined']);
    expect(ledger.feed[0]?.refused).toEqual([{ id: bad.id, reason: 'malformed' }]);
    expect(ledger.feed[0]?.events[2]).toMatchObject({ subject: SYSTEM_ACCOUNT, data: { reason: 'malformed' } });
    expect(ledger.log.store.quarantine.size).toBe(1);
  });

  it('quarantines an id that was used for something else, once', async () => {
    const ledger = new WatchedLedger();
    const event = fact();
    const forged = anEvent('EquityMarked', { equity: '1' }, { id: event.id });
    void ledger.report(event, forged);
    while (ledger.log.batches.length < 2) await turn();
    // Seen again later, by somebody else: the same case.
    void ledger.report({
      ...forged,
      time: '2026-01-05T10:00:09.000000Z',
      source: 'other@spec',
      correlationid: newId(),
    });
    await ledger.end();
    expect(await ledger.types()).toEqual(['EquityMarked', 'MessageQuarantined']);
    const refused = ledger.feed.flatMap((batch) => batch.refused);
    expect(refused).toEqual(Array(2).fill({ id: event.id, reason: 'same-id-other-content' }));
  });

  it('tells little of a flood for accounts that nobody registered, and in the end refuses each of its events', async () => {
    let ms = 0;
    const ledger = new WatchedLedger({ steadyMs: () => ms });
    await ledger.report(fact());
    const refused = () => new Set(ledger.feed.flatMap((batch) => batch.refused.map(({ id }) => id)));
    const quarantined = async () => (await ledger.types()).filter((type) => type === 'MessageQuarantined').length;
    const flood = Array.from({ length: 100 }, () => {
      const [stranger, id] = [newId(), newId()];
      const events = [anEvent('EquityMarked', {}, { subject: stranger, id })];
      return { stranger, id, body: Buffer.from(JSON.stringify({ batchid: newId(), events })) };
    });
    for (let minute = 1; refused().size < flood.length; minute += 1) {
      const unheard = flood.filter(({ id }) => !refused().has(id));
      for (const { stranger, body } of unheard) await ledger.deliver(stranger, body);
      expect(await quarantined()).toBe(Math.min(16 * minute, flood.length));
      ms += 60_000;
    }
    await ledger.end();
  });

  it('shows the last event when it starts, for whoever missed it', async () => {
    const ledger = new WatchedLedger();
    void ledger.report(fact(), fact());
    await ledger.end();
    const next = ledger.restart();
    await next.end();
    expect(next.feed).toMatchObject([{ first: 2, last: 2 }]);
  });

  it('records no time before the last one, though the clock steps back, also over a restart', async () => {
    let clock = '2026-01-05T10:00:00.000002Z';
    const ledger = new WatchedLedger({ now: () => clock });
    await ledger.send(register());
    clock = '2026-01-05T09:00:00.000000Z';
    expect(await ledger.send(place())).toMatchObject({ ok: true, position: 2 });
    await ledger.report(fact());
    await ledger.end();
    const next = ledger.restart({ now: () => clock });
    expect(await next.send(place())).toMatchObject({ ok: true, position: 4 });
    clock = '2026-01-05T10:00:00.000003Z';
    expect(await next.send(place())).toMatchObject({ ok: true, position: 5 });
    await next.end();
    const times: string[] = [];
    for await (const page of next.log.read(0)) times.push(...page.map(({ recordedtime }) => recordedtime.slice(-7)));
    expect(times).toEqual(['000002Z', '000002Z', '000002Z', '000002Z', '000003Z']);
  });

  it('goes on after the clock stepped back over a batch that recorded nothing', async () => {
    let clock = '2026-01-05T10:00:00.000002Z';
    const ledger = new WatchedLedger({ now: () => clock });
    expect(await ledger.send(place())).toMatchObject({ ok: false });
    clock = '2026-01-05T09:00:00.000000Z';
    expect(await ledger.send(register())).toMatchObject({ ok: true, position: 1 });
    await ledger.end();
  });

  it('leaves those unanswered who ask while too much is under way', async () => {
    const ledger = new WatchedLedger({ settings: { waitingCommandsMax: 1 } });
    const [first, second] = [register(), place()];
    const answer = ledger.send(first);
    await expect(ledger.send(second)).rejects.toMatchObject({ code: 'ledger-unavailable' });
    expect(await answer).toMatchObject({ ok: true, position: 1 });
    expect(await ledger.send(second)).toMatchObject({ ok: true, position: 2 });
    await ledger.end();
  });

  it('ends when another writer has taken over', async () => {
    const ledger = new WatchedLedger();
    await ledger.send(register());
    new MemoryEventLog(ledger.log.store);
    void ledger.report(fact());
    await expect(ledger.running).rejects.toMatchObject({ code: 'log-fenced' });
  });
});

describe('a clock that jumps', () => {
  const START = toMs(exampleNow);

  /** A ledger whose clocks go apart as the spec wants them to. */
  function clocked() {
    const time = { wallMs: START, steadyMs: 0 };
    const settings = { marketOrderMaxAgeMs: 30_000 };
    const options = { now: () => instantFromMs(time.wallMs), steadyMs: () => time.steadyMs, settings };
    const pass = (ms: number): void => {
      time.wallMs += ms;
      time.steadyMs += ms;
    };
    const ledger = new WatchedLedger(options);
    return { ledger, time, pass, restart: () => ledger.restart(options) };
  }

  const wish = async (ledger: WatchedLedger): Promise<string> => {
    const { commandid, ...command } = place();
    expect(await ledger.send({ ...command, commandid })).toMatchObject({ ok: true });
    return commandid;
  };

  it.each([600_000, -600_000])('by %d ms makes no request older, nor younger', async (leap) => {
    const { ledger, time, pass } = clocked();
    await ledger.send(register());
    const [before, fresh, old] = [await wish(ledger), await wish(ledger), await wish(ledger)];
    time.wallMs += leap;
    expect(await ledger.send(dispatch(before))).toMatchObject({ ok: true });
    const during = await wish(ledger);
    time.wallMs -= leap;
    pass(29_000);
    expect(await ledger.send(dispatch(fresh))).toMatchObject({ ok: true });
    pass(2_000);
    expect(await ledger.send(dispatch(old))).toMatchObject({ refusal: { reason: 'too-old' } });
    expect(await ledger.send(dispatch(during))).toMatchObject({ refusal: { reason: 'too-old' } });
    await ledger.end();
  });

  it('ahead and back leaves decisions at the present, and the order of the log as it was', async () => {
    const { ledger, time, pass } = clocked();
    await ledger.send(register());
    time.wallMs += 600_000;
    await ledger.send(place());
    time.wallMs -= 600_000;
    pass(1_000);
    const signal = { ...exampleSignal, sentAt: instantFromMs(START) };
    const order = { instrument: 'EURUSD', volumeLots: '0.1' } as const;
    await ledger.send(aCommand('ReceiveSignal', { signal, order }, { commandid: newId() }));
    expect(ledger.events.slice(2)).toMatchObject([
      { type: 'SignalReceived', time: instantFromMs(START + 1_000) },
      { type: 'OrderRequested', time: instantFromMs(START + 1_000) },
    ]);
    const times = ledger.events.map(({ recordedtime }) => recordedtime);
    expect(times).toEqual(times.toSorted());
    await ledger.end();
  });

  it('and a restart in the time that was wrong leave no request to be sent late', async () => {
    const { ledger, time, pass, restart } = clocked();
    await ledger.send(register());
    time.wallMs += 600_000;
    const ahead = await wish(ledger);
    await ledger.end();
    time.wallMs -= 600_000;
    pass(45_000);
    const next = restart();
    expect(await next.send(dispatch(ahead))).toMatchObject({ refusal: { reason: 'too-old' } });
    await next.end();
  });
});
