import type { Event } from '@core/contracts/event';
import { anEvent, exampleId, recorded } from '@core/contracts/examples.fixture';
import type { FeedBatch, IntakeBatch } from '@core/contracts/feed';
import type { Uuid } from '@core/contracts/primitives';
import { caseOf, quarantinedContent, quarantineIdOf } from '@core/contracts/quarantine';
import { subjects } from '@core/contracts/subjects';
import { present } from '@core/kernel/present';
import { newId } from '@core/service/clock';
import { ThrowawayNats } from '@core/testing/throwaway-nats';
import { until } from '@core/testing/until';
import type { NatsConnection, Subscription } from 'nats';
import { IntakeSender } from './intake-sender.ts';
import { connectNats } from './nats-connection.ts';

const NOTHING: FeedBatch = { first: 0, last: 0, events: [], known: [], refused: [] };

describe('intake sender', () => {
  let nats: ThrowawayNats;
  let connection: NatsConnection;
  let arrivals: AsyncIterator<IntakeBatch>;
  let subscription: Subscription;
  let sender: IntakeSender;
  /** Ids of events that the log has; null while it cannot be asked. */
  let inLog: Set<Uuid> | null;
  let asked: number;
  const refused: Event[] = [];
  const account = newId();

  beforeAll(async () => {
    nats = await ThrowawayNats.start();
    connection = await connectNats({ url: nats.url, name: 'intake-sender-spec' });
  });
  beforeEach(() => {
    subscription = connection.subscribe(subjects.intake(account));
    arrivals = bodies(subscription);
    inLog = new Set();
    asked = 0;
    sender = new IntakeSender(connection, { resendMs: 40, saturatedAt: 3, newId, holding });
    sender.onRefused((event) => refused.push(event));
  });
  afterEach(() => {
    sender.close();
    subscription.unsubscribe();
  });
  afterAll(async () => {
    await connection.close();
    await nats.stop();
  });

  const holding = async (ids: readonly Uuid[]): Promise<ReadonlySet<Uuid>> => {
    asked += 1;
    if (inLog === null) throw new Error('the database is away');
    const held = inLog;
    return new Set(ids.filter((id) => held.has(id)));
  };
  const next = async (): Promise<IntakeBatch> => (await arrivals.next()).value;
  const someEvents = (count: number): Event[] =>
    Array.from({ length: count }, () => anEvent('TradingHalted', {}, { subject: account, id: newId() }));

  it('keeps an event, and sends it again, until the feed confirms it', async () => {
    const [event] = someEvents(1) as [Event];
    sender.send(account, [event]);
    const [first, second] = [await next(), await next()];
    expect(second).toEqual(first);
    expect(sender.pending).toBe(1);

    inLog?.add(event.id);
    sender.confirm({ ...NOTHING, first: 1, last: 1, events: recorded([event]) });
    await sender.idle(account);
    expect(sender.pending).toBe(0);
  });

  it('has one batch of an account under way, and the next in order behind it', async () => {
    const [one, two, three] = someEvents(3) as [Event, Event, Event];
    sender.send(account, [one]);
    sender.send(account, [two]);
    sender.send(account, [three]);
    expect(sender.saturated).toBe(true);
    expect((await next()).events).toEqual([one]);

    inLog?.add(one.id);
    sender.confirm({ ...NOTHING, known: [{ id: one.id, position: 1 }] });
    let batch = await next();
    while (batch.events[0]?.id === one.id) batch = await next();
    expect(batch.events).toEqual([two, three]);
    expect(sender.saturated).toBe(false);
  });

  it('stops sending what the ledger will never record, and says so', async () => {
    const [event] = someEvents(1) as [Event];
    sender.send(account, [event]);
    inLog?.add(quarantineIdOf(caseOf(quarantinedContent(event, 'same-id-other-content'))));
    sender.confirm({ ...NOTHING, refused: [{ id: event.id, reason: 'same-id-other-content' }] });
    await sender.idle();
    expect(refused).toContainEqual(event);
  });

  it('goes on sending what the feed alone confirms or refuses, and what the log cannot be asked about', async () => {
    const [event, other] = someEvents(2) as [Event, Event];
    sender.send(account, [event]);
    const words: readonly FeedBatch[] = [
      { ...NOTHING, first: 1, last: 1, events: recorded([event]) },
      { ...NOTHING, known: [{ id: event.id, position: 1 }] },
      { ...NOTHING, refused: [{ id: event.id, reason: 'malformed' }] },
      { ...NOTHING, refused: [{ id: event.id, reason: 'same-id-other-content' }] },
    ];
    for (const log of [new Set([other.id, quarantineIdOf(caseOf(quarantinedContent(other, 'malformed')))]), null]) {
      inLog = log;
      for (const word of words) {
        const before = asked;
        sender.confirm(word);
        await until(() => asked > before);
        expect((await next()).events).toEqual([event]);
        expect((await next()).events).toEqual([event]);
      }
    }
    expect(sender.pending).toBe(1);
    expect(refused).not.toContainEqual(event);

    inLog = new Set([event.id]);
    sender.confirm(present(words[1], 'a word'));
    await sender.idle();
    expect(sender.pending).toBe(0);
  });

  it('sends nothing that the catalogue does not know: it is refused at once, and the rest goes its way', async () => {
    const wrong = { ...anEvent('TradingHalted'), data: { operator: 'ada', note: 'x', extra: exampleId(1) } };
    const [right] = someEvents(1) as [Event];
    sender.send(account, [wrong, right]);
    expect(refused).toContainEqual(wrong);
    expect(sender.pending).toBe(1);
    expect((await next()).events).toEqual([right]);
  });
});

async function* bodies(subscription: Subscription): AsyncGenerator<IntakeBatch, never> {
  for await (const message of subscription) yield message.json<IntakeBatch>();
  throw new Error('the subscription ended');
}
