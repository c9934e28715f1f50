import type { Event } from '@core/contracts/event';
import { anEvent, exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { WsSessionHarness, type Client, type Frame } from '../ws-session-harness.fixture.ts';

const otherAccount = exampleId(0xacc2);
const FEATURES = ['sequence', 'snapshot'];
const registered: readonly Event[] = [
  anEvent('AccountRegistered'),
  anEvent('AccountRegistered', { traderId: exampleId(0x7adf) }, { subject: otherAccount }),
];

const position = (n: number, subject = exampleAccount): Event =>
  anEvent('PositionOpened', { positionId: exampleId(0x9000 + n), brokerPosition: String(n) }, { subject });
const told = (client: Client): Frame[] => client.frames.filter(({ sequence }) => sequence !== undefined);

describe('a client that comes back', () => {
  let harness: WsSessionHarness;
  afterEach(() => harness.close());

  const open = async (settings: Record<string, string>): Promise<void> => {
    harness = await WsSessionHarness.open(settings);
    harness.keys.add('everything');
    harness.keys.add('one-account', { accountIds: [otherAccount] });
    await harness.happen(...registered);
  };
  const enter = (secret: string, cursor?: string) =>
    harness.enter(secret, { features: FEATURES, ...(cursor !== undefined && { resume: { cursor } }) });
  const leave = async (client: Client): Promise<string> => {
    const { cursor } = await client.heard('sync_completed');
    client.leave();
    await client.ended();
    return String(cursor);
  };

  it.each([
    ['memory alone', {}, 0],
    ['the log, and memory for the rest', { RECENT_BYTES_MAX: '12000' }, 1],
    ['the log alone', { RECENT_BYTES_MAX: '0' }, 1],
  ])('is told from %s what everybody was told then', async (_where, settings, reads) => {
    await open(settings);
    const witness = await harness.enter('everything', { features: ['sequence'] });
    const cursor = await leave(await enter('everything'));
    await harness.happen(...Array.from({ length: 20 }, (_, n) => position(n)));
    await witness.heard('position.created', 20);
    const reading = jest.spyOn(harness.log, 'readAccount');

    const again = await enter('everything', cursor);
    expect(await again.heard('sync_completed')).toMatchObject({ mode: 'replay' });
    expect(told(again)).toEqual(told(witness));
    expect(reading.mock.calls).toHaveLength(reads);
  });

  describe('to a process that was just started', () => {
    const settings = { RECENT_BYTES_MAX: '0', BOOK_EVERY_EVENTS: '8' };
    const positions = (from: number, count: number) => Array.from({ length: count }, (_, n) => position(from + n));

    it('is told what everybody was told then, from the last book that was kept', async () => {
      await open(settings);
      await harness.happen(...positions(0, 30));
      await harness.part(ProjectionRunner).snapshot();
      await harness.happen(...positions(30, 3));
      const witness = await harness.enter('everything', { features: ['sequence'] });
      const cursor = await leave(await enter('everything'));
      await harness.happen(...positions(40, 20));
      await witness.heard('position.created', 20);
      const { log, kept } = harness;
      await harness.stop();
      harness = await WsSessionHarness.open(settings, log, undefined, kept);
      harness.keys.add('everything');
      const reading = jest.spyOn(log, 'readAccount');

      const again = await enter('everything', cursor);
      expect(await again.heard('sync_completed')).toMatchObject({ mode: 'replay' });
      expect(told(again)).toEqual(told(witness));
      expect(reading.mock.calls).toEqual([[exampleAccount, 31, { position: 35 }]]);
      reading.mockRestore();
    });

    it('waits once for a life that no book was kept of', async () => {
      await open(settings);
      await harness.happen(...positions(0, 30));
      const cursor = await leave(await enter('everything'));
      await harness.happen(...positions(40, 20));
      const reading = jest.spyOn(harness.log, 'readAccount');
      const tales: Frame[][] = [];
      for (let n = 0; n < 2; n += 1) {
        const again = await enter('everything', cursor);
        expect(await again.heard('sync_completed')).toMatchObject({ mode: 'replay' });
        tales.push(told(again));
      }
      expect(tales[1]).toEqual(tales[0]);
      expect(tales[0]).toHaveLength(20);
      expect(reading.mock.calls).toHaveLength(1);
      reading.mockRestore();
    });
  });

  it('is told nothing from memory that its key may not see', async () => {
    await open({});
    const cursor = await leave(await enter('one-account'));
    await harness.happen(position(1), position(2, otherAccount), position(3));
    const again = await enter('one-account', cursor);
    await again.heard('sync_completed');
    expect(again.all('position.created')).toHaveLength(1);
    expect(again.texts.join()).not.toContain(exampleAccount);
  });

  it('between two messages of one event hears all of that event again, and nothing else twice', async () => {
    await open({});
    const stopped = (n: number) =>
      anEvent('PositionClosed', { positionId: exampleId(0x9000 + n), reason: 'stop-out', requestId: null });
    const booked = anEvent('BalanceChanged', {
      operation: { type: 'trading', delta: '-5', reference: exampleId(0x9001), comment: null },
    });
    const client = await enter('everything');
    await harness.happen(position(1), position(2), stopped(1), stopped(2), booked);
    await client.heard('position.closed', 2);
    expect(client.variants.slice(-3)).toEqual(['position.closed', 'account_event.account_update', 'position.closed']);
    const [money, second] = told(client).slice(-2);
    client.leave();

    for (const [cursor, missed] of [
      [money?.cursor, [money, second]],
      [second?.cursor, []],
    ] as const) {
      const again = await enter('everything', cursor);
      await again.heard('sync_completed');
      expect(told(again)).toEqual(missed);
    }
    expect(second?.sequence).toBe((money?.sequence ?? 0) + 1);
  });
});
