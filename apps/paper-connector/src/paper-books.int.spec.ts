import { AdapterUser } from '@core/connector/adapter-user.fixture';
import type { BrokerAccount } from '@core/connector/broker-adapter';
import { BrokerUnavailable, LoginRefused, NoAnswer } from '@core/connector/broker-failure';
import { anInstrument, aPair } from '@core/contracts/market/example.fixture';
import { tokenOf } from '@core/contracts/order-token';
import { instantFromMs } from '@core/kernel/instant';
import { newId, now } from '@core/service/clock';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { until } from '@core/testing/until';
import { QuoteSettings } from './config.ts';
import { MemoryQuoteSource } from './memory-quote-source.fixture.ts';
import { PaperAdapter } from './paper-adapter.ts';
import { openPaperStore, PaperStore } from './paper-store.ts';

const ENDPOINT = { quotesOf: 'elsewhere', currency: 'USD' };

describe('a paper account', () => {
  let database: FreshDatabase;
  let store: PaperStore;
  let source: MemoryQuoteSource;
  let account: BrokerAccount;
  const users: AdapterUser[] = [];

  beforeAll(async () => {
    database = await freshDatabase();
    store = await openPaperStore(database.url);
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
  });
  beforeEach(() => {
    source = new MemoryQuoteSource([
      aPair('EURUSD', { venue: 'elsewhere' }),
      anInstrument({
        instrument: 'DAX',
        category: 'index',
        contract: { ...aPair('EURUSD').contract, quoteCurrency: 'CHF' },
      }),
    ]);
    source.say('1.1', '1.1002');
    const credentials = () => Promise.reject(new Error('none'));
    account = { id: newId(), venue: 'paper', endpoint: ENDPOINT, mode: 'demo', credentials };
  });
  afterEach(() => {
    for (const user of users.splice(0)) user.session.close('the test is over');
  });

  const adapter = (books: PaperStore = store): PaperAdapter =>
    new PaperAdapter(books, new QuoteSettings(), () => source, now);

  async function opened(books?: PaperStore): Promise<AdapterUser> {
    const user = await AdapterUser.open(adapter(books), account, 'EURUSD');
    users.push(user);
    return user;
  }

  /** The same books, where writing goes wrong. */
  function failing(save: PaperStore['save']): PaperStore {
    const books: PaperStore = Object.create(store);
    books.save = save;
    return books;
  }

  const isOver = (user: AdapterUser): Promise<void> => until(() => user.ends.length > 0);

  it('is found by the next process as it was told', async () => {
    const user = await opened();
    const { position } = await user.opens({ stopLoss: '1.05' });
    const { order } = await user.places('limit', '1.09');
    const closed = await user.opens();
    await user.close(closed.position, '0.1');
    const deal = await user.deal(closed.position);
    const before = await user.session.snapshot(null);

    const elsewhere = await openPaperStore(database.url); // the first was killed: it said no farewell
    const after = await (await opened(elsewhere)).session.snapshot(null);
    expect({ ...after, askedMs: 0 }).toEqual({ ...before, askedMs: 0 });
    expect(after.standing).toMatchObject([{ position, stopLoss: '1.05' }, { order }]);
    expect(after.history).toMatchObject([{ about: 'booking', operation: { type: 'deposit', delta: '100000' } }, deal]);
    await elsewhere.close();
  });

  it('has done what was written when the process dies before it is told', async () => {
    await opened(); // begins the account
    const user = await opened(
      failing(async (...books) => {
        await store.save(...books);
        throw new BrokerUnavailable('killed');
      }),
    );
    const orderId = await user.order();
    await isOver(user);
    expect([user.receipts.size, user.reports, user.ends]).toEqual([0, [], ['killed']]);
    const { standing } = await (await opened()).session.snapshot(null);
    expect(standing).toMatchObject([{ about: 'position', comment: tokenOf(orderId) }]);
  });

  it('has done nothing that was not written', async () => {
    await opened();
    const user = await opened(failing(() => Promise.reject(new BrokerUnavailable('the disk is full'))));
    await user.order();
    await isOver(user);
    expect([user.receipts.size, user.reports]).toEqual([0, []]);
    expect((await (await opened()).session.snapshot(null)).standing).toEqual([]);
  });

  it('is written by one session: of two the later one to write is over, and nothing is lost', async () => {
    const [one, two] = [await opened(), await opened()];
    await one.opens();
    await two.order();
    await isOver(two);
    expect([two.receipts.size, two.ends]).toEqual([0, ['somebody else writes the books of this account']]);
    await one.opens();
    expect((await (await opened()).session.snapshot(null)).standing).toHaveLength(2);
  });

  it('is written as it was decided, with its history, whatever is decided meanwhile', async () => {
    const saved: [balance: string, deals: number][] = [];
    const user = await opened(
      failing(async (...books) => {
        const version = await store.save(...books);
        const written = await store.load(account.id);
        const history = await store.history(account.id, null, 1_000);
        saved.push([written?.account.balance ?? '', history.filter(({ about }) => about === 'deal').length]);
        return version;
      }),
    );
    const positions = [await user.opens(), await user.opens(), await user.opens()];
    saved.length = 0;
    await Promise.all(positions.map(({ position }) => user.close(position, '0.1')));
    for (const { position } of positions) await user.deal(position);
    for (const [balance, deals] of saved) expect(balance).toBe(String(100_000 - deals * 2));
  });

  it.each([
    ['nobody has told a price of the venue lately', () => void (source.isSilent = true)],
    ['its price is old', () => source.say('1.1', '1.1002', instantFromMs(Date.now() - 61_000))],
  ])('trades at no dead price: %s', async (_why, die) => {
    const user = await opened();
    const { position } = await user.opens({ stopLoss: '1.09' });
    die();
    expect(await user.answer(await user.order())).toMatchObject({ is: 'rejected', reason: 'market-closed' });
    expect(await user.answer(await user.close(position, '0.1'))).toMatchObject({ reason: 'market-closed' });
    source.isSilent = false;
    source.say('1.08', '1.0802');
    expect(await user.deal(position)).toMatchObject({ reason: 'stop-loss', closePrice: '1.08' });
  });

  it('meets the market as it is when it is opened, though no price moves any more', async () => {
    const user = await opened();
    const { position } = await user.opens({ stopLoss: '1.09' });
    user.session.close('for the weekend');
    source.say('1.08', '1.0802');
    const deal = await (await opened()).deal(position);
    expect(deal).toMatchObject({ reason: 'stop-loss', closePrice: '1.08' });
  });

  it('says nothing of what it is worth while a price of it is not known', async () => {
    const user = await opened();
    await user.opens();
    source.quotes.clear();
    await expect(user.session.snapshot(null)).rejects.toBeInstanceOf(NoAnswer);
  });

  it('fills nothing at a price that its venue does not stand by', async () => {
    const user = await opened();
    const { position } = await user.opens({ stopLoss: '1.09' });
    for (const [state, reason] of [
      ['closed', 'market-closed'],
      ['off', 'instrument-disabled'],
      ['stale', 'off-quotes'],
    ] as const) {
      source.states.set('EURUSD', state);
      source.say('1.08', '1.0802');
      expect(await user.receipt(await user.order())).toMatchObject({ is: 'rejected', reason });
    }
    expect((await user.session.snapshot(null)).standing).toMatchObject([{ position }]);
    source.states.clear();
    source.say('1.0799', '1.0801');
    expect(await user.deal(position)).toMatchObject({ reason: 'stop-loss', closePrice: '1.0799' });
  });

  it('waits for the venue whose prices it trades at', async () => {
    source.instruments = null;
    await expect(opened()).rejects.toThrow('nobody speaks for elsewhere');
  });

  it.each([
    ['no terms', { currency: 'USD' }],
    ['terms nobody knows', { ...ENDPOINT, slippage: 5 }],
    ['prices of its own', { ...ENDPOINT, quotesOf: 'paper' }],
  ])('is refused for good with %s', async (_what, endpoint) => {
    account = { ...account, endpoint };
    await expect(opened()).rejects.toBeInstanceOf(LoginRefused);
  });

  it('keeps its currency', async () => {
    await opened();
    account = { ...account, endpoint: { ...ENDPOINT, currency: 'EUR' } };
    await expect(opened()).rejects.toThrow('its money is USD, not EUR');
  });

  it('whose row cannot be read is refused, and costs nobody else anything', async () => {
    await opened();
    const broken = { ...(await store.load(account.id))?.account, balance: 'much' };
    await store.save(account.id, 1, JSON.parse(JSON.stringify(broken)), []);
    await expect(opened()).rejects.toThrow('its books cannot be read');
  });

  it('is offered the other venue’s instruments under its own name, and with no more leverage than it has', async () => {
    account = { ...account, endpoint: { ...ENDPOINT, leverage: '20' } };
    const { instruments } = await (await opened()).session.instruments();
    expect(instruments).toMatchObject([
      { venue: 'paper', instrument: 'EURUSD', description: 'EURUSD (paper, prices of elsewhere)', marginPercent: '5' },
      { venue: 'paper', instrument: 'DAX', marginPercent: '5' },
    ]);
  });
});
