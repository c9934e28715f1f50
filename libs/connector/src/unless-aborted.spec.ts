import { unlessAborted } from './unless-aborted.ts';

describe('what may be given up', () => {
  const forEver = new Promise<never>(() => undefined);

  it('is what it comes to', async () => {
    const { signal } = new AbortController();
    await expect(unlessAborted(signal, Promise.resolve(7))).resolves.toBe(7);
    await expect(unlessAborted(signal, Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('ends with the signal, before or after, whatever else happens', async () => {
    const stopping = new AbortController();
    const waiting = unlessAborted(stopping.signal, forEver);
    stopping.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
    await expect(unlessAborted(stopping.signal, forEver)).rejects.toThrow('stopped');
    await expect(unlessAborted(stopping.signal, Promise.reject(new Error('later')))).rejects.toThrow('stopped');
  });
});
