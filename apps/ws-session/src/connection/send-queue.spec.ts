import { sendQueueTo, SlowSocket } from './slow-socket.fixture.ts';

const frame = (text: string) => Buffer.from(text.padEnd(40));

describe('the queue of what is sent', () => {
  it('sends everything, up to the hard watermark, and then ends at once', () => {
    const socket = new SlowSocket();
    const { queue, ends } = sendQueueTo(socket);
    for (let n = 0; n < 6; n += 1) queue.send(frame(String(n)));
    expect(socket.sent.map((text) => text.trim())).toEqual(['0', '1', '2', '3', '4']);
    expect([socket.closedWith, ends]).toEqual(['terminated', ['slow_consumer']]);
  });

  it('writes what is gathered together, until the turn ends or it is enough', async () => {
    const socket = new SlowSocket();
    const { queue } = sendQueueTo(socket);
    const said = (unsentBytes: number): void => {
      socket.bufferedAmount = unsentBytes;
      queue.gather();
      socket.bufferedAmount = 0;
      queue.send(frame('x'));
    };
    for (const unsentBytes of [0, 40, 80, 110]) said(unsentBytes);
    expect(socket.writes).toEqual([3]);
    await new Promise(setImmediate);
    expect(socket.writes).toEqual([3, 1]);
    queue.send(frame('y'));
    said(0);
    await new Promise(setImmediate);
    expect(socket.writes).toEqual([3, 1, 1]);
  });

  it('takes nobody for slow who has read all that was not gathered', async () => {
    const socket = new SlowSocket();
    const { queue, ends } = sendQueueTo(socket);
    socket.read = true;
    for (let n = 0; n < 20; n += 1) {
      queue.gather();
      queue.send(frame(String(n)));
    }
    await new Promise(setImmediate);
    expect([socket.sent.length, ends]).toEqual([20, []]);
    expect(Math.max(...socket.writes) * 40).toBeLessThanOrEqual(120);
  });

  it('ends who stays above the soft watermark for too long, and forgives who does not', () => {
    const socket = new SlowSocket();
    const { queue, ends } = sendQueueTo(socket);
    socket.bufferedAmount = 101;
    queue.look(0);
    socket.bufferedAmount = 100;
    queue.look(900);
    socket.bufferedAmount = 101;
    queue.look(1_800);
    queue.look(2_800);
    expect(ends).toEqual([]);
    queue.look(2_801);
    expect(ends).toEqual(['slow_consumer']);
  });

  it('keeps only the last price of each instrument for a reader that is behind, and never an older one after a newer', () => {
    const socket = new SlowSocket();
    const { queue } = sendQueueTo(socket);
    socket.bufferedAmount = 90;
    queue.sendLatest('EURUSD', frame('eur 1'));
    queue.sendLatest('EURUSD', frame('eur 2'));
    queue.sendLatest('GOLD', frame('gold 1'));
    queue.look(0);
    expect(socket.sent).toEqual([]);
    socket.bufferedAmount = 0;
    queue.sendLatest('EURUSD', frame('eur 3'));
    queue.look(0);
    expect(socket.sent.map((text) => text.trim())).toEqual(['eur 3', 'gold 1']);
  });

  it('lets long work wait until the reader has caught up, or is gone', async () => {
    const socket = new SlowSocket();
    const { queue } = sendQueueTo(socket);
    expect(await queue.below()).toBe(true);
    socket.bufferedAmount = 101;
    const [first, second] = [queue.below(), queue.below()];
    socket.bufferedAmount = 0;
    queue.look(0);
    expect(await Promise.all([first, second])).toEqual([true, true]);
    socket.bufferedAmount = 101;
    const third = queue.below();
    socket.emit('close');
    expect([await third, await queue.below()]).toEqual([false, false]);
  });

  it('ends once, with the first reason, and says nothing afterwards', () => {
    const socket = new SlowSocket();
    const { queue, ends } = sendQueueTo(socket);
    queue.end('unauthorized');
    queue.end('going_away');
    queue.send(frame('late'));
    queue.sendLatest('EURUSD', frame('late'));
    queue.controlPing();
    socket.emit('close');
    expect([socket.closedWith, ends, socket.sent]).toEqual(['4401 unauthorized', ['unauthorized'], []]);
  });
});
