import { aCommand } from '@core/contracts/command-examples.fixture';
import type { CommandBody } from '@core/contracts/command';
import type { Event } from '@core/contracts/event';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { SYSTEM_ACCOUNT, type AccountId } from '@core/contracts/primitives';
import { newId, now } from '@core/service/clock';
import { MemoryLedger } from '@core/testing/memory-ledger';
import { turn } from './watched-ledger.fixture.ts';

const [ada, bob] = [exampleId(0xada), exampleId(0xb0b)];

describe('a kill switch', () => {
  let ledger: MemoryLedger;
  beforeEach(async () => {
    ledger = new MemoryLedger();
    for (const subject of [ada, bob]) {
      await ledger.send(aCommand('RegisterAccount', {}, { subject, commandid: newId() }));
      await observed(subject, anEvent('OrderWorking'), anEvent('PositionOpened'));
    }
  });
  afterEach(() => ledger.end());

  const observed = (subject: AccountId, ...events: Event[]) =>
    ledger.report(...events.map((event) => ({ ...event, subject, id: newId() })));
  const halt = (clearing: CommandBody<'HaltTrading'>['data']['clearing'], subject: AccountId = SYSTEM_ACCOUNT) =>
    ledger.send(aCommand('HaltTrading', clearing ? { clearing } : {}, { subject, commandid: newId() }));
  /** What was asked of brokers, by account. */
  const asked = (subject: AccountId) =>
    ledger.events
      .filter((event) => event.subject === subject)
      .filter(({ type }) => type === 'CancellationRequested' || type === 'CloseRequested')
      .map(({ type }) => type);
  /** Everything that follows is done: nothing of it waits for anything but turns of the loop. */
  const settled = async (): Promise<void> => {
    for (let turns = 0; turns < 100; turns += 1) await turn();
  };
  const settles = async (subject: AccountId, types: readonly string[]): Promise<void> => {
    await settled();
    expect(asked(subject)).toEqual(types);
  };

  it('of everyone cancels what stands in every account, under the halt’s own correlation', async () => {
    await halt('orders');
    for (const account of [ada, bob]) await settles(account, ['CancellationRequested']);
    const [halted, ...cancellations] = ledger.events.filter(({ type }) => /Halted|Cancellation/.test(type));
    expect(new Set(cancellations.map(({ correlationid }) => correlationid))).toEqual(new Set([halted?.correlationid]));
  });

  it('closes what is open if that is asked for, and of one account concerns nobody else', async () => {
    await halt('orders-and-positions', ada);
    await settles(ada, ['CancellationRequested', 'CloseRequested']);
    await settles(bob, []);
  });

  it('of an account that moves clears it as soon as it stays after all, or has arrived', async () => {
    const moveId = exampleId(0x307e);
    const asking = (type: 'BeginMove' | 'TakeBackMove') =>
      ledger.send(aCommand(type, { moveId }, { subject: ada, commandid: newId() }));
    await asking('BeginMove');
    await halt('orders-and-positions', ada);
    await settles(ada, []);
    await asking('TakeBackMove');
    await settles(ada, ['CancellationRequested', 'CloseRequested']);
  });

  it('may be pulled further, and clears nothing of its own accord', async () => {
    await halt(undefined);
    await settles(ada, []);
    await halt('orders');
    await settles(ada, ['CancellationRequested']);
    await halt('orders-and-positions');
    await settles(ada, ['CancellationRequested', 'CloseRequested']);
    await settles(bob, ['CancellationRequested', 'CloseRequested']);
  });

  it('does not send what nobody has claimed yet', async () => {
    const orderId = newId();
    await ledger.send(aCommand('PlaceOrder', {}, { subject: ada, commandid: orderId }));
    await halt('orders');
    await settled();
    expect(ledger.events).toContainEqual(
      expect.objectContaining({ type: 'RequestExpired', data: expect.objectContaining({ requestId: orderId }) }),
    );
  });

  it('takes what turns up late as well, until trading goes on', async () => {
    await halt('orders-and-positions');
    for (const account of [ada, bob]) await settles(account, ['CancellationRequested', 'CloseRequested']);
    await observed(ada, anEvent('PositionOpened', { positionId: exampleId(1), orderId: null }));
    await settles(ada, ['CancellationRequested', 'CloseRequested', 'CloseRequested']);
    await ledger.send(aCommand('ResumeTrading', {}, { subject: SYSTEM_ACCOUNT, commandid: newId() }));
    await observed(bob, anEvent('PositionOpened', { positionId: exampleId(2), orderId: null }));
    await settles(bob, ['CancellationRequested', 'CloseRequested']);
  });

  it('of everyone goes on where the ledger was stopped', async () => {
    await ledger.end();
    const { log } = ledger;
    const halted = anEvent('TradingHalted', { clearing: 'orders' }, { subject: SYSTEM_ACCOUNT, id: newId() });
    const nothing = { answers: [], quarantined: [], checkpoint: null };
    await log.append({ events: [halted], ...nothing, recordedtime: now() });
    ledger = new MemoryLedger({ log });
    for (const account of [ada, bob]) await settles(account, ['CancellationRequested']);
  });
});
