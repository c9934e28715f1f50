import { aCommand } from '@core/contracts/command-examples.fixture';
import type { EventBody } from '@core/contracts/event';
import { anEvent } from '@core/contracts/examples.fixture';
import { given } from '@core/testing/given';
import type { CommandOf } from '@core/contracts/command';
import { aContext, accountRules } from './examples.fixture.ts';
import {
  asking,
  atSecond,
  closeId,
  closes,
  executed,
  first,
  holding,
  nextId,
  opens,
  origin,
  p1,
  p2,
  positionId,
  receive,
  received,
  refusedAs,
  accountRegistered,
  second,
  settledAs,
  signal,
  stopped,
  strategy,
  third,
  type Said,
} from './signal-examples.fixture.ts';

const whenNothingIsHeld = given(accountRules(), [accountRegistered]);
const whileHeld = given(accountRules(), holding);
const onceStopped = given(accountRules(), stopped);

describe('a signal to reopen', () => {
  const reopen: Said = { kind: 'reopen', side: 'sell', externalPositionId: p2 };
  const order = { instrument: 'GOLD', volumeLots: '0.1' } as const;
  const goOn = (data: Partial<CommandOf<'ContinueSignal'>['data']> = {}, commandid = nextId) =>
    aCommand('ContinueSignal', { signalId: second, order, ...data }, { commandid });
  const closing = [
    ...holding,
    anEvent('SignalReceived', { signal: signal(reopen) }),
    anEvent('CloseRequested', { requestId: closeId, positionId, signal: origin(signal(reopen)) }),
  ];
  const closed = [
    ...closing,
    anEvent('RequestDispatched', { kind: 'close', requestId: closeId }),
    anEvent('RequestAccepted', { kind: 'close', requestId: closeId }),
    anEvent('PositionClosed', { positionId }),
  ];
  const reopening = [...closed, anEvent('OrderRequested', { orderId: nextId, signal: origin(signal(reopen)) })];
  const halfDone = given(accountRules(), closed);

  it('opens where nothing is held, even under an id that was closed before', () => {
    whenNothingIsHeld.when(receive(reopen)).then([received(reopen), opens(reopen)]);
    const same = { ...reopen, externalPositionId: p1 };
    onceStopped.when(receive(same)).then([received(same), opens(same)]);
    whenNothingIsHeld
      .when(receive(reopen, { maxAgeMs: 1 }))
      .thenRefused('too-old', [received(reopen), refusedAs('too-old')]);
  });

  it('closes first, even under the same id, and however late', () => {
    whileHeld.when(receive(reopen, { maxAgeMs: 1 })).then([received(reopen), closes(reopen)]);
    const same = { ...reopen, externalPositionId: p1 };
    whileHeld.when(receive(same)).then([received(same), closes(same)]);
  });

  it('does not close for what cannot be traded here, and does nothing when overtaken', () => {
    whileHeld
      .when(receive(reopen, { order: null }))
      .thenRefused('unknown-ticker', [received(reopen), refusedAs('unknown-ticker')]);
    const late = { ...reopen, sentAt: atSecond(9) };
    whileHeld.when(receive(late)).then([received(late), executed(late)]);
    onceStopped.when(receive(late)).then([received(late), executed(late)]);
  });

  it('goes on to open once its position is closed, by whomever', () => {
    halfDone.when(goOn()).then([opens(reopen)]);
    const byStopLoss = [
      ...closing,
      anEvent('RequestRejected', { kind: 'close', requestId: closeId }),
      anEvent('PositionClosed', { positionId }),
    ];
    given(accountRules(), byStopLoss)
      .when(goOn())
      .then([opens(reopen)]);
  });

  it('goes on once', () => {
    given(accountRules(), reopening).when(goOn()).thenNothing();
    given(accountRules(), reopening).when(goOn({}, third)).thenRefused('signal-not-waiting');
    const failed = [...reopening, anEvent('RequestRejected', { requestId: nextId })];
    given(accountRules(), failed).when(goOn({}, third)).thenRefused('signal-not-waiting');
  });

  it('does not go on before, nor for another signal, nor once it is over', () => {
    given(accountRules(), closing).when(goOn()).thenRefused('signal-not-waiting');
    whileHeld.when(goOn()).thenRefused('unknown-signal');
    whileHeld.when(goOn({ signalId: first })).thenRefused('signal-not-waiting');
    whileHeld.when(goOn({ strategyId: 'another' })).thenRefused('unknown-signal');
    given(accountRules(), asking)
      .when(goOn({ signalId: first }))
      .thenRefused('signal-not-waiting');
    const doubted = [
      ...closing,
      anEvent('SignalOutcomeUnknown', { signalId: second, ...strategy }),
      anEvent('RequestAccepted', { kind: 'close', requestId: closeId }),
      anEvent('PositionClosed', { positionId }),
    ];
    given(accountRules(), doubted)
      .when(goOn())
      .then([opens(reopen)]);
    const overtaken = anEvent('SignalReceived', { signal: signal({ signalId: third, sentAt: atSecond(55) }) });
    given(accountRules(), [...doubted, overtaken])
      .when(goOn())
      .thenRefused('signal-not-waiting');
  });

  it('is the only kind that goes on', () => {
    const notAReopen = [...stopped, anEvent('SignalReceived', { signal: signal({ kind: 'close' }) })];
    given(accountRules(), notAReopen).when(goOn()).thenRefused('signal-not-waiting');
  });

  it('stays closed when its open leg is refused', () => {
    const old = { maxAgeMs: 9_999 };
    halfDone.when(goOn(old)).thenRefused('too-old', [refusedAs('too-old', null, 'open')]);
    const small = { order: { instrument: 'GOLD', volumeLots: '0.05' } } as const;
    halfDone
      .when(goOn(small))
      .thenRefused('volume-not-multiple-of-step', [refusedAs('volume-not-multiple-of-step', null, 'open')]);
    given(accountRules(), [...closed, anEvent('IntegrationDeleted')])
      .when(goOn())
      .thenRefused('integration-withdrawn', [refusedAs('integration-withdrawn', null, 'open')]);
  });

  it('is tried again while what refuses its open leg may pass', () => {
    given(accountRules(aContext({ system: { halted: false, closeOnly: true } })), closed)
      .when(goOn())
      .thenRefused('close-only');
    given(accountRules(aContext({ instruments: { GOLD: 'unavailable' } })), closed)
      .when(goOn())
      .thenRefused('instruments-unavailable');
  });

  describe('settled', () => {
    const settle = (outcome: CommandOf<'SettleSignal'>['data']['outcome']) =>
      aCommand('SettleSignal', { signalId: second, outcome });
    const no = settle({ result: 'refused', reason: 'market-closed', text: 'weekend' });
    const [yes, unknown] = [settle({ result: 'executed' }), settle({ result: 'unknown' })];
    const doubted = (step: 'close' | 'open'): EventBody => ({
      type: 'SignalOutcomeUnknown',
      data: { signalId: second, ...strategy, step },
    });

    it('is executed only with both legs', () => {
      given(accountRules(), closing).when(yes).thenRefused('signal-not-waiting');
      halfDone.when(yes).thenRefused('signal-not-waiting');
      given(accountRules(), reopening)
        .when(yes)
        .then([
          {
            type: 'SignalExecuted',
            data: { signalId: second, ...strategy, requestIds: [closeId, nextId], superseded: false },
          },
        ]);
    });

    it('is refused only when nothing is on its way, and says how far it came', () => {
      given(accountRules(), closing).when(no).thenRefused('request-in-flight');
      const doubt = [...closing, anEvent('RequestOutcomeUnknown', { kind: 'close', requestId: closeId })];
      given(accountRules(), doubt).when(no).thenRefused('request-in-flight');
      const kept = [...closing, anEvent('RequestRejected', { kind: 'close', requestId: closeId })];
      given(accountRules(), kept)
        .when(no)
        .then([refusedAs('market-closed', 'weekend', 'close')]);
      halfDone.when(no).then([refusedAs('market-closed', 'weekend', 'open')]);
      const failed = [...reopening, anEvent('RequestRejected', { requestId: nextId })];
      given(accountRules(), failed)
        .when(no)
        .then([refusedAs('market-closed', 'weekend', 'open')]);
    });

    it('may be unknown at first and something later', () => {
      given(accountRules(), closing)
        .when(unknown)
        .then([doubted('close')]);
      halfDone.when(unknown).then([doubted('open')]);
      given(accountRules(), reopening)
        .when(unknown)
        .then([doubted('open')]);
      const reported = [...reopening, anEvent('SignalOutcomeUnknown', { signalId: second, ...strategy })];
      given(accountRules(), reported).when(unknown).thenNothing();
      given(accountRules(), reported)
        .when(yes)
        .then([expect.objectContaining({ type: 'SignalExecuted' })]);
    });

    it('is settled once', () => {
      const over = [...reopening, settledAs(second, [closeId, nextId])];
      for (const again of [yes, no, unknown]) given(accountRules(), over).when(again).thenRefused('signal-not-waiting');
      whenNothingIsHeld.when(yes).thenRefused('unknown-signal');
    });
  });
});
