import { closeReasonOf } from './close-reason.ts';
import { loginFailureOf, meaningOf, reasonOfMessage } from './error-reason.ts';
import { errorCodes } from '../wire/error-codes.ts';

describe('error codes at trade commands', () => {
  it('are final where the broker refused, and never where it may have acted', () => {
    const means = (kind: string): string[] => Object.keys(errorCodes).filter((code) => meaningOf(code).means === kind);
    expect(means('retry')).toEqual(['BE014', 'BE016', 'BE017', 'EX005']);
    expect(means('session')).toEqual(['BE103', 'BE117', 'BE118', 'BE200']);
    for (const code of ['BE019', 'BE020', 'BE037', 'BE000', 'EX001', 'EX002', 'EX003', 'SE199'])
      expect(meaningOf(code)).toEqual({ means: 'unknown' });
  });

  it.each(['ZZ1', 'BE11x', '', 'constructor', '__proto__'])('leave it open when nobody knows %p', (code) => {
    expect(meaningOf(code)).toEqual({ means: 'unknown' });
  });

  it.each([
    ['BE009', 'insufficient-funds'],
    ['BE006', 'market-closed'],
    ['BE002', 'invalid-protection'],
    ['BE097', 'not-found'],
    ['BE11', 'not-found'],
  ])('%s is %s', (code, reason) => {
    expect(meaningOf(code)).toEqual({ means: 'rejected', reason });
  });
});

describe('what a code says', () => {
  const reasons = Object.keys(errorCodes).flatMap((code) => {
    const meaning = meaningOf(code);
    return meaning.means === 'rejected' ? [[code, meaning.reason] as const] : [];
  });

  it('is about the account only where it is the account that may not trade', () => {
    const ofAccounts = reasons.filter(([, reason]) => reason === 'trading-disabled').map(([code]) => code);
    expect(ofAccounts).toEqual(['EX006', 'EX011']);
  });

  it.each(reasons)('%s, in words, is %s or nothing more exact than the broker’s no', (code, reason) => {
    const words = errorCodes[code as keyof typeof errorCodes];
    expect([reason, 'broker-error']).toContain(reasonOfMessage(words));
  });
});

describe('logins', () => {
  it.each(['BE005', 'EX004', 'EX007', 'EX010'])('refused with %s may be locked by more of them', (code) => {
    expect(loginFailureOf(code)).toBe('credentials');
  });

  it.each(['BE004', 'EX006', 'EX011'])('refused with %s wait until they are allowed again', (code) => {
    expect(loginFailureOf(code)).toBe('disabled');
  });

  it('refused for too many connections wait; any other no is a passing one', () => {
    expect(loginFailureOf('EX008')).toBe('full');
    expect(loginFailureOf('EX005')).toBe('passing');
    expect(loginFailureOf('')).toBe('passing');
  });
});

describe('messages of statuses', () => {
  it.each([
    [null, 'broker-error'],
    ['', 'broker-error'],
    ['Not enough money', 'insufficient-funds'],
    ['Market is closed', 'market-closed'],
    ['BE010 Off quotes', 'off-quotes'],
    ['BE002', 'invalid-protection'],
    ['Invalid S/L or T/P', 'invalid-protection'],
    ['Invalid price', 'invalid-price'],
    ['something else', 'broker-error'],
  ])('%p means %s', (message, reason) => {
    expect(reasonOfMessage(message)).toBe(reason);
  });
});

describe('comments of closing deals', () => {
  it.each([
    ['', 'user'],
    ['Web Trader', 'user'],
    ['my S/L idea', 'user'],
    ['[S/L]', 'stop-loss'],
    ['(S/L)', 'stop-loss'],
    ['note [T/P]', 'take-profit'],
    ['[S/O -1968861.79% -24217.00 / 1.23 (USD)]', 'stop-out'],
    ['[ S/O]', 'stop-out'],
    ['[S/Long]', 'user'],
  ])('%p means %s', (comment, reason) => {
    expect(closeReasonOf(comment)).toBe(reason);
  });
});
