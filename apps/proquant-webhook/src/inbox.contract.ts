// What every inbox must do, on whatever it keeps deliveries.
import { exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import type { Received, SignalInbox, DeliveryConclusion } from '@core/signal-inbox/signal-inbox';

export const aDelivery = (id: number, parts: Partial<Received> = {}): Received => ({
  id: exampleId(id),
  integrationId: exampleId(0x171),
  accountId: exampleAccount,
  tokenHash: null,
  registration: '0123456789abcdef',
  type: 'SIGNAL_OPEN',
  strategyId: 's1',
  sentAt: '2026-01-05T10:00:00.000000Z',
  body: '{"v1":{}}',
  bytes: 9,
  sha256: '00',
  ...parts,
});

const verdict = (state: DeliveryConclusion['state'], status: number): DeliveryConclusion => ({
  ...{ state, status, verdict: String(status), detail: null },
});

export function describeInbox(name: string, open: () => Promise<SignalInbox>): void {
  describe(`the inbox on ${name}`, () => {
    let inbox: SignalInbox;
    beforeAll(async () => (inbox = await open()));

    const pending = async () => (await inbox.claim('all')).map(({ id }) => id);

    it('gives back what is pending, in the order of its arrival, until it is concluded', async () => {
      for (const id of [3, 1, 2]) expect(await inbox.put(aDelivery(id))).toBeNull();
      expect(await pending()).toEqual([3, 1, 2].map(exampleId));
      await inbox.conclude(exampleId(1), verdict('done', 200));
      await inbox.conclude(exampleId(2), verdict('dead', 400));
      expect(await inbox.claim('all')).toEqual([
        {
          ...{ id: exampleId(3), integrationId: exampleId(0x171), tokenHash: null, registration: '0123456789abcdef' },
          body: '{"v1":{}}',
        },
      ]);
      await inbox.conclude(exampleId(3), verdict('pending', 504));
      expect(await pending()).toEqual([exampleId(3)]);
    });

    it('counts what is delivered again and says what it was answered; what was turned away is pending again', async () => {
      await inbox.put(aDelivery(5));
      expect(await inbox.put(aDelivery(5))).toEqual({ status: null });
      await inbox.conclude(exampleId(5), verdict('done', 200));
      expect(await inbox.put(aDelivery(5))).toEqual({ status: 200 });
      expect(await pending()).not.toContain(exampleId(5));
      await inbox.conclude(exampleId(5), verdict('done', 429));
      expect(await inbox.put(aDelivery(5))).toEqual({ status: 429 });
      expect(await pending()).toContain(exampleId(5));
    });

    it('has what is replayed due at once, and nothing of what it does not hold or cannot read', async () => {
      await inbox.put(aDelivery(6));
      await inbox.conclude(exampleId(6), verdict('done', 503));
      await inbox.put(aDelivery(7, { body: null }));
      expect(await Promise.all([6, 7, 8].map((id) => inbox.reopen(exampleId(id))))).toEqual([true, false, false]);
      expect((await inbox.claim('due')).map(({ id }) => id)).toContain(exampleId(6));
      expect(await pending()).not.toContain(exampleId(7));
    });

    it('keeps what is pending, however old', async () => {
      await inbox.put(aDelivery(9));
      await inbox.put(aDelivery(10));
      await inbox.conclude(exampleId(10), verdict('done', 200));
      await inbox.forget(0);
      expect(await inbox.put(aDelivery(10))).toBeNull();
      expect(await inbox.put(aDelivery(9))).not.toBeNull();
    });
  });
}
