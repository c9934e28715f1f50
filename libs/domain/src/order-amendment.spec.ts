import { aCommand, exampleNow } from '@core/contracts/command-examples.fixture';
import type { EventBody } from '@core/contracts/event';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { anInstrument } from '@core/contracts/market/example.fixture';
import { given } from '@core/testing/given';
import type { CommandOf } from '@core/contracts/command';
import { aContext, accountRules } from './examples.fixture.ts';

const registered = anEvent('AccountRegistered');
const [orderId, again] = [exampleId(0x0d1), exampleId(0xa6a)];

describe('amending an order', () => {
  type Terms = Extract<CommandOf<'Amend'>['data']['terms'], { target: 'order' }>;
  const stands = { price: '1.1', stopLoss: '1.09', takeProfit: '1.12', expiresAt: null } as const;
  const amend = (terms: Partial<Terms> = {}, commandid = again) =>
    aCommand('Amend', { terms: { target: 'order', orderId, ...stands, price: '1.101', ...terms } }, { commandid });
  const amendment = (command = amend()): EventBody<'AmendmentRequested'> => ({
    type: 'AmendmentRequested',
    data: { requestId: command.commandid, ...command.data },
  });
  const working = anEvent('OrderWorking');
  const asked = anEvent('AmendmentRequested', { requestId: again, terms: amend().data.terms });
  const sent = [registered, working, asked, anEvent('RequestDispatched', { kind: 'amendment', requestId: again })];
  const other = amend({ price: '1.102' }, exampleId(0xb));
  const standing = given(accountRules(), [registered, working]);

  it('asks the broker for the whole target', () => {
    standing.when(amend()).then([amendment()]);
    const changes = [
      { price: '1.1', stopLoss: null },
      { price: '1.1', takeProfit: null },
    ] as const;
    for (const change of changes) standing.when(amend(change)).then([amendment(amend(change))]);
    const later = amend({ price: '1.1', expiresAt: '2026-01-05T10:00:00.000001Z' });
    standing.when(later).then([amendment(later)]);
  });

  it('told twice, does nothing more', () => {
    given(accountRules(), [registered, working, asked]).when(amend()).thenNothing();
    given(accountRules(), [...sent, anEvent('RequestAccepted', { kind: 'amendment', requestId: again })])
      .when(amend())
      .thenNothing();
  });

  it('to what it is already asks for nothing, unless that is uncertain', () => {
    standing.when(amend(stands)).thenNothing();
    const doubt = anEvent('RequestOutcomeUnknown', { kind: 'amendment', requestId: again });
    const back = amend(stands, exampleId(0xb));
    given(accountRules(), [...sent, doubt])
      .when(back)
      .then([amendment(back)]);
    const amended = anEvent('OrderAmended', { orderId, ...stands, price: '1.101' });
    given(accountRules(), [registered, working, amended]).when(amend()).thenNothing();
    given(accountRules(), [registered, working, amended])
      .when(back)
      .then([amendment(back)]);
  });

  const superseded = (requestId: string): EventBody<'RequestExpired'> => ({
    type: 'RequestExpired',
    data: { kind: 'amendment', requestId, reason: 'not-sent', evidence: null, cause: 'superseded' },
  });

  it('takes over one that waits, and waits for one that is on its way', () => {
    const waiting = [registered, working, asked];
    given(accountRules(), waiting)
      .when(other)
      .then([superseded(again), amendment(other)]);
    given(accountRules(), sent)
      .when(other)
      .then([amendment(other)]);
    const second = anEvent('AmendmentRequested', { requestId: other.commandid, terms: other.data.terms });
    const third = amend({ price: '1.103' }, exampleId(0xc));
    given(accountRules(), [...sent, second])
      .when(third)
      .then([superseded(other.commandid), amendment(third)]);
    const claim = aCommand('DispatchRequest', { kind: 'amendment', requestId: other.commandid });
    given(accountRules(), [...sent, second])
      .when(claim)
      .thenRefused('request-in-flight');
    for (const end of ['RequestOutcomeUnknown', 'RequestAccepted', 'RequestRejected'] as const)
      given(accountRules(), [...sent, second, anEvent(end, { kind: 'amendment', requestId: again })])
        .when(claim)
        .then([{ type: 'RequestDispatched', data: claim.data }]);
  });

  it('to what is asked for already, or back to what stands, asks for nothing', () => {
    const same = amend({}, exampleId(0xb));
    given(accountRules(), [registered, working, asked]).when(same).thenNothing();
    given(accountRules(), sent).when(same).thenNothing();
    const back = amend(stands, exampleId(0xb));
    given(accountRules(), [registered, working, asked])
      .when(back)
      .then([superseded(again)]);
    given(accountRules(), sent)
      .when(back)
      .then([amendment(back)]);
  });

  it('to what an order that is not at the broker yet is to be asks for nothing', () => {
    const { orderId: id, ...wanted } = anEvent('OrderRequested').data;
    const { price, stopLoss, takeProfit, expiresAt } = wanted;
    const same = amend({ orderId: id, price: price ?? '0', stopLoss, takeProfit, expiresAt });
    for (const more of [[], [anEvent('RequestDispatched', { kind: 'order', requestId: id })]]) {
      const placing = given(accountRules(), [registered, anEvent('OrderRequested'), ...more]);
      placing.when(same).thenNothing();
      placing.when(amend({ orderId: id, price: '1.2' })).thenRefused('request-in-flight');
    }
  });

  it('waits for a cancellation on its way, and not for one in doubt', () => {
    const cancelling = anEvent('CancellationRequested', { requestId: again });
    given(accountRules(), [registered, working, cancelling]).when(other).thenRefused('request-in-flight');
    const doubt = anEvent('RequestOutcomeUnknown', { kind: 'cancellation', requestId: again });
    given(accountRules(), [registered, working, cancelling, doubt])
      .when(other)
      .then([amendment(other)]);
  });

  it('is refused for an order that does not stand at the broker', () => {
    given(accountRules(), [registered]).when(amend()).thenRefused('unknown-order');
    given(accountRules(), [registered, anEvent('OrderRequested')])
      .when(amend())
      .thenRefused('request-in-flight');
    given(accountRules(), [registered, working, anEvent('OrderCancelled')])
      .when(amend())
      .thenRefused('order-not-working');
    given(accountRules(), [registered, anEvent('OrderAmended')])
      .when(amend())
      .thenRefused('unknown-order');
  });

  it.each([
    [{ price: '1.100001' }, 'price-off-tick'],
    [{ stopLoss: '1.11' }, 'stop-loss-on-wrong-side'],
    [{ takeProfit: '1.1' }, 'take-profit-on-wrong-side'],
    [{ expiresAt: exampleNow }, 'expiry-in-the-past'],
  ] as const)('to %j is refused: %s', (terms, reason) => {
    standing.when(amend(terms)).thenRefused(reason);
  });

  it('to a trailing stop is refused where none may be', () => {
    const fixed = accountRules(aContext({ instruments: { EURUSD: anInstrument({ trailingStops: false }) } }));
    given(fixed, [registered, working])
      .when(amend({ trailingPoints: 200 }))
      .thenRefused('trailing-stop-not-allowed');
  });

  it('is refused while nobody can say what its instrument allows', () => {
    const unavailable = accountRules(aContext({ instruments: { EURUSD: 'unavailable' } }));
    given(unavailable, [registered, working]).when(amend()).thenRefused('instruments-unavailable');
  });

  it('of a sell has its protection on the other sides', () => {
    const sell = anEvent('OrderWorking', { side: 'sell', stopLoss: '1.12', takeProfit: '1.09' });
    given(accountRules(), [registered, sell]).when(amend()).thenRefused('stop-loss-on-wrong-side');
  });
});
