import { aCommand } from '@core/contracts/command-examples.fixture';
import type { EventBody } from '@core/contracts/event';
import { anEvent } from '@core/contracts/examples.fixture';
import type { SignalRefusal } from '@core/contracts/events/signal';
import type { Decimal } from '@core/contracts/primitives';
import { given } from '@core/testing/given';
import type { CommandOf } from '@core/contracts/command';
import { aContext, accountRules, gold } from './examples.fixture.ts';
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
  const closedOnly = given(accountRules(), closed);
  const failed = [...reopening, anEvent('RequestRejected', { requestId: nextId })];
  const leftHalfDone = (reason: SignalRefusal = 'not-executed', text: string | null = null): EventBody => ({
    type: 'SignalHalfDone',
    data: { signalId: second, ...strategy, reason, text },
  });
  const halfDone = [...failed, anEvent('SignalHalfDone', { signalId: second, reason: 'not-executed', text: 'busy' })];
  const notOpened = refusedAs('not-executed', 'busy', 'open');

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

  it.each([
    [{ tradable: false }, 'instrument-not-tradable', refusedAs('market-closed', 'instrument-not-tradable')],
    [{ shortable: false }, 'short-selling-not-allowed', refusedAs('unknown-ticker', 'short-selling-not-allowed')],
    [{ minLots: '0.2' }, 'volume-below-minimum', refusedAs('volume-below-minimum')],
    [{ maxLots: '0.05' }, 'volume-above-maximum', refusedAs('volume-above-maximum')],
    [{ stepLots: '0.04' }, 'volume-not-multiple-of-step', refusedAs('volume-not-multiple-of-step')],
  ] as const)('does not close for what may not be opened either: %j', (offer, reason, refusal) => {
    const rules = accountRules(aContext({ instruments: { GOLD: { ...gold, ...offer } } }));
    for (const history of [[accountRegistered], holding])
      given(rules, history)
        .when(receive(reopen))
        .thenRefused(reason, [received(reopen), refusal]);
  });

  it('goes on to open once its position is closed, by whomever', () => {
    closedOnly.when(goOn()).then([opens(reopen)]);
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
      .thenRefused('signal-not-waiting', [refusedAs('not-executed', 'overtaken', 'open')]);
  });

  it('is the only kind that goes on', () => {
    const notAReopen = [...stopped, anEvent('SignalReceived', { signal: signal({ kind: 'close' }) })];
    given(accountRules(), notAReopen).when(goOn()).thenRefused('signal-not-waiting');
  });

  it('is half done when its open leg is refused, and over when nothing may be opened any more', () => {
    const old = { maxAgeMs: 9_999 };
    closedOnly.when(goOn(old)).thenRefused('too-old', [leftHalfDone('too-old')]);
    const small = { order: { instrument: 'GOLD', volumeLots: '0.05' } } as const;
    closedOnly
      .when(goOn(small))
      .thenRefused('volume-not-multiple-of-step', [leftHalfDone('volume-not-multiple-of-step')]);
    given(accountRules(), [...closed, anEvent('IntegrationDeleted')])
      .when(goOn())
      .thenRefused('integration-withdrawn', [refusedAs('integration-withdrawn', null, 'open')]);
  });

  it('is half done too when what refuses its open leg may pass, and that is said once', () => {
    const closing = accountRules(aContext({ system: { halted: false, closeOnly: true, shadow: [] } }));
    given(closing, closed)
      .when(goOn())
      .thenRefused('close-only', [leftHalfDone('not-executed', 'close-only')]);
    given(closing, halfDone).when(goOn({}, third)).thenRefused('close-only');
    given(accountRules(aContext({ instruments: { GOLD: 'unavailable' } })), closed)
      .when(goOn())
      .thenRefused('instruments-unavailable', [leftHalfDone('not-executed', 'instruments-unavailable')]);
  });

  it('asks its limits before it closes anything, as they are once that is closed', () => {
    const limit = (allowed: Decimal) => anEvent('LimitSet', { limit: 'order-volume', traderId: null, allowed });
    given(accountRules(), [...holding, limit('0.05')])
      .when(receive(reopen))
      .thenRefused('limit-exceeded');
    given(accountRules(), [...holding, limit('0.1')])
      .when(receive(reopen))
      .then([received(reopen), closes(reopen)]);
  });

  describe('half done', () => {
    const isHalfDone = given(accountRules(), halfDone);
    const resume = aCommand('ResumeSignal', { signalId: second });
    const { operator, note } = resume.data;
    const resumed = anEvent('SignalResumed', { signalId: second });

    it('opens on the next attempt and closes nothing again, as long as an entry may be late', () => {
      isHalfDone.when(goOn({}, third)).then([opens(reopen, third)]);
      isHalfDone.when(goOn({ maxAgeMs: 9_999 }, third)).thenRefused('too-old');
      const again = [...halfDone, anEvent('OrderRequested', { orderId: third, signal: origin(signal(reopen)) })];
      given(accountRules(), again).when(goOn({}, first)).thenRefused('signal-not-waiting');
    });

    it('is opened for an operator however late, once', () => {
      isHalfDone
        .when(resume)
        .then([{ type: 'SignalResumed', data: { operator, note, signalId: second, ...strategy } }]);
      given(accountRules(), [...halfDone, resumed])
        .when(resume)
        .thenNothing();
      given(accountRules(), [...halfDone, resumed])
        .when(goOn({ maxAgeMs: 1 }, third))
        .then([opens(reopen, third)]);
      for (const past of [closing, reopening, holding])
        given(accountRules(), past).when(resume).thenRefused(expect.any(String));
    });

    it('is ended by an operator who saw to it, and only while it is half done', () => {
      const dismiss = aCommand('DismissSignal', { signalId: second });
      isHalfDone
        .when(dismiss)
        .then([{ type: 'SignalDismissed', data: { operator, note, signalId: second, ...strategy } }]);
      const dismissed = [...halfDone, anEvent('SignalDismissed', { signalId: second })];
      for (const command of [dismiss, resume, goOn({}, third)])
        given(accountRules(), dismissed).when(command).thenRefused('signal-not-waiting');
      given(accountRules(), dismissed).when(receive(reopen)).thenNothing();
      for (const past of [closing, reopening, holding, [...halfDone, resumed]])
        given(accountRules(), past).when(dismiss).thenRefused(expect.any(String));
    });

    it('is ended by what is said later of its strategy, whatever that comes to', () => {
      const later = { signalId: third, sentAt: atSecond(55), externalPositionId: 'position-3' };
      const open = { ...later, kind: 'open' } as const;
      isHalfDone.when(receive(open, {}, third)).then([notOpened, received(open), opens(open, third)]);
      const close = { ...later, kind: 'close' } as const;
      isHalfDone
        .when(receive(close, {}, third))
        .thenRefused('position-not-found', [
          notOpened,
          received(close),
          refusedAs('position-not-found', null, 'signal', third),
        ]);
      const late = { ...close, externalPositionId: p1 };
      isHalfDone.when(receive(late, {}, third)).then([notOpened, received(late), executed(late)]);
      isHalfDone
        .when(aCommand('RecordStrategy', { ...strategy, enabled: false, sentAt: atSecond(55) }))
        .then([notOpened, expect.objectContaining({ type: 'StrategyDisabled' })]);
    });

    it('is not ended by what was sent before it', () => {
      const before = { signalId: third, sentAt: atSecond(45), kind: 'open' } as const;
      isHalfDone.when(receive(before, {}, third)).then([received(before), executed(before)]);
    });
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
      closedOnly.when(yes).thenRefused('signal-not-waiting');
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
      closedOnly.when(no).then([leftHalfDone('market-closed', 'weekend')]);
      given(accountRules(), failed)
        .when(no)
        .then([leftHalfDone('market-closed', 'weekend')]);
      given(accountRules(), halfDone).when(no).thenNothing();
      closedOnly
        .when(settle({ result: 'refused', reason: 'integration-withdrawn', text: null }))
        .then([refusedAs('integration-withdrawn', null, 'open')]);
    });

    it('may be unknown at first and something later', () => {
      given(accountRules(), closing)
        .when(unknown)
        .then([doubted('close')]);
      closedOnly.when(unknown).then([doubted('open')]);
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
