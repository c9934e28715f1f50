import type { AccountId } from '@core/contracts/primitives';
import { exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import { UNTOLD_OF_ACCOUNT, UNTOLD_OF_ALL, type UntoldRefusal, type UntoldRefusals } from './untold-refusals.ts';

const anUntoldRefusal = (n: number, account: AccountId = exampleAccount): UntoldRefusal => ({
  ...{ id: exampleId(n), account, at: '2026-01-05T10:00:00.123456Z' },
  data: {
    ...{ command: 'PlaceOrder', requestId: exampleId(n), reason: 'rate_limited', text: 'too many orders', omitted: 0 },
    requester: { edge: 'spec', reference: null },
  },
});

/** What every keeper of untold refusals must do; each spec gets an empty one. */
export function describeUntoldRefusals(name: string, open: () => Promise<UntoldRefusals>): void {
  describe(`untold refusals, ${name}`, () => {
    let untold: UntoldRefusals;
    beforeEach(async () => {
      untold = await open();
    });

    it('are told in the order in which they were kept, each once, until they are forgotten', async () => {
      const [first, second, third] = [anUntoldRefusal(3), anUntoldRefusal(1), anUntoldRefusal(2)];
      for (const refusal of [first, second, first, third]) expect(await untold.keep(refusal)).toBe(true);
      expect(await untold.oldest(2)).toEqual([first, second]);
      await untold.forget(first.id);
      await untold.forget(first.id);
      expect(await untold.oldest(9)).toEqual([second, third]);
    });

    it('are so many of one account and so many of all, and one that is there is there still', async () => {
      for (let n = 0; n < UNTOLD_OF_ACCOUNT; n += 1) expect(await untold.keep(anUntoldRefusal(n))).toBe(true);
      expect(await untold.keep(anUntoldRefusal(999))).toBe(false);
      expect(await untold.keep(anUntoldRefusal(UNTOLD_OF_ACCOUNT - 1))).toBe(true);
      for (let n = UNTOLD_OF_ACCOUNT; n < UNTOLD_OF_ALL; n += 1)
        await untold.keep(anUntoldRefusal(n, exampleId(10_000 + n)));
      expect(await untold.keep(anUntoldRefusal(9_999, exampleId(9_999)))).toBe(false);
      expect(await untold.oldest(UNTOLD_OF_ALL + 1)).toHaveLength(UNTOLD_OF_ALL);
    });
  });
}
