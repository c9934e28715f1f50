import { aCommand } from '@core/contracts/command-examples.fixture';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { WriteQueue, type WaitingMessage } from './write-queue.ts';

const limits = { batchEventsMax: 10, batchBytesMax: 1_000, batchCommandsMax: 2, waitingEventsMax: 12 };

const aMessage = (sequence: number, events: number, bytes = 1): WaitingMessage => ({
  message: {
    identity: exampleId(sequence),
    events: Array.from({ length: events }, () => anEvent('EquityMarked')),
    deadLetters: [],
    bytes,
  },
  checkpoint: { incarnation: 'a', sequence, batchid: exampleId(sequence) },
});
const waitingCommand = () => ({ command: aCommand('HaltTrading'), answered: () => undefined });
const sequences = (work: { readonly messages: readonly WaitingMessage[] } | null) =>
  work?.messages.map(({ checkpoint }) => checkpoint.sequence);

describe('write queue', () => {
  let queue: WriteQueue;
  beforeEach(() => (queue = new WriteQueue(limits)));

  it('gives all there is at once, in order', async () => {
    void queue.addMessage(aMessage(1, 3));
    void queue.addMessage(aMessage(2, 4));
    queue.addCommand(waitingCommand());
    const work = await queue.take();
    expect(sequences(work)).toEqual([1, 2]);
    expect(work?.commands).toHaveLength(1);
    expect(queue.isEmpty).toBe(true);
  });

  it('wakes who waits for work', async () => {
    const work = queue.take();
    void queue.addMessage(aMessage(1, 1));
    expect(sequences(await work)).toEqual([1]);
  });

  it('gives who waits for work all that comes in one turn', async () => {
    const work = queue.take();
    queue.addCommand(waitingCommand());
    for (let hops = 0; hops < 10; hops += 1) await Promise.resolve();
    void queue.addMessage(aMessage(1, 1));
    expect(sequences(await work)).toEqual([1]);
  });

  it('keeps a transaction within its events', async () => {
    for (const sequence of [1, 2, 3]) void queue.addMessage(aMessage(sequence, 5));
    expect(sequences(await queue.take())).toEqual([1, 2]);
    expect(sequences(await queue.take())).toEqual([3]);
  });

  it('keeps a transaction within its bytes, but takes one message of any size', async () => {
    void queue.addMessage(aMessage(1, 1, 5_000));
    void queue.addMessage(aMessage(2, 1, 600));
    void queue.addMessage(aMessage(3, 1, 600));
    expect([sequences(await queue.take()), sequences(await queue.take()), sequences(await queue.take())]).toEqual([
      [1],
      [2],
      [3],
    ]);
  });

  it('keeps a transaction within its commands', async () => {
    for (let count = 0; count < 3; count += 1) queue.addCommand(waitingCommand());
    expect((await queue.take())?.commands).toHaveLength(2);
    expect((await queue.take())?.commands).toHaveLength(1);
  });

  it('makes the intake wait while too much waits, empty messages included', async () => {
    let added = 0;
    const adding = (async () => {
      for (let sequence = 1; sequence <= 20; sequence += 1) {
        await queue.addMessage(aMessage(sequence, 0));
        added = sequence;
      }
    })();
    await new Promise((resolve) => setImmediate(resolve));
    expect(added).toBe(11);
    await queue.take();
    await new Promise((resolve) => setImmediate(resolve));
    expect(added).toBe(20);
    queue.close();
    await adding;
  });

  it('lets what waits through when it closes, then ends', async () => {
    void queue.addMessage(aMessage(1, 20));
    queue.close();
    expect(sequences(await queue.take())).toEqual([1]);
    expect(await queue.take()).toBeNull();
  });

  it('ends who waits when it closes', async () => {
    const work = queue.take();
    queue.close();
    expect(await work).toBeNull();
  });
});
