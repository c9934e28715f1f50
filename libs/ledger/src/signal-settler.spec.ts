import { aCommand, exampleSignal } from '@core/contracts/command-examples.fixture';
import type { Event, RecordedEvent } from '@core/contracts/event';
import type { Signal } from '@core/contracts/events/signal';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { anInstrument } from '@core/contracts/market/example.fixture';
import { newId } from '@core/service/clock';
import { turn, WatchedLedger } from './watched-ledger.fixture.ts';

const [opening, next] = [exampleId(0x51), exampleId(0x52)];
const POSITION = exampleId(0xd);

describe('a signal whose last request is done', () => {
  let ledger: WatchedLedger;
  beforeEach(async () => {
    ledger = new WatchedLedger({
      market: () => ({ venue: 'demo', instruments: [anInstrument({ instrument: 'GOLD' })], quotes: [] }),
    });
    await ledger.send(aCommand('RegisterAccount', {}, { commandid: newId() }));
  });
  afterEach(() => ledger.end());

  const signalled = async (signalId: string, said: Partial<Signal> = {}) => {
    const answer = await ledger.send(
      aCommand('ReceiveSignal', { signal: { ...exampleSignal, signalId, ...said } }, { commandid: signalId }),
    );
    expect(answer).toMatchObject({ ok: true });
  };
  const last = <Type extends RecordedEvent['type']>(type: Type) =>
    ledger.events.findLast((event): event is RecordedEvent & { type: Type } => event.type === type);
  const opened = (positionId: string) => {
    const { orderId, signal } = last('OrderRequested')?.data ?? { orderId: '', signal: null };
    return anEvent('PositionOpened', { positionId, orderId, signal }, { id: newId() });
  };
  const closed = (positionId: string, requestId: string | null = last('CloseRequested')?.data.requestId ?? '') =>
    anEvent('PositionClosed', { positionId, requestId }, { id: newId() });
  /** The signals that were executed by what was reported, as far as it leads by itself. */
  const executedBy = async (...facts: Event[]) => {
    const before = ledger.events.length;
    await ledger.report(...facts);
    for (let turns = 0; turns < 50; turns += 1) await turn();
    const executed = ledger.events.slice(before).filter((event) => event.type === 'SignalExecuted');
    return executed.map(({ data, correlationid }) => [data.signalId, data.requestIds.length, correlationid]);
  };

  it('is executed with the next transaction: entry, exit', async () => {
    await signalled(opening);
    expect(await executedBy(opened(POSITION))).toEqual([[opening, 1, opening]]);
    await signalled(next, { kind: 'close' });
    expect(await executedBy(closed(POSITION))).toEqual([[next, 1, next]]);
  });

  it('is not while its open leg is to be asked for', async () => {
    await signalled(opening);
    await executedBy(opened(POSITION));
    await signalled(next, { kind: 'reopen' });
    expect(await executedBy(closed(POSITION))).toEqual([]);
    expect(ledger.decided.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
    const { integrationId, strategyId } = exampleSignal;
    await ledger.send(
      aCommand('ContinueSignal', { signalId: next, integrationId, strategyId }, { commandid: exampleId(0xc) }),
    );
    expect(await executedBy(opened(exampleId(0xe)))).toEqual([[next, 2, next]]);
  });

  it('is left to who follows it where more than one fact decides', async () => {
    await signalled(opening);
    await executedBy(opened(POSITION), opened(exampleId(0xe)));
    await signalled(next, { kind: 'close' });
    expect(await executedBy(closed(POSITION), closed(exampleId(0xe)))).toEqual([]);
  });

  it('is left to who follows it where somebody else did what it wanted', async () => {
    await signalled(opening);
    await executedBy(opened(POSITION));
    await signalled(next, { kind: 'close' });
    expect(await executedBy(closed(POSITION, null))).toEqual([]);
  });
});
