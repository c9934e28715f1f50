import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import type { Event } from '@core/contracts/event';
import { ENDED_MAX } from './ended.ts';
import { after, at, instant, exampleOrder, examplePosition, exampleRequest } from './histories.fixture.ts';
import { accountOrders } from './orders.ts';

const requested = at('10:00', 'OrderRequested', { kind: 'market', price: null });
const dispatched = at('10:01', 'RequestDispatched');
const accepted = at('10:02', 'RequestAccepted');
const pending = [at('10:00', 'OrderRequested'), dispatched, accepted, at('10:03', 'OrderWorking')];

const only = (...events: Event[]) => {
  const orders = Object.values(after(accountOrders, events).orders);
  const [found] = orders;
  if (!found || orders.length !== 1) throw new Error(`${orders.length} orders`);
  return found;
};

describe('orders', () => {
  it('is placing until the broker shows what became of it', () => {
    expect(only(requested)).toMatchObject({ status: 'placing', dispatched: null, requester: { edge: 'tv-gateway' } });
    expect(only(requested, dispatched)).toMatchObject({ status: 'placing', dispatched: { at: instant('10:01') } });
    expect(only(requested, dispatched, accepted)).toMatchObject({ status: 'placing', brokerOrder: '500000100' });
    expect(only(...pending).status).toBe('working');
  });

  it('shows an order placed elsewhere, without a requester', () => {
    expect(only(at('10:00', 'OrderWorking'))).toMatchObject({ status: 'working', requester: null, signal: null });
  });

  it('is filled by its whole volume, at the average price of its fills', () => {
    const fill = (positionId: string, price: `${number}`) =>
      anEvent('OrderFilled', { positionId, volumeLots: '0.05', price });
    const half = only(requested, dispatched, accepted, fill(examplePosition, '1.1'));
    expect(half).toMatchObject({ status: 'working', filledLots: '0.05', averagePrice: '1.1', finished: null });
    const whole = only(requested, dispatched, accepted, fill(examplePosition, '1.1'), fill(exampleId(2), '1.2'));
    expect(whole).toMatchObject({ status: 'filled', filledLots: '0.1', averagePrice: '1.15' });
    expect(whole.fills.map(({ positionId }) => positionId)).toEqual([examplePosition, exampleId(2)]);
  });

  it('keeps the reason of a rejection, a cancellation and an expiry', () => {
    const rejected = only(requested, dispatched, anEvent('RequestRejected'));
    expect(rejected).toMatchObject({ status: 'rejected', rejection: { kind: 'order', reason: 'insufficient-funds' } });
    expect(only(...pending, anEvent('OrderCancelled'))).toMatchObject({ status: 'cancelled', endReason: 'user' });
    expect(only(...pending, anEvent('OrderExpired'))).toMatchObject({ status: 'expired', endReason: 'expired' });
  });

  it('is unknown until somebody knows', () => {
    const unknown = [requested, dispatched, anEvent('RequestOutcomeUnknown')];
    expect(only(...unknown).status).toBe('unknown');
    expect(only(...unknown, accepted).status).toBe('placing');
    expect(only(...unknown, anEvent('OrderFilled')).status).toBe('filled');
    const resolve = (executed: boolean) => anEvent('RequestResolved', { requestId: exampleOrder, executed });
    expect(only(...unknown, resolve(false))).toMatchObject({ status: 'expired', endReason: 'not-executed' });
    expect(only(...unknown, resolve(true)).status).toBe('filled');
  });

  it('does not doubt what is settled', () => {
    expect(only(requested, dispatched, anEvent('OrderFilled'), anEvent('RequestOutcomeUnknown')).status).toBe('filled');
    expect(only(...pending, anEvent('RequestOutcomeUnknown')).status).toBe('working');
  });

  it('stays final, whatever is told late', () => {
    const cancelled = [...pending, anEvent('OrderCancelled')];
    expect(only(...cancelled, anEvent('OrderWorking')).status).toBe('cancelled');
    expect(only(...cancelled, anEvent('OrderExpired')).status).toBe('cancelled');
    expect(only(...cancelled, accepted).status).toBe('cancelled');
    const filled = [...pending, anEvent('OrderFilled')];
    expect(only(...filled, anEvent('OrderCancelled')).status).toBe('filled');
  });

  it('believes the broker where it was taken for failed: standing is standing, and a fill is money', () => {
    const notExecuted = [requested, dispatched, anEvent('RequestExpired', { reason: 'not-executed' })];
    expect(only(...notExecuted, anEvent('OrderWorking'))).toMatchObject({ status: 'working', finished: null });
    expect(only(...notExecuted, anEvent('OrderFilled'))).toMatchObject({ status: 'filled', endReason: null });
    const rejected = [requested, dispatched, anEvent('RequestRejected')];
    expect(only(...rejected, anEvent('OrderWorking')).status).toBe('working');
  });

  it('carries what the broker said it was amended to', () => {
    const amended = anEvent('OrderAmended', { price: '1.2', stopLoss: null, takeProfit: '1.3' });
    expect(only(...pending, amended)).toMatchObject({ price: '1.2', stopLoss: null, takeProfit: '1.3' });
  });

  it('shows changes on their way, and the broker’s no to them until a later yes', () => {
    const protection = { stopLoss: null, takeProfit: null, expiresAt: null };
    const terms = { target: 'order' as const, orderId: exampleOrder, price: '1.2' as const, ...protection };
    const asked = anEvent('AmendmentRequested', { terms });
    expect(only(...pending, asked).openRequests).toEqual([exampleRequest]);
    const refused = only(
      ...pending,
      asked,
      anEvent('RequestRejected', { kind: 'amendment', requestId: exampleRequest, reason: 'invalid-price' }),
    );
    expect(refused).toMatchObject({
      openRequests: [],
      status: 'working',
      rejection: { kind: 'amendment', reason: 'invalid-price' },
    });
    const settled = [
      asked,
      anEvent('RequestRejected', { kind: 'amendment', requestId: exampleRequest }),
      asked,
      anEvent('RequestAccepted', { kind: 'amendment', requestId: exampleRequest }),
    ];
    expect(only(...pending, ...settled).rejection).toBeNull();
    const cancel = [
      anEvent('CancellationRequested'),
      anEvent('RequestRejected', { kind: 'cancellation', requestId: exampleRequest, reason: 'superseded' }),
    ];
    expect(only(...pending, ...cancel).rejection).toMatchObject({ kind: 'cancellation', reason: 'superseded' });
  });

  it('keeps the broker’s no to one kind of change whatever becomes of another', () => {
    const protection = { stopLoss: null, takeProfit: null, expiresAt: null };
    const terms = { target: 'order' as const, orderId: exampleOrder, price: '1.2' as const, ...protection };
    const refused = [
      anEvent('AmendmentRequested', { terms }),
      anEvent('RequestRejected', { kind: 'amendment', requestId: exampleRequest, reason: 'invalid-price' }),
    ];
    const cancelling = { kind: 'cancellation', requestId: exampleId(7) } as const;
    const asked = anEvent('CancellationRequested', { requestId: cancelling.requestId });
    for (const answer of [anEvent('RequestAccepted', cancelling), anEvent('RequestExpired', cancelling)]) {
      const { rejection } = only(...pending, ...refused, asked, answer);
      expect(rejection).toMatchObject({ kind: 'amendment', reason: 'invalid-price' });
    }
  });

  it('keeps an ended order for a day by the ledger’s clock, then forgets it with the next event', () => {
    const ended = [...pending, at('10:30', 'OrderCancelled')];
    const { orders } = after(accountOrders, [...ended, at('+1d 10:30', 'EquityMarked')]);
    expect(Object.keys(orders)).toEqual([exampleOrder]);
    const later = after(accountOrders, [...ended, at('+1d 10:31', 'EquityMarked')]);
    expect(later).toEqual(accountOrders.initial());
  });

  it('keeps a living order for ever', () => {
    expect(after(accountOrders, [...pending, at('+9d 00:00', 'EquityMarked')]).orders[exampleOrder]?.status).toBe(
      'working',
    );
  });

  it('keeps an order that came back to life beyond the day of its first end', () => {
    const back = [
      requested,
      dispatched,
      at('10:30', 'RequestExpired', { reason: 'not-executed' }),
      at('10:31', 'OrderWorking'),
    ];
    const { orders } = after(accountOrders, [...back, at('+1d 10:31', 'EquityMarked')]);
    expect(orders[exampleOrder]?.status).toBe('working');
  });

  it('keeps a thousand ended orders and no more', () => {
    const events = Array.from({ length: ENDED_MAX + 5 }, (_, n) => [
      anEvent('OrderWorking', { orderId: exampleId(0x1000 + n) }),
      anEvent('OrderCancelled', { orderId: exampleId(0x1000 + n) }),
    ]).flat();
    const { orders, ended } = after(accountOrders, [...events, anEvent('EquityMarked')]);
    expect(Object.keys(orders)).toHaveLength(ENDED_MAX);
    expect(ended).toHaveLength(ENDED_MAX);
    expect(orders[exampleId(0x1000)]).toBeUndefined();
  });

  it('leaves facts about an order that never appeared alone, but not a dispatch without its request', () => {
    expect(after(accountOrders, [anEvent('OrderFilled'), anEvent('OrderCancelled')])).toEqual(accountOrders.initial());
    expect(() => after(accountOrders, [anEvent('RequestDispatched')])).toThrow('never requested');
  });
});
