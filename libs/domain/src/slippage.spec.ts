import { aCommand, exampleNow } from '@core/contracts/command-examples.fixture';
import { anEvent, exampleId, recorded } from '@core/contracts/examples.fixture';
import { isWorseThan } from '@core/contracts/market/slippage';
import { fromNumber } from '@core/kernel/decimal';
import { instantFromMs, toMs } from '@core/kernel/instant';
import { fold } from '@core/kernel/projection';
import { given } from '@core/testing/given';
import fc from 'fast-check';
import { aContext, accountRules } from './examples.fixture.ts';

const orderId = exampleId(0x51);
const step = { kind: 'order', requestId: orderId, connector: 'spec' } as const;
const registered = anEvent('AccountRegistered');
const market = { orderId, kind: 'market', price: null, stopLoss: null, takeProfit: null } as const;
const price = fc.integer({ min: 100_000, max: 120_000 }).map((points) => fromNumber(points / 100_000));
const ended = (cause: 'price-moved' | 'price-unknown' | 'too-old') => ({
  type: 'RequestExpired' as const,
  data: { kind: 'order' as const, requestId: orderId, reason: 'not-sent' as const, evidence: null, cause },
});

describe('a market order with a worst price', () => {
  it('is claimed at a known price that is no worse, and otherwise ends unsent', () => {
    const offer = fc.option(price, { nil: undefined });
    fc.assert(
      fc.property(fc.constantFrom('buy', 'sell'), price, offer, (side, worstPrice, offered) => {
        const claim = aCommand('DispatchRequest', { ...step, ...(offered !== undefined && { price: offered }) });
        const rules = accountRules();
        const asked = given(rules, [registered, anEvent('OrderRequested', { ...market, side, worstPrice })]);
        if (offered === undefined) asked.when(claim).thenRefused('price-unknown', [ended('price-unknown')]);
        else if (isWorseThan(side, offered, worstPrice))
          asked.when(claim).thenRefused('price-moved', [ended('price-moved')]);
        else asked.when(claim).then([{ type: 'RequestDispatched', data: claim.data }]);
      }),
    );
  });

  it('keeps it in what is recorded; an order with a price of its own has none', () => {
    const rules = accountRules();
    const account = fold(rules, recorded([registered]));
    const recordedOf = (kind: 'market' | 'limit') => {
      const command = aCommand('PlaceOrder', { kind, price: kind === 'limit' ? '1.05' : null, worstPrice: '1.2' });
      return rules.decide(account, command).events[0]?.data;
    };
    expect(recordedOf('market')).toHaveProperty('worstPrice', '1.2');
    expect(recordedOf('limit')).not.toHaveProperty('worstPrice');
  });
});

it('a market order is too old sooner than one that has a price', () => {
  const limits = { requestMaxAgeMs: 60_000, marketOrderMaxAgeMs: 5_000 };
  const after = (ms: number) => accountRules(aContext({ now: instantFromMs(toMs(exampleNow) + ms), limits }));
  const claim = aCommand('DispatchRequest', step);
  const dispatched = [{ type: 'RequestDispatched' as const, data: claim.data }];
  const asked = (terms: object) => [registered, anEvent('OrderRequested', { ...market, ...terms })];
  given(after(5_000), asked({})).when(claim).then(dispatched);
  given(after(5_001), asked({}))
    .when(claim)
    .thenRefused('too-old', [ended('too-old')]);
  given(after(60_000), asked({ kind: 'limit', price: '1.05' }))
    .when(claim)
    .then(dispatched);
});
