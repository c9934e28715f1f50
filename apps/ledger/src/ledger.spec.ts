import type { Answer, Command } from '@core/contracts/command';
import { aCommand, exampleNow } from '@core/contracts/command-examples';
import type { Event } from '@core/contracts/event';
import { anEvent, exampleAccount, exampleId } from '@core/contracts/examples';
import type { FeedBatch } from '@core/contracts/feed';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import { eurusdTerms } from '@core/contracts/examples';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import type { AppendBatch } from '@core/event-log/event-log';
import { MemoryEventLog } from '@core/event-log/memory-event-log';
import { newId } from '@core/service/clock';
import { Registry } from 'prom-client';
import { Aggregates } from './aggregates.ts';
import { CommandDesk } from './command-desk.ts';
import { FirstAnswers } from './first-answers.ts';
import type { Instruments } from './instruments.ts';
import { readIntakeMessage } from './intake-message.ts';
import { Ledger } from './ledger.ts';
import { LedgerMetrics } from './metrics.ts';
import { WaitingLine } from './waiting-line.ts';

const eurusd: InstrumentSpec = {
  venue: 'demo',
  instrument: 'EURUSD',
  description: 'Euro / US dollar',
  category: 'forex',
  contract: eurusdTerms,
  marginCurrency: 'EUR',
  minLots: '0.01',
  maxLots: '100',
  stepLots: '0.01',
  tickSize: '0.00001',
  pipSize: '0.0001',
  marginPercent: '1',
  stopsLevelPoints: 0,
  swapLong: '0',
  swapShort: '0',
  tradable: true,
};

/** Counts its transactions, and can be made to wait or to fail. */
class WatchedLog extends MemoryEventLog {
  readonly batches: AppendBatch[] = [];
  gate: Promise<void> = Promise.resolve();

  override async append(batch: AppendBatch) {
    this.batches.push(batch);
    await this.gate;
    return super.append(batch);
  }
}

class Bench {
  readonly log: WatchedLog;
  readonly feed: FeedBatch[] = [];
  readonly line = new WaitingLine({
    batchEventsMax: 1_000,
    batchBytesMax: 1e6,
    batchCommandsMax: 200,
    waitingEventsMax: 1e6,
  });
  readonly running: Promise<void>;
  private readonly desk: CommandDesk;
  private sequence = 0;

  constructor(store = new MemoryEventLog().store, prices: 'eurusd' | 'unavailable' = 'eurusd') {
    this.log = new WatchedLog(store);
    const { log, line } = this;
    const aggregates = new Aggregates(log, 100);
    const instruments: Pick<Instruments, 'prepare' | 'lookUp'> = {
      prepare: async () => undefined,
      lookUp: (_, name) => (prices === 'unavailable' ? 'unavailable' : name === eurusd.instrument ? eurusd : 'unknown'),
    };
    const limits = { waitingCommandsMax: 100, requestMaxAgeMs: 30_000 };
    const stamp = { newId, source: 'ledger@spec' };
    this.desk = new CommandDesk(
      line,
      aggregates,
      new FirstAnswers(log, 100),
      instruments as Instruments,
      stamp,
      limits,
    );
    const metrics = new LedgerMetrics(new Registry(), () => line.depth);
    const publish = (body: string) => void this.feed.push(JSON.parse(body) as FeedBatch);
    const parts = { log, line, desk: this.desk, aggregates, metrics, publish, newId, source: 'ledger@spec' };
    const ledger = new Ledger({ ...parts, now: () => exampleNow });
    this.running = ledger.prepare().then(() => ledger.run());
  }

  submit(command: Command): Promise<Answer> {
    return this.desk.submit(command);
  }

  send(...events: readonly Event[]): void {
    this.sequence += 1;
    const subject = subjects.intake(events[0]?.subject ?? exampleAccount);
    const body = Buffer.from(JSON.stringify({ batchid: exampleId(this.sequence), events }));
    const message = readIntakeMessage(subject, 'intake', body);
    const checkpoint = { incarnation: 'a', sequence: this.sequence, batchid: message.identity };
    void this.line.addMessage({ message, checkpoint });
  }

  /** Runs `work` while a transaction is under way, so that what it adds goes together into the next. */
  async whileCommitting(work: () => void): Promise<void> {
    let open = (): void => undefined;
    const before = this.log.batches.length;
    this.log.gate = new Promise((resolve) => (open = resolve));
    this.send(fact());
    while (this.log.batches.length === before) await turn();
    work();
    for (let turns = 0; turns < 20; turns += 1) await turn();
    open();
  }

  /** Everything that waits is committed and told. */
  async end(): Promise<void> {
    this.line.close();
    await this.running;
  }

  async types(): Promise<string[]> {
    const types: string[] = [];
    for await (const page of this.log.read(0)) types.push(...page.map(({ type }) => type));
    return types;
  }
}

const register = () => aCommand('RegisterAccount', {}, { commandid: newId() });
const place = (commandid = newId()) => aCommand('PlaceOrder', {}, { commandid, correlationid: exampleId(0xc1) });
const dispatch = (requestId: string) => aCommand('DispatchRequest', { requestId }, { commandid: newId() });
const turn = () => new Promise((resolve) => setImmediate(resolve));
const fact = () => anEvent('EquityMarked', {}, { id: newId() });

describe('ledger', () => {
  it('commits what waits together and tells it once', async () => {
    const bench = new Bench();
    for (let count = 0; count < 5; count += 1) bench.send(fact(), fact());
    await bench.end();
    expect(bench.log.batches).toHaveLength(1);
    expect(bench.feed).toMatchObject([{ first: 1, last: 10 }]);
    expect(await bench.log.checkpoint()).toMatchObject({ incarnation: 'a', sequence: 5 });
  });

  it('lets the next pile up while one is being committed', async () => {
    const bench = new Bench();
    await bench.whileCommitting(() => {
      for (let count = 0; count < 9; count += 1) bench.send(fact());
    });
    await bench.end();
    expect(bench.log.batches.map(({ events }) => events.length)).toEqual([1, 9]);
    expect(bench.feed).toMatchObject([
      { first: 1, last: 1 },
      { first: 2, last: 10 },
    ]);
  });

  it('answers a command after its commit, with its position', async () => {
    const bench = new Bench();
    expect(await bench.submit(register())).toMatchObject({ ok: true, position: 1 });
    expect(await bench.submit(place())).toMatchObject({ ok: true, position: 2 });
    expect(await bench.submit(aCommand('PlaceOrder', { instrument: 'NOPE' }, { commandid: newId() }))).toEqual({
      ok: false,
      refusal: { reason: 'unknown-instrument', text: null },
    });
    expect(await bench.types()).toEqual(['AccountRegistered', 'OrderRequested']);
    await bench.end();
  });

  it('gives a repeated command its first answer, also after a restart', async () => {
    const bench = new Bench();
    await bench.submit(register());
    const command = place();
    const first = await bench.submit(command);
    expect(await bench.submit(command)).toEqual(first);
    await bench.end();

    const next = new Bench(bench.log.store, 'unavailable');
    expect(await next.submit(command)).toEqual(first);
    expect(await next.types()).toEqual(['AccountRegistered', 'OrderRequested']);
    await next.end();
  });

  it('remembers refusals like any answer', async () => {
    const bench = new Bench();
    const command = place();
    const first = await bench.submit(command);
    expect(first).toEqual({ ok: false, refusal: { reason: 'unknown-account', text: null } });
    await bench.submit(register());
    await bench.end();
    const next = new Bench(bench.log.store);
    expect(await next.submit(command)).toEqual(first);
    await next.end();
  });

  it('decides commands of one batch one after the other', async () => {
    const bench = new Bench();
    await bench.submit(register());
    const order = place();
    let answers: Promise<Answer>[] = [];
    await bench.whileCommitting(() => {
      answers = [order, dispatch(order.commandid), dispatch(order.commandid)].map((each) => bench.submit(each));
    });
    expect(await Promise.all(answers)).toMatchObject([
      { ok: true, position: 3 },
      { ok: true, position: 4 },
      { ok: false, refusal: { reason: 'already-dispatched' } },
    ]);
    expect(bench.log.batches).toHaveLength(3);
    await bench.end();
  });

  it('puts what commands led to before the facts of a batch', async () => {
    const bench = new Bench();
    await bench.submit(register());
    let answer = Promise.resolve<Answer | null>(null);
    await bench.whileCommitting(() => {
      bench.send(fact());
      answer = bench.submit(place());
    });
    expect(await answer).toMatchObject({ position: 3 });
    await bench.end();
    expect(await bench.types()).toEqual(['AccountRegistered', 'EquityMarked', 'OrderRequested', 'EquityMarked']);
  });

  it('says what caused what', async () => {
    const bench = new Bench();
    await bench.submit(register());
    const order = place();
    await bench.submit(order);
    await bench.submit(dispatch(order.commandid));
    await bench.end();
    const [requested, dispatched] = bench.feed.flatMap(({ events }) => events).slice(1);
    expect(requested).toMatchObject({ causationid: order.commandid, correlationid: exampleId(0xc1) });
    expect(dispatched).toMatchObject({ type: 'OrderDispatched', causationid: requested?.id });
  });

  it('decides against facts as well as decisions', async () => {
    const bench = new Bench();
    await bench.submit(register());
    const order = place();
    await bench.submit(order);
    await bench.submit(dispatch(order.commandid));
    bench.send(anEvent('OrderRejected', { orderId: order.commandid }, { id: newId() }));
    while (bench.log.batches.length < 4) await turn();
    expect(await bench.submit(dispatch(order.commandid))).toMatchObject({ refusal: { reason: 'already-settled' } });
    await bench.end();
  });

  it('refuses before it knows what can be traded', async () => {
    const bench = new Bench(undefined, 'unavailable');
    await bench.submit(register());
    expect(await bench.submit(place())).toMatchObject({ refusal: { reason: 'instruments-unavailable' } });
    await bench.end();
  });

  it('refuses a command whose event the log could not hold', async () => {
    const bench = new Bench();
    const command = aCommand('HaltTrading', { note: '\u0000' }, { commandid: newId(), subject: SYSTEM_ACCOUNT });
    expect(await bench.submit(command)).toMatchObject({ refusal: { reason: 'malformed' } });
    expect(await bench.types()).toEqual([]);
    await bench.end();
  });

  it('confirms what is sent again and records it once', async () => {
    const bench = new Bench();
    const event = fact();
    bench.send(event);
    while (bench.feed.length === 0) await turn();
    bench.send(event);
    await bench.end();
    expect(bench.feed[1]).toEqual({
      first: 0,
      last: 0,
      events: [],
      known: [{ id: event.id, position: 1 }],
      refused: [],
    });
  });

  it('quarantines what is no fact, tells its sender, and goes on', async () => {
    const bench = new Bench();
    const bad = { ...fact(), subject: exampleId(0xbad) };
    bench.send(fact(), bad, fact());
    await bench.end();
    expect(await bench.types()).toEqual(['EquityMarked', 'EquityMarked', 'MessageQuarantined']);
    expect(bench.feed[0]?.refused).toEqual([{ id: bad.id, reason: 'malformed' }]);
    expect(bench.feed[0]?.events[2]).toMatchObject({ subject: SYSTEM_ACCOUNT, data: { reason: 'malformed' } });
    expect(bench.log.store.quarantine.size).toBe(1);
  });

  it('quarantines an id that was used for something else, once', async () => {
    const bench = new Bench();
    const event = fact();
    const forged = anEvent('EquityMarked', { equity: '1' }, { id: event.id });
    bench.send(event, forged);
    while (bench.log.batches.length < 2) await turn();
    bench.send(forged);
    await bench.end();
    expect(await bench.types()).toEqual(['EquityMarked', 'MessageQuarantined']);
    const refused = bench.feed.flatMap((batch) => batch.refused);
    expect(refused).toEqual(Array(2).fill({ id: event.id, reason: 'same-id-other-content' }));
  });

  it('shows the last event when it starts, for whoever missed it', async () => {
    const bench = new Bench();
    bench.send(fact(), fact());
    await bench.end();
    const next = new Bench(bench.log.store);
    await next.end();
    expect(next.feed).toMatchObject([{ first: 2, last: 2 }]);
  });

  it('ends when another writer has taken over', async () => {
    const bench = new Bench();
    await bench.submit(register());
    new MemoryEventLog(bench.log.store);
    bench.send(fact());
    await expect(bench.running).rejects.toMatchObject({ code: 'log-fenced' });
  });
});
