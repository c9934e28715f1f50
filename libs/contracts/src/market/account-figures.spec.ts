import { freeMarginRule, worthOf, type AccountSample, type ReportedMoney } from './account-figures.ts';

const sample: AccountSample = {
  ...{ balance: '10000', credit: '0', equity: '9990', margin: '500', marginFree: '9490' },
  ...{ accrued: '-4', dealt: '0' },
};
const account: ReportedMoney = {
  money: { balance: '10000', credit: '0' },
  accrued: '-4',
  equity: sample,
  freeMargin: { countsGain: null, countsLoss: null },
};

describe('what an account is worth now', () => {
  it('is its balance, its open profit and what the balance does not have yet', () => {
    expect(worthOf(account, '-6')).toEqual({
      ...{ profit: '-6', equity: '9990', margin: '500', marginFree: '9490', marginLevel: '1998' },
    });
  });

  it('follows the broker’s last word where a price is not known, moved by what was booked and closed since', () => {
    expect(worthOf(account, null)).toMatchObject({ profit: '-6', equity: '9990' });
    const closed = { ...account, accrued: '-10' as const, equity: { ...sample, dealt: '-6' as const } };
    expect(worthOf(closed, null)).toMatchObject({ profit: '0', equity: '9990' });
    const booked = { ...closed, accrued: '0' as const, money: { balance: '9990' as const, credit: '0' as const } };
    expect(worthOf(booked, null)).toMatchObject({ profit: '0', equity: '9990' });
    const paid = { ...account, money: { balance: '10100' as const, credit: '50' as const } };
    expect(worthOf(paid, null)).toMatchObject({ profit: '-6', equity: '10140' });
  });

  it('has no margin before the broker told one', () => {
    const unsampled = { ...account, equity: null };
    expect(worthOf(unsampled, null)).toEqual({
      ...{ profit: '0', equity: '9996', margin: null, marginFree: null, marginLevel: null },
    });
    expect(worthOf({ ...account, equity: { ...sample, margin: '0' } }, '0').marginLevel).toBeNull();
  });
});

describe('free margin', () => {
  const of = (equity: AccountSample['equity'], marginFree: AccountSample['marginFree']): AccountSample => ({
    ...sample,
    equity,
    marginFree,
  });

  it.each([
    ['gains and losses', of('10100', '9600'), of('9900', '9400'), '9700', '9300'],
    ['losses alone', of('10100', '9500'), of('9900', '9400'), '9500', '9300'],
    ['neither', of('10100', '9500'), of('9900', '9500'), '9500', '9500'],
  ] as const)('counts %s, as the broker was seen to', (_, gain, loss, atGain, atLoss) => {
    let freeMargin = freeMarginRule({ countsGain: null, countsLoss: null }, gain);
    freeMargin = freeMarginRule(freeMargin, loss);
    const now = { ...account, accrued: '0' as const, equity: loss, freeMargin };
    expect(worthOf(now, '200').marginFree).toBe(atGain);
    expect(worthOf(now, '-200').marginFree).toBe(atLoss);
  });

  it('shows no gain as free until the broker was seen to, and every loss', () => {
    const even = { ...account, accrued: '0' as const, equity: of('10000', '9500') };
    expect(freeMarginRule(even.freeMargin, even.equity)).toBe(even.freeMargin);
    expect(worthOf(even, '200').marginFree).toBe('9500');
    expect(worthOf(even, '-200').marginFree).toBe('9300');
  });

  it('keeps what the broker sets aside and does not explain', () => {
    const odd = { ...account, accrued: '0' as const, equity: of('10100', '9000') };
    expect(worthOf({ ...odd, money: { balance: '10050', credit: '0' } }, '100').marginFree).toBe('9050');
  });
});
