import { lineStream } from './line-stream.ts';

describe('lineStream', () => {
  const lines = {
    subscribe: () => () => undefined,
    subscribeEnding: () => () => undefined,
    ending: async () => null,
    pauseMs: 0,
    onClose: () => undefined,
  };

  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick'] }));
  afterEach(() => void jest.useRealTimers());

  it('makes no message that nobody reads: what happened meanwhile is told once', async () => {
    let made = 0;
    let changed = (): void => undefined;
    const stream = lineStream({
      ...lines,
      next: () => `"${'x'.repeat(100_000)}${(made += 1)}"`,
      subscribe: (listener) => {
        changed = listener;
        return () => undefined;
      },
    });
    stream.read(0);
    for (let n = 0; n < 5; n += 1) {
      changed();
      await jest.advanceTimersByTimeAsync(2);
    }
    expect(made).toBe(1);
    stream.resume();
    await jest.advanceTimersByTimeAsync(2);
    expect(made).toBe(2);
    stream.destroy();
  });

  it('shows that it lives when it has been quiet for five seconds', async () => {
    const told: string[] = [];
    const stream = lineStream({ ...lines, next: () => '"news"' });
    stream.on('data', (text: Buffer) => told.push(String(text).trim()));
    await jest.advanceTimersByTimeAsync(4_999);
    expect(told).toEqual(['"news"']);
    await jest.advanceTimersByTimeAsync(1);
    expect(told).toEqual(['"news"', '{"s":"ok"}']);
    stream.destroy();
  });

  it('ends however busy it is', async () => {
    const told: string[] = [];
    let changed = (): void => undefined;
    const stream = lineStream({
      ...lines,
      next: () => '"news"',
      subscribe: (listener) => {
        changed = listener;
        return () => undefined;
      },
      ending: async () => '"over"',
    });
    stream.on('data', (text: Buffer) => told.push(String(text).trim()));
    for (let ms = 0; ms < 6_000; ms += 100) {
      changed();
      await jest.advanceTimersByTimeAsync(100);
    }
    expect(told.at(-1)).toBe('"over"');
    expect(stream.readableEnded).toBe(true);
  });

  it('dies of what it cannot tell, alone', async () => {
    const stream = lineStream({
      ...lines,
      next: () => {
        throw new Error('unspeakable');
      },
    });
    const died = new Promise((resolve) => stream.once('error', resolve));
    stream.resume();
    expect(await died).toMatchObject({ message: 'unspeakable' });
  });
});
