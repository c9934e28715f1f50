import { lineStream } from './line-stream.ts';

describe('lineStream', () => {
  const lines = {
    subscribe: () => () => undefined,
    subscribeEnding: () => () => undefined,
    ending: async () => null,
    pauseMs: 0,
    onClose: () => undefined,
    failed: (error: unknown) => `"${(error as Error).message}"`,
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

  it('ends when it is asked to, however busy it is', async () => {
    const told: string[] = [];
    let changed = (): void => undefined;
    let ask = (): Promise<void> => Promise.resolve();
    const stream = lineStream({
      ...lines,
      next: () => '"news"',
      subscribe: (listener) => {
        changed = listener;
        return () => undefined;
      },
      ending: async () => '"over"',
      subscribeEnding: (listener) => {
        ask = listener;
        return () => undefined;
      },
    });
    stream.on('data', (text: Buffer) => told.push(String(text).trim()));
    for (let n = 0; n < 10; n += 1) {
      changed();
      if (n === 5) void ask();
      await jest.advanceTimersByTimeAsync(100);
    }
    expect(told.at(-1)).toBe('"over"');
    expect(stream.readableEnded).toBe(true);
  });

  it('ends with why where it cannot tell what it should', async () => {
    const told: string[] = [];
    const stream = lineStream({
      ...lines,
      next: () => {
        throw new Error('unspeakable');
      },
    });
    stream.on('data', (text: Buffer) => told.push(String(text).trim()));
    await jest.advanceTimersByTimeAsync(1);
    expect(told).toEqual(['"unspeakable"']);
    expect(stream.readableEnded).toBe(true);
  });

  it('goes on where it could not be asked whether it may, and who asked hears that', async () => {
    const answers = [Promise.reject(new Error('away')), Promise.resolve(null), Promise.resolve('"over"')];
    let ask = (): Promise<void> => Promise.resolve();
    const told: string[] = [];
    const stream = lineStream({
      ...lines,
      next: () => '"news"',
      ending: () => answers.shift() ?? Promise.resolve(null),
      subscribeEnding: (asked) => {
        ask = asked;
        return () => undefined;
      },
    });
    stream.on('data', (text: Buffer) => told.push(String(text).trim()));
    await jest.advanceTimersByTimeAsync(1);
    await expect(ask()).rejects.toThrow('away');
    await ask();
    expect(told).toEqual(['"news"']);
    await ask();
    await jest.advanceTimersByTimeAsync(1);
    expect(told).toEqual(['"news"', '"over"']);
  });
});
