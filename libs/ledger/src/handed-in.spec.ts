import { aCommand, exampleNow } from '@core/contracts/command-examples.fixture';
import { anEvent, exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import { QUARANTINED_BYTES_MAX } from '@core/contracts/quarantined-bytes';
import { SYSTEM_ACCOUNT, type Decimal } from '@core/contracts/primitives';
import { present } from '@core/kernel/present';
import { newId } from '@core/service/clock';
import { readHandedIn } from './handed-in.ts';
import { WatchedLedger } from './watched-ledger.fixture.ts';

const register = () => aCommand('RegisterAccount', {}, { commandid: newId() });
const aMark = (equity: Decimal = '10010') => anEvent('EquityMarked', { equity }, { id: newId() });
const batchOf = (...events: readonly object[]) => Buffer.from(JSON.stringify({ batchid: newId(), events }));

describe('a message of the quarantine that is handed in again', () => {
  let ledger: WatchedLedger;
  beforeEach(() => (ledger = new WatchedLedger()));
  afterEach(() => ledger.end());

  const parked = async (body: Uint8Array): Promise<string> => {
    await ledger.deliver(exampleAccount, body);
    const [messageId] = [...ledger.log.store.quarantine.keys()].slice(-1);
    return present(messageId, 'nothing was parked');
  };
  const ask = (type: 'ReleaseMessage' | 'ReplaceMessage', messageId: string, body = '') =>
    ledger.send(
      aCommand(type, { messageId, ...(body !== '' && { body }) }, { subject: SYSTEM_ACCOUNT, commandid: newId() }),
    );

  it('is recorded with the decision where it reads well by now, in one transaction, once', async () => {
    const mark = aMark();
    const messageId = await parked(batchOf(mark)); // nobody has registered its account yet
    expect(await ask('ReleaseMessage', messageId)).toMatchObject({
      ok: false,
      refusal: { reason: 'message-unreadable', text: expect.stringContaining('is not registered') },
    });
    await ledger.send(register());
    expect(await ask('ReleaseMessage', messageId)).toMatchObject({ ok: true });
    expect(ledger.log.batches.at(-1)?.events.map(({ type }) => type)).toEqual(['MessageReleased', 'EquityMarked']);
    expect(ledger.events.at(-1)).toMatchObject({ id: mark.id, subject: exampleAccount });
    const before = ledger.events.length;
    expect(await ask('ReleaseMessage', messageId)).toMatchObject({ ok: true, eventIds: [] });
    expect(ledger.events).toHaveLength(before);
  });

  it('is replaced by what passes as anything does, and stays as it came', async () => {
    await ledger.send(register());
    const messageId = await parked(Buffer.from('garbage{'));
    const mark = aMark();
    for (const [body, why] of [
      ['{', 'it is not JSON'],
      [JSON.stringify({ ...mark, subject: exampleId(0xbad) }), 'came on the subject of account'],
      [JSON.stringify(anEvent('TradingHalted')), 'only the ledger decides TradingHalted'],
      [JSON.stringify({ batchid: newId(), events: [mark, { ...mark, type: 'Nothing' }] }), 'unknown event type'],
      [JSON.stringify({ batchid: newId(), events: [] }), 'it holds no event'],
    ] as const)
      expect(await ask('ReplaceMessage', messageId, body)).toMatchObject({
        ok: false,
        refusal: { reason: 'message-unreadable', text: expect.stringContaining(why) },
      });
    expect(await ask('ReplaceMessage', messageId, JSON.stringify(mark))).toMatchObject({ ok: true });
    expect(ledger.events.slice(-2)).toMatchObject([
      { type: 'MessageReplaced', subject: SYSTEM_ACCOUNT, data: { operator: 'ada', eventIds: [mark.id] } },
      { id: mark.id },
    ]);
    expect(Buffer.from((await ledger.log.quarantined(messageId))?.body ?? []).toString()).toBe('garbage{');
  });

  it('is not settled by what the log holds under its id already', async () => {
    await ledger.send(register());
    const mark = aMark();
    await ledger.report(mark);
    const messageId = await parked(batchOf({ ...mark, data: { ...mark.data, equity: '7' } }));
    expect(messageId).toContain('INTAKE/');
    for (const answer of [
      await ask('ReleaseMessage', messageId),
      await ask('ReplaceMessage', messageId, JSON.stringify(mark)),
    ])
      expect(answer).toMatchObject({
        ok: false,
        refusal: { reason: 'message-unreadable', text: 'the log holds events of these ids' },
      });
    expect(await ask('ReplaceMessage', messageId, JSON.stringify({ ...mark, id: newId() }))).toMatchObject({
      ok: true,
    });
  });

  it('belongs to the account on whose lane it came', () => {
    const bounds = { now: exampleNow, isRegistered: () => true };
    const body = Buffer.from(JSON.stringify(aMark()));
    const read = (origin: string) => readHandedIn(origin, body, bounds).why;
    expect(read(`intake.${exampleAccount}#17`)).toBeNull();
    expect(read('intake')).toBeNull();
    expect(read(`intake.${exampleId(0xbad)}#17`)).toContain('came on the subject of account');
    const cut = Buffer.alloc(QUARANTINED_BYTES_MAX, ' ');
    expect(readHandedIn('intake', cut, bounds).why).toContain('were kept');
  });
});
