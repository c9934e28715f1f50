import fc from 'fast-check';
import { InOrder } from './in-order.ts';

describe('results in order', () => {
  it('come in the order the work was asked for, whichever ends first, and failures hold up nobody', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(fc.boolean(), { maxLength: 8 }), async (scheduler, failing) => {
        const line = new InOrder();
        const seen: number[] = [];
        const all = failing.map((fails, index) => {
          const work = async () => {
            await scheduler.schedule(Promise.resolve());
            if (fails) throw new Error('failed');
          };
          return line.run('key', work).then(
            () => seen.push(index),
            () => seen.push(index),
          );
        });
        await scheduler.waitFor(Promise.all(all));
        expect(seen).toEqual(failing.map((_, index) => index));
      }),
    );
  });

  it('do not wait for those of another key', async () => {
    const line = new InOrder();
    const never = line.run('slow', () => new Promise<void>(() => undefined));
    expect(await Promise.race([never, line.run('quick', async () => 'done')])).toBe('done');
  });
});
