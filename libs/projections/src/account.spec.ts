import { anEvent, recorded } from '@core/contracts/examples.fixture';
import { accountState } from './account.ts';
import { after, at, instant } from './histories.fixture.ts';

describe('account', () => {
  it.each(['TradingHalted', 'TradingResumed', 'CloseOnlySet'] as const)('is another one since %s', (type) => {
    const { updated } = after(accountState, [at('09:00', 'AccountRegistered'), at('10:00', type)]);
    expect(updated?.at).toBe(instant('10:00'));
  });

  it('knows nothing before it is told, and never calls that zero', () => {
    const { registration, terms, money, equity, session } = accountState.initial();
    expect({ registration, terms, money, equity }).toEqual({
      registration: null,
      terms: null,
      money: null,
      equity: null,
    });
    expect(session.status).toBe('never');
  });

  it('follows the session to the broker', () => {
    const opened = at('10:00', 'AccountSessionOpened');
    expect(after(accountState, [opened]).session).toMatchObject({ status: 'open', since: instant('10:00') });
    const lost = at('11:00', 'AccountSessionLost', { reason: 'keep-alive missing' });
    expect(after(accountState, [opened, lost]).session).toMatchObject({
      status: 'lost',
      since: instant('11:00'),
      reason: 'keep-alive missing',
    });
  });

  it('takes balance as told, with the operation that moved it', () => {
    const state = after(accountState, [at('10:00', 'BalanceChanged', { balance: '42', operation: null })]);
    expect(state.money).toMatchObject({ balance: '42', operation: null, changed: { at: instant('10:00') } });
    expect(state.updated).toEqual(state.money?.changed);
  });

  it('does not call a sample of equity a change of the account', () => {
    const registered = at('09:00', 'AccountRegistered');
    const state = after(accountState, [registered, at('10:00', 'EquityMarked'), at('10:01', 'AccountSessionOpened')]);
    expect(state.updated?.at).toBe(instant('09:00'));
    expect(state.equity?.at).toBe(instant('10:00'));
    expect(state.version).toBe(3);
  });

  it('is clean since the first of an unbroken run of clean reconciliations', () => {
    const drift = { kind: 'position', brokerKey: '500000107', ours: null, theirs: 'buy 0.1' } as const;
    const clean = (clock: string) => at(clock, 'AccountReconciled', { outcome: 'clean' });
    const drifted = at('11:00', 'AccountReconciled', { outcome: 'drift', drifts: [drift] });

    expect(after(accountState, [clean('09:00'), clean('10:00')]).reconciliation.cleanSince).toBe(instant('09:00'));
    const state = after(accountState, [clean('09:00'), drifted]).reconciliation;
    expect(state).toMatchObject({ cleanSince: null, lastDrift: { at: instant('11:00'), drifts: [drift] } });
    const again = after(accountState, [clean('09:00'), drifted, clean('12:00'), clean('13:00')]).reconciliation;
    expect(again).toMatchObject({ cleanSince: instant('12:00'), lastDrift: { at: instant('11:00') } });
  });

  it('is halted until resumed, and close-only until that is taken back', () => {
    const halted = at('10:00', 'TradingHalted');
    expect(after(accountState, [halted]).trading.halted).toMatchObject({ operator: 'ada', since: instant('10:00') });
    expect(after(accountState, [halted, anEvent('TradingResumed')]).trading.halted).toBeNull();
    const closeOnly = anEvent('CloseOnlySet', { closeOnly: true });
    expect(after(accountState, [closeOnly]).trading.closeOnly).not.toBeNull();
    expect(
      after(accountState, [closeOnly, anEvent('CloseOnlySet', { closeOnly: false })]).trading.closeOnly,
    ).toBeNull();
  });

  it('lists quarantined messages until someone decides', () => {
    const quarantined = anEvent('MessageQuarantined');
    expect(Object.keys(after(accountState, [quarantined]).quarantined)).toEqual(['INTAKE/17']);
    expect(after(accountState, [quarantined, anEvent('MessageSkipped')]).quarantined).toEqual({});
    expect(after(accountState, [quarantined, anEvent('MessageReleased')]).quarantined).toEqual({});
  });

  it('remembers the way back into the log', () => {
    const [event] = recorded([anEvent('AccountRegistered')]);
    if (!event) throw new Error('no event');
    expect(after(accountState, [event]).created).toEqual({
      at: event.time,
      position: 1,
      eventId: event.id,
      correlationId: event.correlationid,
      causationId: null,
    });
  });
});
