import { decodeDelivery } from '@core/proquant/event';
import { encodeDelivery, NotTheirTurn, StandIn } from './stand-in.ts';

const asked = (userEmail = 'ada@example.com', token = 'secret') => ({
  ...{ name: 'ada', description: 'Demo', imageUrl: 'https://x/logo.png', userEmail },
  webhook: { url: 'https://x/hook', headers: { 'x-proquant-token': token } },
});

describe('the stand-in', () => {
  let standIn: StandIn;
  beforeEach(() => {
    let ids = 0;
    standIn = new StandIn(
      () => `id-${(ids += 1)}`,
      () => 1_000,
    );
  });

  const enabled = (): void => {
    standIn.request(asked(), undefined);
    standIn.act({ act: 'approve', account: 1 });
    standIn.act({ act: 'enable', account: 1, strategy: 'gold' });
  };
  const buy = { act: 'open', strategy: 'gold', direction: 'BUY', ticker: 'XAUUSD', quantity: 10 } as const;
  const typesOf = (...acts: Parameters<StandIn['act']>): string[] => standIn.act(...acts).map(({ type }) => type);

  it('leads an Integration from its request to its end', () => {
    standIn.request(asked(), undefined);
    expect(typesOf({ act: 'approve', account: 1 })).toEqual(['INTEGRATION_APPROVED']);
    expect(typesOf({ act: 'enable', account: 1, strategy: 'gold' })).toEqual(['STRATEGY_ENABLED']);
    expect(typesOf({ act: 'disable', account: 1, strategy: 'gold' })).toEqual(['STRATEGY_DISABLED']);
    expect(typesOf({ act: 'delete', account: 1 })).toEqual(['INTEGRATION_DELETED']);
    standIn.request(asked(), undefined);
    expect(typesOf({ act: 'reject', account: 2 })).toEqual(['INTEGRATION_REJECTED']);
  });

  it('takes a request once under one key, and as often as it comes without', () => {
    for (const key of ['k1', 'k1', undefined, undefined]) standIn.request(asked(), key);
    expect(standIn.accounts).toHaveLength(3);
  });

  it('sends what a receiver reads: a close says the position that was opened, a reopen a new one the other way', () => {
    enabled();
    const [opened] = standIn.act(buy);
    const [reopened] = standIn.act({ act: 'reopen', strategy: 'gold' });
    const [closed] = standIn.act({ act: 'close', strategy: 'gold' });
    expect(reopened?.data).toMatchObject({ direction: 'SELL', quantity: 10 });
    expect(reopened?.data).not.toMatchObject({
      proquantPositionId: (opened?.data as { proquantPositionId: string }).proquantPositionId,
    });
    expect(closed?.data).toEqual(reopened?.data);
    for (const event of [opened, reopened, closed])
      expect(event && decodeDelivery(encodeDelivery(event))).toMatchObject({
        ok: true,
        value: { event: { type: event?.type, timestamp: event?.timestamp } },
      });
    const times = [opened, reopened, closed].map((event) => event?.timestamp ?? 0);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(new Set(times).size).toBe(3);
  });

  it('echoes the registration with its headers, and not the address of the user', () => {
    enabled();
    const [event] = standIn.act(buy);
    const body = event ? encodeDelivery(event) : '';
    expect(JSON.parse(body)).toMatchObject({
      v1: { event: { integration: { webhook: { headers: { 'x-proquant-token': 'secret' } } } } },
    });
    expect(body).not.toContain('ada@example.com');
  });

  it('tells every account that is enabled the same signal, and none that is not', () => {
    enabled();
    for (const email of ['ada@example.com', 'ada@example.com', 'bob@example.com'])
      standIn.request(asked(email), undefined);
    standIn.act({ act: 'approve', account: 2 });
    standIn.act({ act: 'enable', account: 2, strategy: 'gold' });
    const events = standIn.act(buy);
    expect(events.map(({ account }) => account.number)).toEqual([1, 2]);
    expect(new Set(events.map(({ data, timestamp }) => JSON.stringify([data, timestamp]))).size).toBe(1);
    expect(standIn.act({ act: 'again' })).toEqual(events);
    standIn.act({ act: 'delete', account: 1 });
    expect(standIn.act({ act: 'close', strategy: 'gold' }).map(({ account }) => account.number)).toEqual([2]);
  });

  it('refuses what cannot be done at ProQuant', () => {
    const impossible = (act: Parameters<StandIn['act']>[0]) => expect(() => standIn.act(act)).toThrow(NotTheirTurn);
    impossible({ act: 'again' });
    impossible({ act: 'approve', account: 1 });
    impossible({ ...buy });
    enabled();
    impossible({ act: 'approve', account: 1 });
    impossible({ act: 'close', strategy: 'gold' });
    impossible({ act: 'reopen', strategy: 'gold' });
    standIn.act(buy);
    impossible({ ...buy });
    standIn.request(asked('bob@example.com'), undefined);
    impossible({ act: 'enable', account: 2, strategy: 'gold' });
    standIn.act({ act: 'approve', account: 2 });
    standIn.act({ act: 'enable', account: 2, strategy: 'gold' });
    impossible({ act: 'close', strategy: 'gold' });
    expect(typesOf({ act: 'close', strategy: 'gold', user: 'ada@example.com' })).toEqual(['SIGNAL_CLOSE']);
  });
});
