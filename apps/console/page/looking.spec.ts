import { looking } from './looking.ts';

/** Looks that end when they are told to, with what is due then. */
function someLooks() {
  const out: ((again?: number) => void)[] = [];
  const looks = looking((gone) => new Promise((resolve) => out.push((again) => resolve(gone.aborted ? 0 : again))));
  /** How many began. */
  const begun = async (ms: number): Promise<number> => {
    await jest.advanceTimersByTimeAsync(ms);
    return out.length;
  };
  return { looks, out, begun };
}

describe('looking', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('is not put off by being asked for again and again', async () => {
    const { looks, begun } = someLooks();
    for (let asked = 0; asked < 9; asked += 1) {
      looks.within(1_000);
      expect(await begun(100)).toBe(0);
    }
    looks.within(1_000);
    expect(await begun(100)).toBe(1);
  });

  it('looks once more when it was asked for during a look, and never twice at once', async () => {
    const { looks, out, begun } = someLooks();
    looks.within(0);
    expect(await begun(0)).toBe(1);
    looks.within(1_000);
    looks.within(1_000);
    expect(await begun(60_000)).toBe(1);
    out[0]?.();
    expect(await begun(0)).toBe(2);
    out[1]?.();
    expect(await begun(60_000)).toBe(2);
  });

  it('looks again by itself when that is due, sooner when it is asked for', async () => {
    const { looks, out, begun } = someLooks();
    looks.within(0);
    await begun(0);
    out[0]?.(3_000);
    expect(await begun(2_999)).toBe(1);
    expect(await begun(1)).toBe(2);
    out[1]?.(3_000);
    await begun(0);
    looks.within(1_000);
    expect(await begun(1_000)).toBe(3);
  });

  it('begins none when nobody wants them any more, whatever is due', async () => {
    const { looks, out, begun } = someLooks();
    looks.within(0);
    await begun(0);
    looks.within(0);
    looks.stop();
    out[0]?.(0);
    looks.within(0);
    expect(await begun(60_000)).toBe(1);
  });
});
