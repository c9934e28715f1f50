import type { Event } from '@core/contracts/event';
import { anEvent, exampleAccount, exampleId, exampleTypes, recorded } from '@core/contracts/examples.fixture';
import { UNKNOWN_MARKET } from '@core/contracts/market/valuation';
import { toMicros } from '@core/kernel/instant';
import { sessionBook } from '@core/views/ws-session/session-book';
import { BaseMessage, type MessageJson } from '@core/ws-session/server-message';
import fc from 'fast-check';
import { announce, standingOf, type Surroundings } from './announcement.ts';

const dark: Surroundings = { market: UNKNOWN_MARKET, stopOutPercent: '50' };

const registered = [anEvent('AccountRegistered'), anEvent('AccountUpdated')];
const working = anEvent('OrderWorking');
const opened = anEvent('PositionOpened');

/** What a session that was there from the beginning heard. */
function heard(events: readonly Event[]): MessageJson[] {
  const book = sessionBook.initial();
  return recorded(events).flatMap((event) => {
    sessionBook.evolve(book, event);
    return announce(book, event, dark).map(({ message }) => JSON.parse(message) as MessageJson);
  });
}

/** The variants alone: `position.created`. */
const variants = (events: readonly Event[]): string[] =>
  heard(events).map((message) => {
    const [[kind, body] = ['', {}]] = Object.entries(message);
    return `${kind}.${Object.keys(body as object).join()}`;
  });

/** The variants after an account that a session already knows. */
const after = (...events: readonly Event[]): string[] => variants([...registered, ...events]).slice(registered.length);

describe('a session hears', () => {
  it('of an account when it is added, and of every change of it', () => {
    expect(variants(registered)).toEqual(['account_event.account_added', 'account_event.account_update']);
    expect(after(anEvent('BalanceChanged'), anEvent('TradingHalted'), anEvent('TradingResumed'))).toEqual([
      'account_event.account_update',
      'account_event.account_update',
      'account_event.account_update',
    ]);
  });

  it('of an operation only when a balance moved', () => {
    const [, update, moved] = heard([...registered, anEvent('BalanceChanged')]);
    expect(update).toMatchObject({ account_event: { account_update: { operation: null } } });
    expect(moved).toMatchObject({
      account_event: {
        account_update: { account: { balance: 10010 }, operation: { delta: 10, operation_type: 'Trading' } },
      },
    });
  });

  it('of a position from its opening to its close', () => {
    expect(
      after(
        opened,
        anEvent('PositionAmended'),
        anEvent('PositionSwapCharged'),
        anEvent('PositionReduced'),
        anEvent('PositionClosed'),
        anEvent('BalanceChanged'),
      ),
    ).toEqual([
      'position.created',
      'position.updated',
      'position.updated',
      'position.updated',
      'position.closed',
      'account_event.account_update',
    ]);
  });

  it('of a pending order that stands, changes, and is executed before its position is created', () => {
    expect(after(anEvent('OrderRequested'), working, anEvent('OrderAmended'), anEvent('OrderFilled'), opened)).toEqual([
      'pending_position.created',
      'pending_position.updated',
      'pending_position.executed',
      'position.created',
    ]);
  });

  it.each([
    ['canceled', anEvent('OrderCancelled', { reason: 'user' })],
    ['canceled', anEvent('OrderCancelled', { reason: 'unknown' })],
    ['failed', anEvent('OrderCancelled', { reason: 'trigger-failed' })],
    ['canceled', anEvent('OrderExpired')],
  ])('that a pending order is %s', (variant, event) => {
    expect(after(working, event)).toEqual(['pending_position.created', `pending_position.${variant}`]);
    expect(after(working, event, event)).toHaveLength(2);
  });

  it('of a pending order that fills in parts until it is executed', () => {
    const half = anEvent('OrderFilled', { volumeLots: '0.05' });
    expect(after(working, half, half)).toEqual([
      'pending_position.created',
      'pending_position.updated',
      'pending_position.executed',
    ]);
  });

  it('nothing of a market order but its position', () => {
    const market = anEvent('OrderRequested', { kind: 'market', price: null });
    const half = anEvent('OrderFilled', { volumeLots: '0.05' });
    const facts = [anEvent('RequestDispatched'), anEvent('RequestAccepted'), half, half, opened];
    expect(after(market, ...facts)).toEqual(['position.created']);
  });

  it('nothing of an order that never stood, or of a position that never opened', () => {
    const requested = anEvent('OrderRequested');
    expect(after(requested, anEvent('RequestRejected'))).toEqual([]);
    expect(after(requested, anEvent('RequestExpired', { reason: 'not-sent' }))).toEqual([]);
    expect(after(anEvent('OrderCancelled'), anEvent('OrderAmended'))).toEqual([]);
    expect(after(anEvent('PositionAmended'), anEvent('PositionClosed'))).toEqual([]);
  });

  it('of a thing once, however often its fact is told', () => {
    const closed = anEvent('PositionClosed');
    expect(after(opened, opened, closed, closed)).toEqual(['position.created', 'position.closed']);
  });

  it('nothing of an account that was never registered: nobody may see it', () => {
    expect(variants([anEvent('AccountUpdated'), opened])).toEqual([]);
  });
});

describe('what a session hears', () => {
  it('shows each thing as it stood right after its event, even where the next one followed at once', () => {
    const [, , created, amended, closed] = heard([
      ...registered,
      anEvent('PositionOpened', { stopLoss: null }),
      anEvent('PositionAmended', { stopLoss: '1.095' }),
      anEvent('PositionClosed'),
    ]);
    expect(created).toMatchObject({ position: { created: { sl_in_instrument_price: null, close_date: null } } });
    expect(amended).toMatchObject({ position: { updated: { sl_in_instrument_price: 1.095, close_reason: null } } });
    expect(closed).toMatchObject({
      position: { closed: { close_reason: 'ClientCommand', profit: 10, lots_amount: 0.1 } },
    });
  });

  it('names the process that created, opened and closed', () => {
    const [placing, closing] = [exampleId(0xaa), exampleId(0xbb)];
    const messages = heard([
      ...registered,
      anEvent('OrderRequested', {}, { correlationid: placing, time: '2026-01-05T09:00:00.000001Z' }),
      anEvent('PositionOpened', {}, { correlationid: placing }),
      anEvent('PositionClosed', { requestId: closing }, { correlationid: closing }),
    ]);
    expect(messages.at(-1)).toMatchObject({
      position: {
        closed: {
          create_process_id: placing,
          create_date: toMicros('2026-01-05T09:00:00.000001Z'),
          open_process_id: placing,
          close_process_id: closing,
          last_update_process_id: closing,
        },
      },
    });
  });

  it.each([
    ['a request of ours', 'user', exampleId(0xbb), exampleId(0xbb)],
    ['a halt that clears', 'user', exampleId(0xbb), exampleId(0xcc)],
    ['a human at the broker', 'user', null, null],
    ['its stop loss', 'stop-loss', null, null],
    ['its take profit', 'take-profit', null, null],
    ['a stop-out', 'stop-out', null, null],
    ['reconciliation', 'reconciled', null, null],
    ['nobody knows what', 'unknown', null, null],
  ] as const)('names the process that closed where %s did', (_who, reason, requestId, process) => {
    const opening = exampleId(0xaa);
    const closing = anEvent(
      'PositionClosed',
      { reason, requestId },
      { id: exampleId(0xdd), correlationid: process ?? opening },
    );
    const messages = heard([...registered, anEvent('PositionOpened', {}, { correlationid: opening }), closing]);
    const closedBy = process ?? closing.id;
    expect(messages.at(-1)).toMatchObject({
      position: {
        closed: { open_process_id: opening, close_process_id: closedBy, last_update_process_id: closedBy },
      },
    });
  });

  it('is of the base profile and well formed, whatever happens in whatever order', () => {
    const anything = fc.array(fc.constantFrom(...exampleTypes), { maxLength: 30 });
    fc.assert(
      fc.property(anything, (types) => {
        const history = types.filter((type) => !type.endsWith('Dispatched')).map((type) => anEvent(type));
        for (const message of heard([...registered, ...history])) {
          const text = JSON.stringify(message);
          expect(BaseMessage.safeParse(JSON.parse(text)).success).toBe(true);
          for (const [, instant] of text.matchAll(/"\w*date\w*":(\d+)/g)) expect(Number(instant)).toBeGreaterThan(1e15);
          const [, lost, lots] = /"lost_amount":([^,]+),.*"lots_amount":([^,]+),/.exec(text) ?? [];
          expect(lost).toBe(lots);
        }
      }),
    );
  });
});

describe('what stands', () => {
  it('is what was created and has not ended', () => {
    const book = sessionBook.initial();
    const second = exampleId(0x906);
    const history = [
      ...registered,
      working,
      opened,
      anEvent('PositionOpened', { positionId: second, brokerPosition: '2' }),
      anEvent('PositionClosed'),
      anEvent('OrderRequested', { orderId: exampleId(0x0d2) }),
    ];
    for (const event of recorded(history)) sessionBook.evolve(book, event);
    const { account, positions, pendings } = standingOf(exampleAccount, book, dark);
    expect(account).toMatchObject({ id: exampleAccount, currency: 'USD', stop_out: '50' });
    expect(positions.map(({ id }) => id)).toEqual([second]);
    expect(pendings.map(({ id }) => id)).toEqual([working.data.orderId]);
  });
});
