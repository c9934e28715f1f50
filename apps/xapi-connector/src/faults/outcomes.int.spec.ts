// Faults 10 to 18 and 43 of the table in docs/xapi-faults.md: what becomes of requests whose answers fail.
import type { EventType } from '@core/contracts/event';
import type { Uuid } from '@core/contracts/primitives';
import { anAccountForEach, type ConnectorHarness } from './connector-harness.fixture.ts';
import type { TradingAccount } from './trading-account.fixture.ts';

const STEPS: ReadonlyMap<EventType, string> = new Map<EventType, string>([
  ['AmendmentRequested', 'requested'],
  ['CloseRequested', 'requested'],
  ['RequestDispatched', 'dispatched'],
  ['RequestAccepted', 'accepted'],
  ['RequestRejected', 'rejected'],
  ['RequestOutcomeUnknown', 'unknown'],
  ['RequestExpired', 'expired'],
]);

describe('answers to requests', () => {
  let harness: ConnectorHarness;
  let trading: TradingAccount;

  anAccountForEach({}, (...given) => ([harness, trading] = given));

  /** Streams that would tell the outcome by themselves. */
  const mute = (...streams: readonly string[]): Promise<unknown> =>
    Promise.all(streams.map((stream) => harness.fault({ kind: 'mute', stream, user: trading.userId })));

  const steps = async (requestId: Uuid): Promise<string[]> =>
    (await trading.events()).flatMap(({ type, data }) => {
      if (type === 'OrderRequested') return data.orderId === requestId ? 'requested' : [];
      const step = STEPS.get(type);
      return step !== undefined && 'requestId' in data && data.requestId === requestId ? step : [];
    });

  it('10: the reply never comes, and the order was executed: the record of its position tells', async () => {
    await harness.fault({ kind: 'lose-reply', command: 'tradeTransaction', executed: true, user: trading.userId });
    const orderId = await trading.buy();
    await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId);
    expect(await steps(orderId)).toEqual(['requested', 'dispatched', 'accepted']);
    expect(await trading.sent(orderId)).toBe(1);
  });

  it('10: and where the streams are silent too, a snapshot tells, with its evidence', async () => {
    await mute('trade', 'tradeStatus');
    await harness.fault({ kind: 'lose-reply', command: 'tradeTransaction', executed: true, user: trading.userId });
    const orderId = await trading.buy();
    const opened = await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId);
    expect(opened.data.inferred).toBe(true);
    expect(await steps(orderId)).toEqual(['requested', 'dispatched', 'unknown', 'accepted']);
    const accepted = await trading.sees('RequestAccepted');
    expect(accepted.data.evidence).toContain('found at the broker');
    expect(await trading.sent(orderId)).toBe(1);
  });

  it('11: the reply never comes, and the order was not executed: two reads, then not executed', async () => {
    await harness.fault({ kind: 'lose-reply', command: 'tradeTransaction', executed: false, user: trading.userId });
    const orderId = await trading.buy();
    const expired = await trading.sees('RequestExpired', ({ data }) => data.requestId === orderId);
    expect(expired.data).toMatchObject({ reason: 'not-executed' });
    expect(await steps(orderId)).toEqual(['requested', 'dispatched', 'unknown', 'expired']);
    expect(await trading.all('PositionOpened')).toEqual([]);
    expect(await trading.sent(orderId)).toBe(1);
  });

  it('12: a reply after the timeout belongs to its command and still tells the number', async () => {
    await mute('trade', 'tradeStatus');
    const fault = { kind: 'delay-reply', command: 'tradeTransaction', ms: 3_000, user: trading.userId, times: 1 };
    await harness.fault(fault);
    const late = await trading.buy('0.1');
    await trading.sees('RequestOutcomeUnknown', ({ data }) => data.requestId === late && data.cause === 'timeout');
    const prompt = await trading.buy('0.2');
    for (const orderId of [late, prompt]) {
      const opened = await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId);
      expect(opened.data.volumeLots).toBe(orderId === late ? '0.1' : '0.2');
    }
    expect(await steps(late)).toEqual(['requested', 'dispatched', 'unknown', 'accepted']);
    expect(await Promise.all([late, prompt].map((each) => trading.sent(each)))).toEqual([1, 1]);
  });

  it('13: the status beats the reply', async () => {
    await harness.fault({ kind: 'delay-reply', command: 'tradeTransaction', ms: 500, user: trading.userId });
    await harness.broker('PATCH', 'knobs', { execDelayMs: { trade: 800 } });
    const orderId = await trading.buy();
    await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId);
    expect(await steps(orderId)).toEqual(['requested', 'dispatched', 'accepted']);
  });

  it('14: the trade beats the status', async () => {
    await harness.broker('PATCH', 'knobs', { execDelayMs: { status: 800 } });
    const orderId = await trading.buy();
    await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId);
    expect(await steps(orderId)).toEqual(['requested', 'dispatched', 'accepted']);
  });

  it('15: a status that stays open too long is unknown, and accepted when it is final', async () => {
    await mute('trade');
    await harness.fault({ kind: 'stuck-status', ms: 6_000, user: trading.userId });
    await harness.fault({ kind: 'lose-reply', command: 'getTrades', executed: false, user: trading.userId });
    const orderId = await trading.buy();
    await trading.sees('RequestAccepted', ({ data }) => data.requestId === orderId);
    expect(await steps(orderId)).toEqual(['requested', 'dispatched', 'unknown', 'accepted']);
    expect(await trading.sent(orderId)).toBe(1);
  });

  it.each([
    [0, null, 'broker-error'],
    [4, null, 'broker-error'],
    [4, 'Not enough money', 'insufficient-funds'],
  ])('16: refused by status %s, %s', async (requestStatus, message, reason) => {
    await harness.fault({ kind: 'reject', requestStatus, message, user: trading.userId });
    const orderId = await trading.buy();
    const rejected = await trading.sees('RequestRejected', ({ data }) => data.requestId === orderId);
    expect(rejected.data).toMatchObject({ reason, text: message });
  });

  it('17: a status that never comes on the stream is asked for', async () => {
    await mute('tradeStatus', 'trade');
    await harness.fault({ kind: 'reject', requestStatus: 4, message: 'Off quotes', user: trading.userId });
    const orderId = await trading.buy();
    const rejected = await trading.sees('RequestRejected', ({ data }) => data.requestId === orderId);
    expect(rejected.data.reason).toBe('off-quotes');
  });

  it('18: executed by its status, and no record of a position: the broker is asked', async () => {
    await mute('trade');
    const orderId = await trading.buy();
    const opened = await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId);
    expect(opened.data.inferred).toBe(true);
    expect(await steps(orderId)).toEqual(['requested', 'dispatched', 'accepted']);
  });

  it.each(['EX003', 'SE199', 'BE019', 'BE000'])('43: %s leaves it open, and what was done is found', async (code) => {
    const error = { kind: 'reply-error', command: 'tradeTransaction', code, user: trading.userId, times: 1 };
    await mute('trade', 'tradeStatus');
    await harness.fault({ ...error, executed: true });
    const executed = await trading.buy();
    await trading.sees('PositionOpened', ({ data }) => data.orderId === executed);
    expect(await steps(executed)).toEqual(['requested', 'dispatched', 'unknown', 'accepted']);

    await harness.fault({ ...error, executed: false });
    const lost = await trading.buy();
    await trading.sees('RequestExpired', ({ data }) => data.requestId === lost && data.reason === 'not-executed');
    expect(await Promise.all([executed, lost].map((each) => trading.sent(each)))).toEqual([1, 1]);
  });

  it.each(['EX005', 'BE014', 'BE016'])('43: %s did nothing, and the same command goes again', async (code) => {
    const error = { kind: 'reply-error', command: 'tradeTransaction', code, user: trading.userId, times: 2 };
    await harness.fault(error);
    const orderId = await trading.buy();
    await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId);
    expect(await steps(orderId)).toEqual(['requested', 'dispatched', 'accepted']);
    expect(await trading.all('PositionOpened')).toHaveLength(1);
  });

  it('43: too busy for ever is a rejection', async () => {
    await harness.fault({ kind: 'reply-error', command: 'tradeTransaction', code: 'EX005', user: trading.userId });
    const orderId = await trading.buy();
    const rejected = await trading.sees('RequestRejected', ({ data }) => data.requestId === orderId);
    expect(rejected.data).toMatchObject({ reason: 'broker-error', brokerCode: 'EX005' });
  });

  it('closes, changes and cancellations whose answers are lost are settled by what the broker shows', async () => {
    const orderId = await trading.buy('0.2');
    const { positionId } = (await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId)).data;
    // Not the balance either: one that moves for no known reason has the broker asked at once.
    await mute('trade', 'tradeStatus', 'balance');
    await harness.fault({ kind: 'lose-reply', command: 'tradeTransaction', executed: true, user: trading.userId });
    const requester = { edge: 'operator', reference: null } as const;
    const terms = { target: 'position', positionId, stopLoss: '0.5', takeProfit: null } as const;
    const amendment = await trading.command({ type: 'Amend', data: { terms, requester } });
    await trading.sees('RequestAccepted', ({ data }) => data.requestId === amendment && data.evidence !== null);
    const close = await trading.closePosition(positionId);
    await trading.sees('RequestAccepted', ({ data }) => data.requestId === close && data.evidence !== null);
    await trading.sees('PositionClosed', ({ data }) => data.requestId === close);
    expect(await steps(close)).toEqual(['requested', 'dispatched', 'unknown', 'accepted']);
  });
});
