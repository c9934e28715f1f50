import { tokenOf } from '@core/contracts/order-token';
import type { Decimal, Instrument } from '@core/contracts/primitives';
import type { RejectionReason } from '@core/contracts/events/request';
import type { StandingReport } from '@core/execution/report';
import { toMs } from '@core/kernel/instant';
import { until } from '@core/testing/until';
import { setTimeout as pause } from 'node:timers/promises';
import { AdapterUser } from './adapter-user.fixture.ts';
import type { BrokerAccount, BrokerAdapter } from './broker-adapter.ts';
import { BrokerFailure, LoginRefused, NoTurn } from './broker-failure.ts';

/** A broker behind its adapter, and the hand that moves it. */
export interface BrokerUnderTest {
  readonly adapter: BrokerAdapter;
  /** A currency pair of 100 000 to the lot, five digits, at 1.1 and 1.1002. */
  readonly instrument: Instrument;
  /** A new account with a hundred thousand in the pair's quote currency, which nobody has open. */
  account(): Promise<BrokerAccount>;
  /** One that can never be opened as it is. */
  stranger(): BrokerAccount;
  /** The pair's prices from now on: they stand still in between. */
  price(bid: Decimal, ask: Decimal): Promise<void>;
  /** How many sessions and streams of prices are open at the broker. */
  open(): Promise<number>;
  close(): Promise<void>;
  readonly capabilities: BrokerCapabilities;
}

/** In what brokers differ. */
interface BrokerCapabilities {
  /** Ends an account's connection from the broker's side; null where there is none. */
  readonly hangUp: ((account: BrokerAccount) => Promise<void>) | null;
  /** From now on it answers requests so much later than it carries them out; null where it does both at once. */
  readonly answerLate: ((ms: number) => Promise<void>) | null;
  /** Lots that there is no money for, and that it sells all the same. */
  readonly tooManyLots: Decimal;
}

const LITTLE_MS = 300;

/** What every adapter must do, whatever its broker speaks. */
export function describeBrokerAdapter(name: string, start: () => Promise<BrokerUnderTest>): void {
  describe(`the adapter of ${name}`, () => {
    let broker: BrokerUnderTest;
    let account: BrokerAccount;
    let user: AdapterUser;

    beforeAll(async () => (broker = await start()), 120_000);
    afterAll(() => broker?.close(), 30_000);

    beforeEach(async () => {
      await broker.price('1.1', '1.1002');
      account = await broker.account();
      user = await AdapterUser.open(broker.adapter, account, broker.instrument);
    });
    afterEach(() => user.session.close('the test is over'));

    const another = (): Promise<AdapterUser> => AdapterUser.open(broker.adapter, account, broker.instrument);
    const rejected = (reason: RejectionReason) => expect.objectContaining({ is: 'rejected', reason });

    describe('a session', () => {
      it('says what the account is', async () => {
        expect(user.session.isOpen).toBe(true);
        expect(Math.abs(toMs(user.session.now) - Date.now())).toBeLessThan(10_000);
        expect(await user.session.account()).toMatchObject({ currency: 'USD', tradingDisabled: false });
      });

      it('ends once, and then says and does nothing any more', async () => {
        const { session } = user;
        const { position } = await user.opens();
        session.close('enough');
        session.close('more than enough');
        expect([session.isOpen, user.ends]).toEqual([false, ['enough']]);
        const { heard } = user;
        await broker.price('1.2', '1.2002');
        await expect(user.close(position, '0.1')).rejects.toBeInstanceOf(NoTurn);
        await expect(session.snapshot(null)).rejects.toBeInstanceOf(BrokerFailure);
        await pause(LITTLE_MS);
        expect(user.heard).toBe(heard);
      });

      it('that is given up while it is being opened leaves nothing open', async () => {
        const open = await broker.open();
        for (const wait of [0, 1, 5, 20, 50]) {
          const leaving = new AbortController();
          const stranger = new AdapterUser(account, broker.instrument);
          const opening = broker.adapter.open(await broker.account(), stranger, leaving.signal);
          await pause(wait);
          leaving.abort(new NoTurn('given up'));
          await opening.then(
            (session) => expect(session.isOpen).toBe(false),
            (error) => expect(error).toBeInstanceOf(BrokerFailure),
          );
        }
        await until(async () => (await broker.open()) === open);
      });

      it('that is given up later is over', async () => {
        const leaving = new AbortController();
        const other = await AdapterUser.open(broker.adapter, await broker.account(), broker.instrument, leaving.signal);
        leaving.abort(new NoTurn('given up'));
        await until(() => other.ends.length > 0);
        expect([other.session.isOpen, other.ends]).toEqual([false, [expect.any(String)]]);
      });

      it('of an account that nobody can open is refused for good', async () => {
        const open = await broker.open();
        const refused = await AdapterUser.open(broker.adapter, broker.stranger(), broker.instrument).catch(
          (error: unknown) => error,
        );
        expect(refused).toBeInstanceOf(LoginRefused);
        expect(refused).toMatchObject({ kind: expect.stringMatching(/^(credentials|disabled)$/) });
        await until(async () => (await broker.open()) === open);
      });

      it('that the broker ends is over, and the next one finds everything as it was', async () => {
        const { hangUp } = broker.capabilities;
        const { position } = await user.opens();
        if (hangUp === null) user.session.close('there is nobody to end it');
        else await hangUp(account);
        await until(() => user.ends.length > 0);
        expect([user.session.isOpen, user.ends.length]).toEqual([false, 1]);
        user = await another();
        expect((await user.session.snapshot(null)).standing).toMatchObject([{ about: 'position', position }]);
      });

      it('gives turns one at a time, the urgent first', async () => {
        const taken: string[] = [];
        let free: (hasSent: boolean) => void = () => undefined;
        const first = user.session.turn('amend', () => new Promise<boolean>((resolve) => (free = resolve)));
        const turns = (['order', 'close'] as const).map((urgency) =>
          user.session.turn(urgency, () => taken.push(urgency) > 0),
        );
        await pause(LITTLE_MS);
        expect(taken).toEqual([]);
        free(true);
        await Promise.all([first, ...turns]);
        expect(taken).toEqual(['close', 'order']);
      });
    });

    describe('a market order', () => {
      it('is taken under a number, carried out, and told as a position that came of it', async () => {
        const orderId = await user.order({ stopLoss: '1.05', takeProfit: '1.2' });
        const brokerRequest = await user.number(orderId);
        expect(await user.answer(orderId)).toEqual({ is: 'accepted' });
        const position = await user.position(
          ({ origin, takeProfit }) => origin === brokerRequest && takeProfit !== null,
        );
        expect(position).toMatchObject({
          ...{ instrument: broker.instrument, digits: 5, side: 'buy', volumeLots: '0.1', price: '1.1002' },
          ...{ stopLoss: '1.05', takeProfit: '1.2', trailingPoints: null, comment: tokenOf(orderId) },
        });
        expect(user.receipts.get(orderId)).toHaveLength(1);
      });

      it('that is answered late is answered all the same, to the session that sent it', async () => {
        const { answerLate } = broker.capabilities;
        if (answerLate === null) return; // nothing is late here
        await answerLate(4 * LITTLE_MS);
        const orderId = await user.order();
        await user.position(({ comment }) => comment === tokenOf(orderId));
        expect(user.receipts.has(orderId)).toBe(false);
        const brokerRequest = await user.number(orderId);
        await user.position(({ origin }) => origin === brokerRequest);
        await answerLate(0);
      });

      it('to sell meets the bid', async () => {
        expect(await user.opens({ side: 'sell' })).toMatchObject({ side: 'sell', price: '1.1' });
      });

      it.each([
        ['unknown-instrument', { instrument: 'NOWHERE' }],
        ['invalid-protection', { stopLoss: '1.15' }],
        ['invalid-protection', { takeProfit: '1.05' }],
      ] as const)('that cannot be is refused with %s: %j', async (reason, parts) => {
        expect(await user.answer(await user.order(parts))).toEqual(rejected(reason));
        expect(user.standing.size).toBe(0);
      });

      it('that there is no money for is refused, and nothing stands', async () => {
        const { tooManyLots: volumeLots } = broker.capabilities;
        expect(await user.answer(await user.order({ volumeLots }))).toEqual(rejected('insufficient-funds'));
        expect((await user.session.snapshot(null)).standing).toEqual([]);
      });
    });

    describe('a limit or stop order', () => {
      it('stands under the number of its request, is changed, and is cancelled', async () => {
        const orderId = await user.order({ kind: 'limit', price: '1.05', stopLoss: '1.01' });
        const number = await user.number(orderId);
        const order = await user.sees('order', ({ order }) => order === number);
        expect(order).toMatchObject({
          ...{ instrument: broker.instrument, digits: 5, side: 'buy', kind: 'limit', volumeLots: '0.1', price: '1.05' },
          ...{ stopLoss: '1.01', takeProfit: null, expiresAt: null, comment: tokenOf(orderId) },
        });

        expect(await user.answer(await user.change(order, { price: '1.06', takeProfit: '1.3' }))).toEqual({
          is: 'accepted',
        });
        const changed = await user.sees('order', ({ order, price }) => order === number && price === '1.06');
        expect(changed).toMatchObject({ stopLoss: '1.01', takeProfit: '1.3', comment: tokenOf(orderId) });

        const cancellation = await user.cancel(number);
        await user.sees('order-gone', ({ order }) => order === number);
        expect(await user.answer(cancellation)).toEqual({ is: 'accepted' });
      });

      it.each([
        ['limit', 'buy', '1.09', ['1.0888', '1.089'], '1.089'],
        ['limit', 'sell', '1.11', ['1.112', '1.1122'], '1.112'],
        ['stop', 'buy', '1.11', ['1.112', '1.1122'], '1.1122'],
        ['stop', 'sell', '1.09', ['1.0888', '1.089'], '1.0888'],
      ] as const)(
        'as a %s to %s at %s becomes a position when its price is met',
        async (kind, side, price, at, filled) => {
          const { order } = await user.places(kind, price, side);
          await broker.price(at[0], at[1]);
          const position = await user.position(({ origin }) => origin === order);
          expect(position).toMatchObject({ side, price: filled, volumeLots: '0.1' });
          await user.sees('order-gone', (gone) => gone.order === order);
        },
      );

      it.each([
        ['limit', '1.2'],
        ['stop', '1.05'],
      ] as const)('on the wrong side of the market, as a %s to buy at %s, is refused', async (kind, price) => {
        expect(await user.answer(await user.order({ kind, price }))).toEqual(rejected('invalid-price'));
      });
    });

    describe('a position', () => {
      it('is protected otherwise from now on, or not at all', async () => {
        const { position, comment } = await user.opens({ stopLoss: '1.05' });
        expect(await user.answer(await user.protect(position, { stopLoss: '1.06', takeProfit: '1.3' }))).toEqual({
          is: 'accepted',
        });
        const protectedNow = await user.position(({ takeProfit }) => takeProfit === '1.3');
        expect(protectedNow).toMatchObject({ position, stopLoss: '1.06', comment });
        await user.protect(position, { stopLoss: null, takeProfit: null });
        const bare = (each: StandingReport | undefined) => each?.stopLoss === null && each.takeProfit === null;
        await until(() => bare(user.standing.get(position)));
      });

      it.each([
        ['stop-loss', { stopLoss: '1.09' }, ['1.0898', '1.09']],
        ['take-profit', { takeProfit: '1.11' }, ['1.1102', '1.1104']],
      ] as const)('ends by itself at its %s', async (reason, levels, [bid, ask]) => {
        const { position } = await user.opens(levels);
        await until(() => user.standing.get(position)?.[reason === 'stop-loss' ? 'stopLoss' : 'takeProfit'] !== null);
        await broker.price(bid, ask);
        const deal = await user.deal(position);
        expect(deal).toMatchObject({ reason, closePrice: bid, openPrice: '1.1002', volumeLots: '0.1', side: 'buy' });
        await user.sees('position-gone', (gone) => gone.position === position);
      });

      it('has a stop loss that trails, through every change that does not end it', async () => {
        const { position } = await user.opens({ stopLoss: '1.05', trailingPoints: 1000 });
        const now = () => user.standing.get(position);
        await broker.price('1.12', '1.1202');
        await until(() => now()?.stopLoss === '1.11');
        await broker.price('1.115', '1.1152');
        await user.answer(await user.protect(position, { stopLoss: '1.11', takeProfit: '1.3' }));
        await until(() => now()?.takeProfit === '1.3');
        expect(now()).toMatchObject({ stopLoss: '1.11', trailingPoints: 1000 });
        const ended = { stopLoss: '1.1', takeProfit: '1.3', trailingPoints: null } as const;
        await user.answer(await user.protect(position, ended));
        await until(() => now()?.stopLoss === '1.1');
        await broker.price('1.125', '1.1252');
        expect(now()).toMatchObject(ended);
      });

      it('is closed, and its deal names the close and brings what the balance gains', async () => {
        const { position } = await user.opens();
        await broker.price('1.105', '1.1052');
        const requestId = await user.close(position, '0.1');
        const deal = await user.deal(position);
        expect(deal).toMatchObject({
          ...{ reason: 'user', request: await user.number(requestId), volumeLots: '0.1', profit: '48' },
          ...{ openPrice: '1.1002', closePrice: '1.105' },
        });
        expect(await user.answer(requestId)).toEqual({ is: 'accepted' });
        await user.sees('position-gone', (gone) => gone.position === position);
        await until(() => user.figures.at(-1)?.balance === '100048');
        expect(user.standing.size).toBe(0);
      });

      it('is closed in part, and what is left of it stands', async () => {
        const { position } = await user.opens();
        await user.close(position, '0.04');
        expect(await user.deal(position)).toMatchObject({ volumeLots: '0.04', reason: 'user' });
        const rest = () => [...user.standing.values()].map(({ volumeLots }) => volumeLots);
        await until(() => rest().join() === '0.06');
        expect((await user.session.snapshot(null)).standing).toMatchObject([{ about: 'position', volumeLots: '0.06' }]);
      });

      it('that is not there is not closed', async () => {
        await expect(user.close('1', '0.1')).rejects.toThrow('target-gone');
        await expect(user.cancel('1')).rejects.toThrow('target-gone');
      });

      it('is closed once, however often that is asked', async () => {
        const { position } = await user.opens();
        const asked = await Promise.allSettled([user.close(position, '0.1'), user.close(position, '0.1')]);
        await user.deal(position);
        const answers = await Promise.all(
          asked.map(async (each) => (each.status === 'fulfilled' ? user.answer(each.value) : String(each.reason))),
        );
        expect(answers).toContainEqual({ is: 'accepted' });
        expect(answers).toContainEqual(
          answers.some((each) => typeof each === 'string') ? 'Error: target-gone' : rejected('not-found'),
        );
        expect(user.reports.filter(({ about }) => about === 'deal')).toHaveLength(1);
      });
    });

    describe('a snapshot', () => {
      it('says what was told: what stands, what was closed, and the figures', async () => {
        const kept = await user.opens({ side: 'sell' });
        const { position } = await user.opens();
        const order = await user.places('stop', '1.3');
        await user.close(position, '0.1');
        const deal = await user.deal(position);
        await user.sees('position-gone', (gone) => gone.position === position);
        await until(() => user.figures.length > 0);

        const fixed = (reports: Iterable<StandingReport>) =>
          [...reports].map((report) => ({ ...report, profit: null, closePrice: null }));
        const beforeMs = performance.now();
        const { standing, history, money, askedMs } = await user.session.snapshot(null);
        expect(new Set(fixed(standing))).toEqual(new Set(fixed(user.standing.values())));
        expect(standing.map((each) => (each.about === 'position' ? each.position : each.order)).sort()).toEqual(
          [kept.position, order.order].sort(),
        );
        expect(history).toContainEqual(deal);
        expect(askedMs).toBeGreaterThanOrEqual(beforeMs);
        expect(askedMs).toBeLessThanOrEqual(performance.now());
        await until(() => user.figures.at(-1)?.balance === money.balance);
      });

      it('goes back as far as it is asked to', async () => {
        const { position } = await user.opens();
        await user.close(position, '0.1');
        const { closedAt, deal } = await user.deal(position);
        const dealsSince = async (since: string | null) =>
          (await user.session.snapshot(since)).history.flatMap((each) => (each.about === 'deal' ? [each.deal] : []));
        expect(await dealsSince(null)).toEqual([deal]);
        expect(await dealsSince(closedAt)).toEqual([deal]);
        expect(await dealsSince('2038-01-01T00:00:00.000000Z')).toEqual([]);
      });
    });

    describe('the outcome of a request', () => {
      it('is told by its number, in this session and the next', async () => {
        const orderId = await user.order();
        const brokerRequest = await user.number(orderId);
        await user.answer(orderId);
        const accepted = { brokerRequest, outcome: { is: 'accepted' } };
        expect(await user.session.outcome(brokerRequest)).toMatchObject(accepted);
        user.session.close('for a while');
        user = await another();
        expect(await user.session.outcome(brokerRequest)).toMatchObject(accepted);
      });
    });

    describe('money', () => {
      it('is told as it moves with the market', async () => {
        await user.opens();
        const equities = () => user.figures.map(({ equity }) => equity);
        await until(() => equities().includes('99998'));
        await broker.price('1.102', '1.1022');
        await until(() => equities().includes('100018'));
      });
    });

    describe('the market', () => {
      const never = new AbortController().signal;

      it('has instruments, each as it is listed', async () => {
        const { instruments, quotes } = await user.session.instruments();
        const listed = instruments.find(({ instrument }) => instrument === broker.instrument);
        expect(listed).toMatchObject({
          ...{ venue: account.venue, category: 'forex', minLots: '0.01', stepLots: '0.01' },
          contract: { contractSize: '100000', digits: 5, quoteCurrency: 'USD' },
        });
        expect(await user.session.instrument(broker.instrument)).toEqual(listed);
        expect(quotes.find(({ instrument }) => instrument === broker.instrument)).toMatchObject({ bid: '1.1' });
      });

      it('streams prices of what is subscribed, pulled as they stand', async () => {
        const spec = await user.session.instrument(broker.instrument);
        const ends: string[] = [];
        const stream = await user.session.prices({ deepestLevel: 0, intervalMs: 1 }, (why) => ends.push(why), never);
        if (spec) await stream.subscribe(spec);
        const told: string[] = [];
        await broker.price('1.12', '1.1202');
        await until(async () => {
          const { quotes } = stream.drain();
          expect(quotes.length).toBeLessThanOrEqual(1);
          told.push(...quotes.map(({ bid, ask }) => `${bid} ${ask}`));
          return told.at(-1) === '1.12 1.1202';
        });
        const quote = stream.quote(broker.instrument);
        expect(quote).toMatchObject({ instrument: broker.instrument, bid: '1.12', ask: '1.1202' });
        expect([quote?.bids.length, quote?.asks.length].every((levels) => (levels ?? 0) <= 1)).toBe(true);
        stream.close('enough');
        stream.close('more than enough');
        expect(ends).toHaveLength(1);
        expect(user.ends).toEqual([]);
      });

      it('says how prices stand when it is asked', async () => {
        const spec = await user.session.instrument(broker.instrument);
        await broker.price('1.13', '1.1302');
        await until(async () => {
          const { values, asked } = await user.session.quotes(spec ? [spec] : []);
          expect([asked, values.length]).toEqual([1, 1]);
          return values[0]?.bid === '1.13' && values[0].ask === '1.1302';
        });
      });

      it('stops streaming when that is given up', async () => {
        const leaving = new AbortController();
        const ends: string[] = [];
        await user.session.prices({ deepestLevel: 0, intervalMs: 1 }, (why) => ends.push(why), leaving.signal);
        leaving.abort(new NoTurn('given up'));
        await until(() => ends.length === 1);
      });

      it('has candles of a range, oldest first, and trading hours', async () => {
        const toMs = Math.floor(Date.now() / 60_000) * 60_000;
        const fromMs = toMs - 30 * 60_000;
        const { values } = await user.session.candles(broker.instrument, 'M1', fromMs, toMs);
        const opened = values.map(({ openedAt }) => openedAt);
        expect(opened.length).toBeGreaterThan(0);
        expect(opened).toEqual([...opened].sort());
        for (const at of opened) expect([toMs > Date.parse(at), Date.parse(at) >= fromMs]).toEqual([true, true]);

        const { values: hours, asked } = await user.session.hours([broker.instrument]);
        expect(asked).toBe(1);
        expect(hours).toMatchObject([{ instrument: broker.instrument, zone: expect.any(String) }]);
      });

      it('says no to what it does not have', async () => {
        const asked = user.session.candles('NOWHERE', 'M1', Date.now() - 60_000, Date.now());
        await expect(asked).rejects.toBeInstanceOf(BrokerFailure);
      });
    });
  });
}
