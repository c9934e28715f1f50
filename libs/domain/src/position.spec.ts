import type { EventBody } from '@core/contracts/event';
import { aCommand } from '@core/contracts/command-examples.fixture';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { anInstrument } from '@core/contracts/market/example.fixture';
import { given } from '@core/testing/given';
import type { CommandOf } from '@core/contracts/command';
import { aContext, accountRules } from './examples.fixture.ts';

const registered = anEvent('AccountRegistered');
const opened = anEvent('PositionOpened');
const [positionId, first, second] = [exampleId(0x905), exampleId(0xa), exampleId(0xb)];
const blind = accountRules(aContext({ instruments: { EURUSD: 'unavailable' } }));
const holding = given(accountRules(), [registered, opened]);

describe('closing a position', () => {
  const close = (volumeLots: EventBody<'CloseRequested'>['data']['volumeLots'] | null = null, commandid = first) =>
    aCommand('ClosePosition', { volumeLots }, { commandid });
  const closing = (
    volumeLots: EventBody<'CloseRequested'>['data']['volumeLots'],
    requestId = first,
  ): EventBody<'CloseRequested'> => ({
    type: 'CloseRequested',
    data: { ...close().data, requestId, volumeLots, signal: null },
  });

  it('closes all of it, or a part', () => {
    holding.when(close()).then([closing('0.1')]);
    holding.when(close('0.1')).then([closing('0.1')]);
    holding.when(close('0.04')).then([closing('0.04')]);
    const reduced = anEvent('PositionReduced', { remainingLots: '0.06' });
    given(accountRules(), [registered, opened, reduced])
      .when(close())
      .then([closing('0.06')]);
  });

  it('of no more than there is', () => {
    holding.when(close('0.11')).thenRefused('volume-exceeds-position');
    const reduced = anEvent('PositionReduced', { remainingLots: '0.06' });
    given(accountRules(), [registered, opened, reduced]).when(close('0.07')).thenRefused('volume-exceeds-position');
  });

  it('in part keeps to the steps of the instrument; as a whole it needs none', () => {
    holding.when(close('0.015')).thenRefused('volume-not-multiple-of-step');
    given(blind, [registered, opened]).when(close('0.04')).thenRefused('instruments-unavailable');
    given(blind, [registered, opened])
      .when(close())
      .then([closing('0.1')]);
    const odd = anEvent('PositionOpened', { volumeLots: '0.015' });
    given(accountRules(), [registered, odd])
      .when(close())
      .then([closing('0.015')]);
  });

  it('told twice, does nothing more', () => {
    const asked = anEvent('CloseRequested', { requestId: first });
    given(accountRules(), [registered, opened, asked]).when(close()).thenNothing();
    given(accountRules(), [registered, opened, asked, anEvent('RequestAccepted', { kind: 'close', requestId: first })])
      .when(close())
      .thenNothing();
  });

  it('waits for another close, in flight or in doubt, and for nothing else', () => {
    const asked = [registered, opened, anEvent('CloseRequested', { requestId: first })];
    const doubt = anEvent('RequestOutcomeUnknown', { kind: 'close', requestId: first });
    const other = close(null, second);
    given(accountRules(), asked).when(other).thenRefused('request-in-flight');
    given(accountRules(), [...asked, doubt])
      .when(other)
      .thenRefused('request-in-flight');
    for (const end of [
      anEvent('RequestRejected', { kind: 'close', requestId: first }),
      anEvent('RequestExpired', { kind: 'close', requestId: first }),
      anEvent('RequestAccepted', { kind: 'close', requestId: first }),
      anEvent('RequestResolved', { kind: 'close', requestId: first }),
    ]) {
      given(accountRules(), [...asked, doubt, end])
        .when(other)
        .then([closing('0.1', second)]);
    }
    const amending = anEvent('AmendmentRequested', { requestId: first });
    given(accountRules(), [registered, opened, amending])
      .when(other)
      .then([closing('0.1', second)]);
  });

  it('tells a closed one from one it never heard of', () => {
    given(accountRules(), [registered]).when(close()).thenRefused('unknown-position');
    given(accountRules(), [registered, anEvent('PositionReduced')])
      .when(close())
      .thenRefused('unknown-position');
    given(accountRules(), [registered, opened, anEvent('PositionClosed')])
      .when(close())
      .thenRefused('position-not-open');
  });

  it('is not opened again by what comes late, and not changed by what comes again', () => {
    given(accountRules(), [registered, anEvent('PositionClosed'), opened])
      .when(close())
      .thenRefused('position-not-open');
    const reduced = anEvent('PositionReduced', { remainingLots: '0.06' });
    given(accountRules(), [registered, opened, reduced, opened])
      .when(close())
      .then([closing('0.06')]);
  });
});

describe('amending a position', () => {
  type Terms = Extract<CommandOf<'Amend'>['data']['terms'], { target: 'position' }>;
  const amend = (terms: Partial<Terms> = {}, commandid = first) =>
    aCommand(
      'Amend',
      { terms: { target: 'position', positionId, stopLoss: '1.095', takeProfit: '1.12', ...terms } },
      { commandid },
    );
  const amendment = (command = amend()): EventBody<'AmendmentRequested'> => ({
    type: 'AmendmentRequested',
    data: { requestId: command.commandid, ...command.data },
  });

  it('asks the broker for the whole target; null clears', () => {
    holding.when(amend()).then([amendment()]);
    const clear = amend({ stopLoss: null, takeProfit: null });
    holding.when(clear).then([amendment(clear)]);
    const farther = amend({ stopLoss: '1.09', takeProfit: '1.13' });
    holding.when(farther).then([amendment(farther)]);
  });

  it('lets stop loss and take profit follow the market past the price it was opened at', () => {
    const locked = amend({ stopLoss: '1.11' });
    holding.when(locked).then([amendment(locked)]);
  });

  it('told twice, does nothing more', () => {
    const asked = anEvent('AmendmentRequested', { requestId: first });
    given(accountRules(), [registered, opened, asked]).when(amend()).thenNothing();
  });

  it('to what it is already asks for nothing, unless that is uncertain', () => {
    const same = { stopLoss: '1.09', takeProfit: '1.12' } as const;
    holding.when(amend(same)).thenNothing();
    const amended = anEvent('PositionAmended', { stopLoss: '1.095', takeProfit: '1.13' });
    given(accountRules(), [registered, opened, amended])
      .when(amend({ takeProfit: '1.13' }))
      .thenNothing();
    given(accountRules(), [registered, opened, amended])
      .when(amend(same))
      .then([amendment(amend(same))]);
    const inDoubt = [
      anEvent('AmendmentRequested', { requestId: second }),
      anEvent('RequestOutcomeUnknown', { kind: 'amendment', requestId: second }),
    ];
    given(accountRules(), [registered, opened, ...inDoubt])
      .when(amend(same))
      .then([amendment(amend(same))]);
  });

  it.each([
    ['buy', { stopLoss: '1.1000001' }, 'price-off-tick'],
    ['buy', { takeProfit: '1.1200001' }, 'price-off-tick'],
    ['buy', { stopLoss: '1.12' }, 'stop-loss-on-wrong-side'],
    ['sell', { stopLoss: '1.1' }, 'stop-loss-on-wrong-side'],
  ] as const)('of a %s to %j is refused: %s', (side, terms, reason) => {
    given(accountRules(), [registered, anEvent('PositionOpened', { side })])
      .when(amend(terms))
      .thenRefused(reason);
  });

  it('begins no trailing stop where none may be; one that stands may stay, and end', () => {
    const fixed = accountRules(aContext({ instruments: { EURUSD: anInstrument({ trailingStops: false }) } }));
    given(fixed, [registered, opened])
      .when(amend({ trailingPoints: 200 }))
      .thenRefused('trailing-stop-not-allowed');
    const trailing = given(fixed, [registered, anEvent('PositionOpened', { trailingPoints: 200 })]);
    trailing.when(amend({ trailingPoints: 100 })).thenRefused('trailing-stop-not-allowed');
    for (const trailingPoints of [undefined, 200, null]) {
      const allowed = amend({ trailingPoints });
      trailing.when(allowed).then([amendment(allowed)]);
    }
  });

  it('is refused while nobody can say what its instrument allows', () => {
    given(blind, [registered, opened]).when(amend()).thenRefused('instruments-unavailable');
  });

  it('waits for a close on its way, and not for one in doubt', () => {
    const closing = anEvent('CloseRequested', { requestId: second });
    given(accountRules(), [registered, opened, closing]).when(amend()).thenRefused('request-in-flight');
    const doubt = anEvent('RequestOutcomeUnknown', { kind: 'close', requestId: second });
    given(accountRules(), [registered, opened, closing, doubt]).when(amend()).then([amendment()]);
  });

  it('tells a closed one from one it never heard of', () => {
    given(accountRules(), [registered]).when(amend()).thenRefused('unknown-position');
    given(accountRules(), [registered, anEvent('PositionAmended')])
      .when(amend())
      .thenRefused('unknown-position');
    given(accountRules(), [registered, opened, anEvent('PositionClosed')])
      .when(amend())
      .thenRefused('position-not-open');
  });
});
