import { translateReceipt, translateTradeStatus } from './outcome.ts';

describe('a status', () => {
  const status = (requestStatus: number, message?: string | null) =>
    translateTradeStatus({ order: 500000100, requestStatus, message, customComment: 'c7f3a1', price: 1.1 });

  it('tells of a request by the broker’s number and its comment', () => {
    expect(status(3)).toEqual({
      ok: true,
      value: { brokerRequest: '500000100', comment: 'c7f3a1', outcome: { is: 'accepted' } },
    });
  });

  it.each([1, 2, 7, -1])('%s leaves everything open', (requestStatus) => {
    expect(status(requestStatus)).toMatchObject({ value: { outcome: { is: 'open' } } });
  });

  it.each([
    [4, 'Not enough money', 'insufficient-funds'],
    [4, null, 'broker-error'],
    [0, undefined, 'broker-error'],
  ])('%s %s is a rejection', (requestStatus, message, reason) => {
    expect(status(requestStatus, message)).toMatchObject({
      value: { outcome: { is: 'rejected', reason, brokerCode: null, text: message ?? null } },
    });
  });

  it.each([null, {}, { order: 'x', requestStatus: 3 }, { order: 1 }])('cannot be read: %p', (data) => {
    expect(translateTradeStatus(data)).toMatchObject({ ok: false });
  });
});

describe('a reply to a request', () => {
  const no = (errorCode: string) => translateReceipt({ status: false, errorCode, errorDescr: 'words' });

  it('numbers it, and says no more', () => {
    expect(translateReceipt({ status: true, returnData: { order: 500000100 } })).toEqual({
      is: 'taken',
      brokerRequest: '500000100',
    });
  });

  it.each([undefined, null, {}, { order: '1' }, { order: 1.5 }])('without a number is unclear: %p', (returnData) => {
    expect(translateReceipt({ status: true, returnData })).toEqual({ is: 'unclear' });
  });

  it('is the broker’s no, with its code and its words', () => {
    expect(no('BE009')).toEqual({
      is: 'rejected',
      reason: 'insufficient-funds',
      brokerCode: 'BE009',
      text: 'words',
    });
  });

  it('lets the same go again where nothing was done', () => {
    expect(no('EX005')).toEqual({ is: 'busy', brokerCode: 'EX005', text: 'words' });
  });

  it.each(['EX003', 'SE199', 'BE200', 'ZZ1', ''])('with %p leaves it unclear', (code) => {
    expect(no(code)).toEqual({ is: 'unclear' });
  });
});
