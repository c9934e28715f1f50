import { aCommand } from '@core/contracts/command-examples';
import { anEvent, exampleId } from '@core/contracts/examples';
import { WaitingLine, type WaitingMessage } from './write-queue.ts';

const limits = { batchEventsMax: 10, batchBytesMax: 1_000, batchCommandsMax: 2, waitingEventsMax: 12 };

const aMessage = (sequence: number, events: number, bytes = 1): WaitingMessage => ({
  message: {
    identity: exampleId(sequence),
    events: Array.from({ length: events }, () => anEvent('EquityMarked')),
    strays: [],
    bytes,
  },
  checkpoint: { incarnation: 'a', sequence, batchid: exampleId(sequence) },
});
const waitingCommand = () => ({ command: aCommand('HaltTrading'), answered: () => undefined });
const sequences = (work: { readonly messages: readonly WaitingMessage[] } | null) =>
  work?.messages.map(({ checkpoint }) => checkpoint.sequence);

describe('waiting line', () => {
  let line: WaitingLine;
  beforeEach(() => (line = new WaitingLine(limits)));

  it('gives all there is at once, in order', async () => {
    void line.addMessage(aMessage(1, 3));
    void line.addMessage(aMessage(2, 4));
    line.addCommand(waitingCommand());
    const work = await line.take();
    expect(sequences(work)).toEqual([1, 2]);
    expect(work?.commands).toHaveLength(1);
    expect(line.isEmpty).toBe(true);
  });

  it('wakes who waits for work', async () => {
    const work = line.take();
    void line.addMessage(aMessage(1, 1));
    expect(sequences(await work)).toEqual([1]);
  });

  it('keeps a transaction within its events', async () => {
    for (const sequence of [1, 2, 3]) void line.addMessage(aMessage(sequence, 5));
    expect(sequences(await line.take())).toEqual([1, 2]);
    expect(sequences(await line.take())).toEqual([3]);
  });

  it('keeps a transaction within its bytes, but takes one message of any size', async () => {
    void line.addMessage(aMessage(1, 1, 5_000));
    void line.addMessage(aMessage(2, 1, 600));
    void line.addMessage(aMessage(3, 1, 600));
    expect([sequences(await line.take()), sequences(await line.take()), sequences(await line.take())]).toEqual([
      [1],
      [2],
      [3],
    ]);
  });

  it('keeps a transaction within its commands', async () => {
    for (let count = 0; count < 3; count += 1) line.addCommand(waitingCommand());
    expect((await line.take())?.commands).toHaveLength(2);
    expect((await line.take())?.commands).toHaveLength(1);
  });

  it('makes the intake wait while too much waits, empty messages included', async () => {
    let added = 0;
    const adding = (async () => {
      for (let sequence = 1; sequence <= 20; sequence += 1) {
        await line.addMessage(aMessage(sequence, 0));
        added = sequence;
      }
    })();
    await new Promise((resolve) => setImmediate(resolve));
    expect(added).toBe(11);
    await line.take();
    await new Promise((resolve) => setImmediate(resolve));
    expect(added).toBe(20);
    line.close();
    await adding;
  });

  it('lets what waits through when it closes, then ends', async () => {
    void line.addMessage(aMessage(1, 20));
    line.close();
    expect(sequences(await line.take())).toEqual([1]);
    expect(await line.take()).toBeNull();
  });

  it('ends who waits when it closes', async () => {
    const work = line.take();
    line.close();
    expect(await work).toBeNull();
  });
});
