// Over 300 lines: one story of one trader on one set of helpers, from the configuration to the last route.
import { aCommand } from '@core/contracts/command-examples.fixture';
import type { Event, EventType, EventBody } from '@core/contracts/event';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import type { TvOrder } from '@core/tradingview/wire/order';
import { routes } from '@core/tradingview/wire/routes';
import { GatewayHarness, type Request } from './gateway-harness.fixture.ts';
import { ada, adasAccount, aQuote, bob, bobsAccount, demoMarket } from './memory-ports.fixture.ts';

const account = { accountId: adasAccount.id };
const EURUSD = { instrument: 'EURUSD', currentAsk: '1.1002', currentBid: '1.1' };
const marketOrder = { ...EURUSD, side: 'buy', type: 'market', qty: '10000' };
const limitOrder = { ...marketOrder, type: 'limit', limitPrice: '1.09', stopLoss: '1.08', takeProfit: '1.12' };

let gateway: GatewayHarness;
let token: string;

const an = <Type extends EventType>(
  type: Type,
  data: Partial<EventBody<Type>['data']> = {},
  subject: string = adasAccount.id,
): Event => anEvent(type, data, { subject });

/** Two accounts as their broker describes them, before anything was traded. */
async function open(environment: Record<string, string> = {}): Promise<void> {
  gateway = await GatewayHarness.start(environment);
  await gateway.ports.ledger.record(
    an('AccountRegistered', { traderId: ada, venue: 'demo' }),
    an('AccountUpdated'),
    an('BalanceChanged', { balance: '10000', operation: null }),
    an('AccountRegistered', { traderId: bob, venue: 'demo' }, bobsAccount.id),
    an('AccountUpdated', { currency: 'EUR' }, bobsAccount.id),
    an('BalanceChanged', { balance: '500', operation: null }, bobsAccount.id),
  );
  token = await gateway.login('ada');
}

const mine = (more: Request = {}): Request => ({ token, ...more, params: { ...account, ...more.params } });
const orders = async (): Promise<TvOrder[]> => (await gateway.success('GET /accounts/{accountId}/orders', mine())).d;
const positions = async () => (await gateway.success('GET /accounts/{accountId}/positions', mine())).d;
const place = async (form: Record<string, string>, query: Record<string, string> = {}): Promise<string> =>
  (await gateway.success('POST /accounts/{accountId}/orders', mine({ form, query }))).d.orderId;

/** What the broker tells when it fills an order whole. */
async function fill(orderId: string, data: Partial<EventBody<'PositionOpened'>['data']> = {}): Promise<void> {
  const positionId = data.positionId ?? exampleId(0x905);
  await gateway.ports.ledger.record(
    an('RequestAccepted', { requestId: orderId }),
    an('OrderFilled', { orderId, positionId, volumeLots: '0.1', price: '1.1002' }),
    an('PositionOpened', { orderId, positionId, price: '1.1002', stopLoss: null, takeProfit: null, ...data }),
  );
}

afterEach(() => gateway.stop());

describe('the configuration', () => {
  beforeEach(() => open());

  it('is consistent with what it describes, in every language', async () => {
    for (const locale of ['en', 'de_DE', 'xx']) {
      const query = { locale };
      const { d: config } = await gateway.success('GET /config', { token, query });
      const { d: state } = await gateway.success('GET /accounts/{accountId}/state', mine({ query }));
      expect(state.accountSummaryRowData).toHaveLength(config.accountSummaryRow.length);
      expect(state.amData.map((table) => table[0]?.length)).toEqual(
        config.accountManager.map(({ columns }) => columns.length),
      );
    }
  });

  it('and all that is read beside it speak the language of whoever asks, whoever asked before', async () => {
    await place(marketOrder);
    const inLocale = async (locale: string): Promise<readonly string[]> => {
      const query = { locale };
      const { d: config } = await gateway.success('GET /config', { token, query });
      const { d: state } = await gateway.success('GET /accounts/{accountId}/state', mine({ query }));
      const { d: listed } = await gateway.success('GET /accounts/{accountId}/orders', mine({ query }));
      const form = { ...marketOrder, qty: '1' };
      const refused = await gateway.failure('POST /accounts/{accountId}/orders', mine({ form, query }));
      const titles = config.accountSummaryRow.map(({ title }) => title);
      return [titles, state.amData, listed[0]?.message, refused].map((part) => JSON.stringify(part));
    };
    const locales = ['en', 'de', 'br', 'ja'];
    const first = await Promise.all(locales.map(inLocale));
    for (const part of first[0]?.keys() ?? []) {
      expect(new Set(first.map((parts) => parts[part])).size).toBe(locales.length);
    }
    expect(await Promise.all(locales.map(inLocale))).toEqual(first);
    expect(await Promise.all(['xx', 'de_DE', 'pt'].map(inLocale))).toEqual(first.slice(0, 3));
  });

  it('names the accounts of whoever asks', async () => {
    const { d } = await gateway.success('GET /accounts', { token });
    expect(d).toMatchObject([{ id: adasAccount.id, name: adasAccount.name, type: 'demo', currency: 'USD' }]);
    gateway.ports.traders.accounts.clear();
    expect(await gateway.failure('GET /accounts', { token: await gateway.login('bob') })).toContain(
      'no trading account',
    );
  });

  it('lists instruments in units, with pip values in account currency', async () => {
    const { d } = await gateway.success('GET /accounts/{accountId}/instruments', mine());
    expect(d).toMatchObject([
      { name: 'EURUSD', minQty: 1_000, qtyStep: 1_000, pipValue: 0.0001 },
      { name: 'USDJPY', pipSize: 0.01, pipValue: expect.closeTo(0.0000667, 6) },
    ]);
  });

  it('maps nothing unless told to, and then offers only what is mapped', async () => {
    expect(await gateway.success('GET /mapping')).toEqual({ symbols: [], fields: ['brokerSymbol'] });
    await gateway.stop();
    await open({ SYMBOL_MAPPING: 'USDJPY=ACME:USDJPY' });
    expect((await gateway.success('GET /mapping')).symbols).toEqual([{ f: ['USDJPY'], s: 'ACME:USDJPY' }]);
    const { d } = await gateway.success('GET /accounts/{accountId}/instruments', mine());
    expect(d.map(({ name }) => name)).toEqual(['USDJPY']);
  });
});

describe('an order', () => {
  beforeEach(() => open());

  it('is in the next list, and once filled a position with its profit', async () => {
    const id = await place(marketOrder);
    expect(await orders()).toMatchObject([{ id, status: 'placing', type: 'market', qty: 10_000 }]);
    await fill(id);
    expect(await orders()).toMatchObject([{ id, status: 'filled', avgPrice: 1.1002, filledQty: 10_000 }]);
    expect(await positions()).toMatchObject([{ instrument: 'EURUSD', qty: 10_000, side: 'buy', unrealizedPl: -2 }]);
    gateway.market.applyQuotes({ venue: 'demo', quotes: [aQuote('EURUSD', '1.1012', '1.1014')] });
    expect(await positions()).toMatchObject([{ unrealizedPl: 10 }]);
    const { d: state } = await gateway.success('GET /accounts/{accountId}/state', mine());
    expect(state).toMatchObject({ balance: 10_000, unrealizedPl: 10, equity: 10_010 });
  });

  it('is answered only when the next list shows it, or when that takes too long', async () => {
    gateway.ports.ledger.feedDelayMs = 50;
    const id = await place(marketOrder);
    expect(await orders()).toMatchObject([{ id }]);
    await gateway.stop();
    await open({ VIEW_TIMEOUT_MS: '10' });
    gateway.ports.ledger.feedDelayMs = 60_000;
    expect(await place(marketOrder)).toMatch(/^[0-9a-f-]{36}$/);
    expect(await orders()).toEqual([]);
  });

  it('that a browser sends twice is one order', async () => {
    const query = { requestId: 'aB3dE6gH9j' };
    const [first, again] = [await place(marketOrder, query), await place(marketOrder, query)];
    expect(again).toBe(first);
    expect(await orders()).toHaveLength(1);
    expect(await place(marketOrder, { requestId: 'another' })).not.toBe(first);
    expect(gateway.ports.ledger.commands[0]).toMatchObject({
      subject: adasAccount.id,
      data: { volumeLots: '0.1', requester: { edge: 'tv-gateway', reference: 'aB3dE6gH9j' } },
    });
  });

  it.each(['../../x', 'with space', 'é🚀', '{"a":1}', '%', '__proto__', 'x'.repeat(128)])(
    'is known by a request id of any form: %s',
    async (requestId) => {
      const [first, again] = [await place(marketOrder, { requestId }), await place(marketOrder, { requestId })];
      expect(again).toBe(first);
      expect(await place(marketOrder, { requestId: '' })).not.toBe(await place(marketOrder, { requestId: '' }));
    },
  );

  it('is one of so many at once; no closing, cancellation or repetition is one too many', async () => {
    await gateway.stop();
    await open({ ORDERS_PER_MINUTE: '1', ORDERS_BURST: '2' });
    const query = { requestId: 'aB3dE6gH9j' };
    const [first, working] = [
      await place(marketOrder, query),
      await place({ ...marketOrder, type: 'limit', limitPrice: '1.09' }),
    ];
    const refused = mine({ form: marketOrder });
    expect(await gateway.failure('POST /accounts/{accountId}/orders', refused)).toContain('Too many orders');
    expect(await place(marketOrder, query)).toBe(first);
    await fill(first);
    await gateway.success('DELETE /accounts/{accountId}/orders/{orderId}', mine({ params: { orderId: working } }));
    const params = { positionId: exampleId(0x905) };
    await gateway.success('DELETE /accounts/{accountId}/positions/{positionId}', mine({ params }));
    await gateway.ports.ledger.record(anEvent('AccountRegistered', {}, { subject: bobsAccount.id }));
    const bob = { token: await gateway.login('bob'), params: { accountId: bobsAccount.id } };
    await gateway.success('POST /accounts/{accountId}/orders', { ...bob, form: marketOrder });
  });

  it('that is another under the same requestId is refused, and the first one stands', async () => {
    const query = { requestId: 'aB3dE6gH9j' };
    const first = await place(marketOrder, query);
    const form = { ...marketOrder, side: 'sell' };
    expect(await gateway.failure('POST /accounts/{accountId}/orders', mine({ form, query }))).toBe(
      'This request was sent before with other terms.',
    );
    expect(await orders()).toMatchObject([{ id: first, side: 'buy' }]);
  });

  it('that was refused for a passing reason is placed under the same requestId once that has passed', async () => {
    const { ledger } = gateway.ports;
    const query = { requestId: 'aB3dE6gH9j' };
    const subject = adasAccount.id;
    await ledger.send(aCommand('HaltTrading', {}, { subject, commandid: exampleId(1) }));
    const form = marketOrder;
    expect(await gateway.failure('POST /accounts/{accountId}/orders', mine({ form, query }))).toContain('halted');
    await ledger.send(aCommand('ResumeTrading', {}, { subject, commandid: exampleId(2) }));
    const first = await place(marketOrder, query);
    expect(await place(marketOrder, query)).toBe(first);
    expect(await orders()).toHaveLength(1);
  });

  it('that is refused is told so in words', async () => {
    const refused = (form: Record<string, string>) =>
      gateway.failure('POST /accounts/{accountId}/orders', mine({ form: { ...marketOrder, ...form } }));
    expect(await refused({ qty: '1' })).toContain('not a multiple');
    expect(await refused({ type: 'limit', limitPrice: '1.09', stopLoss: '1.2' })).toContain(
      'stop loss is on the wrong side',
    );
    expect(await refused({ instrument: 'NOPE' })).toBe('Unknown instrument.');
    expect(await orders()).toEqual([]);
  });

  it('of a kind that no broker here keeps exactly is refused in words, and nothing of it is asked for', async () => {
    const { ledger } = gateway.ports;
    for (const [trader, token] of Object.entries({ ada: gateway.login('ada'), bob: gateway.login('bob') })) {
      const { d } = await gateway.success('GET /accounts', { token: await token });
      const offered = { supportStopLimitOrders: false, supportGuaranteedStop: false, supportEditAmount: false };
      expect([trader, d[0]?.config]).toEqual([trader, expect.objectContaining(offered)]);
    }
    const { d: config } = await gateway.success('GET /config', { token });
    expect(config.durations.flatMap(({ supportedOrderTypes = [] }) => supportedOrderTypes)).not.toContain('stoplimit');
    const form = { ...marketOrder, type: 'stoplimit', stopPrice: '1.12', limitPrice: '1.121' };
    for (const route of ['POST /accounts/{accountId}/orders', 'POST /accounts/{accountId}/previewOrder'] as const)
      expect(await gateway.failure(route, mine({ form }))).toBe('Only market, limit and stop orders are supported.');
    const guaranteed = { ...marketOrder, guaranteedStop: '1.09' };
    expect(await gateway.failure('POST /accounts/{accountId}/orders', mine({ form: guaranteed }))).toContain(
      'Guaranteed',
    );
    expect(ledger.commands).toEqual([]);

    const id = await place(limitOrder);
    await ledger.record(an('RequestAccepted', { requestId: id }), an('OrderWorking', { orderId: id, price: '1.09' }));
    const asked = ledger.commands.length;
    const more = { params: { orderId: id }, form: { qty: '20000', limitPrice: '1.09' } };
    expect(await gateway.failure('PUT /accounts/{accountId}/orders/{orderId}', mine(more))).toContain('quantity');
    expect(ledger.commands).toHaveLength(asked);
    // What never reached the ledger is kept all the same, as the user read it and with what had been asked for.
    const refused = () => ledger.events.flatMap((event) => (event.type === 'CommandRefused' ? [event.data] : []));
    while (refused().at(-1)?.command !== 'Amend') await new Promise(setImmediate);
    expect(refused().at(-1)).toMatchObject({
      ...{ command: 'Amend', requester: { edge: 'tv-gateway' } },
      text: expect.stringContaining(`asked for: orderId ${id}, qty 20000, limitPrice 1.09`),
    });
  });

  it('is refused while trading is halted for everyone', async () => {
    const { ledger } = gateway.ports;
    await ledger.send(aCommand('HaltTrading', {}, { commandid: exampleId(0x4a1), subject: SYSTEM_ACCOUNT }));
    const form = marketOrder;
    expect(await gateway.failure('POST /accounts/{accountId}/orders', mine({ form }))).toContain('Trading is halted');
    await ledger.send(aCommand('ResumeTrading', {}, { commandid: exampleId(0x4a2), subject: SYSTEM_ACCOUNT }));
    await place(marketOrder);
    expect(await orders()).toHaveLength(1);
  });

  it('is claimed once, and its claim goes back to what was asked for here', async () => {
    const { ledger } = gateway.ports;
    const orderId = await place(marketOrder);
    const asked = ledger.events.find(({ type }) => type === 'OrderRequested');
    const claim = { kind: 'order', requestId: orderId, connector: 'spec', price: '1.1002' } as const;
    for (const n of [1, 2]) {
      await ledger.send(aCommand('DispatchRequest', claim, { commandid: exampleId(n), subject: adasAccount.id }));
    }
    const claims = ledger.events.filter(({ type }) => type === 'RequestDispatched');
    expect(claims).toMatchObject([{ causationid: asked?.id, data: claim }]);
    expect(await orders()).toMatchObject([{ id: orderId, status: 'placing' }]);
  });

  it('says what it waits for until it is claimed, and then no more', async () => {
    const { ledger } = gateway.ports;
    const message = async () => (await orders())[0]?.message?.text;
    await ledger.record(an('AccountSessionLost'));
    const requestId = await place(marketOrder);
    expect(await message()).toContain('not connected');
    await ledger.record(an('AccountSessionOpened'));
    expect(await message()).toContain('Waiting');
    await ledger.record(an('RequestDispatched', { requestId }));
    expect(await message()).toBeUndefined();
  });

  it('says that its broker is not connected where nobody can send it, though nobody has said so', async () => {
    const { ledger } = gateway.ports;
    const message = async (isConnected: boolean | null) => {
      gateway.isConnected = isConnected;
      await gateway.connectionsAsked();
      return (await orders())[0]?.message?.text;
    };
    const requestId = await place(marketOrder);
    expect(await message(null)).toContain('Waiting');
    expect(await message(false)).toContain('not connected');
    expect(await message(null)).toContain('not connected');
    expect(await message(true)).toContain('Waiting');
    expect(await message(false)).toContain('not connected');
    await ledger.record(an('RequestDispatched', { requestId }));
    expect(await message(false)).toBeUndefined();
    await place(marketOrder, { requestId: 'another' });
    expect((await orders()).map(({ message: said }) => said?.text)).toEqual([
      undefined,
      expect.stringContaining('Waiting'),
    ]);
  });

  it('is bounded by what its user saw, and refused where the market is beyond that already', async () => {
    const placed = () => gateway.ports.ledger.commands.at(-1)?.data;
    await place(marketOrder);
    expect(placed()).toMatchObject({ worstPrice: '1.1057' });
    await place({ ...marketOrder, side: 'sell' });
    expect(placed()).toMatchObject({ worstPrice: '1.0945' });
    await place(limitOrder);
    expect(placed()).not.toHaveProperty('worstPrice');
    for (const form of [
      { ...marketOrder, currentAsk: '1.09' },
      { ...marketOrder, side: 'sell', currentBid: '1.11' },
    ])
      expect(await gateway.failure('POST /accounts/{accountId}/orders', mine({ form }))).toContain('moved away');
    await place({ ...marketOrder, currentAsk: '0' });
    expect(placed()).toMatchObject({ worstPrice: '1.1057' });
  });

  it('is bounded as its operator says: its account before its instrument, that before its venue, that before all', async () => {
    const { ledger, slippage, traders } = gateway.ports;
    const worst = async (): Promise<unknown> => {
      gateway.registryChanged();
      await place(marketOrder);
      return ledger.commands.at(-1)?.data;
    };
    for (const [said, worstPrice] of [
      [{ venue: '*', instrument: '', percent: '1' }, '1.1112'],
      [{ venue: 'demo', instrument: '', percent: '2' }, '1.1222'],
      [{ venue: 'demo', instrument: 'USDJPY', percent: '9' }, '1.1222'],
      [{ venue: 'demo', instrument: 'EURUSD', percent: '3' }, '1.13321'],
    ] as const) {
      slippage.said.push(said);
      expect(await worst()).toMatchObject({ worstPrice });
    }
    traders.accounts.set(ada, [{ ...adasAccount, slippagePercent: '0' }]);
    expect(await worst()).toMatchObject({ worstPrice: '1.1002' });
  });

  it('may be bounded more closely in the order dialog, whose own field offers it and comes back on the order', async () => {
    const boxes = async (locale: string) => {
      const { d } = await gateway.success('GET /accounts', { token, query: { locale } });
      return d[0]?.ui.orderDialogCustomFields.comboBox;
    };
    expect(await boxes('de_DE')).toEqual([
      expect.objectContaining({
        ...{ id: 'slippage', title: 'Größte Slippage', mutable: false },
        items: ['0.5', '0.25', '0.1', '0.05'].map((value) => ({ value, text: `${value.replace('.', ',')} %` })),
      }),
    ]);
    const placed = () => gateway.ports.ledger.commands.at(-1)?.data;
    await place({ ...marketOrder, slippage: '0.1' });
    expect(placed()).toMatchObject({ worstPrice: '1.1013' });
    expect(await orders()).toMatchObject([{ customFields: [{ id: 'slippage', value: '0.1' }] }]);
    await place({ ...marketOrder, slippage: '50' });
    expect(placed()).toMatchObject({ worstPrice: '1.1057' });
    await place({ ...limitOrder, slippage: '0.1' });
    expect(placed()).not.toHaveProperty('slippagePercent');
    const form = { ...marketOrder, slippage: 'a little' };
    const refused = await gateway.failure('POST /accounts/{accountId}/orders', mine({ form }));
    expect(refused).toBe('Largest slippage must be a positive number.');
    gateway.ports.traders.accounts.set(ada, [{ ...adasAccount, slippagePercent: '0.05' }]);
    gateway.registryChanged();
    expect((await boxes('en'))?.[0]?.items).toEqual([{ value: '0.05', text: '0.05%' }]);
  });

  it('has a dialog of its own in an instrument with a bound of its own, unless its account has one', async () => {
    const { slippage, traders } = gateway.ports;
    const bounds = async (locale: string) => {
      gateway.registryChanged();
      const { d } = await gateway.success('GET /accounts/{accountId}/instruments', mine({ query: { locale } }));
      return d.map(({ ui }) => ui?.orderDialogCustomFields.comboBox[0]?.items[0]?.text);
    };
    expect(await bounds('en')).toEqual([undefined, undefined]);
    slippage.said.push({ venue: 'demo', instrument: 'USDJPY', percent: '1.5' });
    slippage.said.push({ venue: 'demo', instrument: '', percent: '2' });
    expect(await bounds('en')).toEqual([undefined, '1.5%']);
    expect(await bounds('de_DE')).toEqual([undefined, '1,5 %']);
    traders.accounts.set(ada, [{ ...adasAccount, slippagePercent: '0.05' }]);
    expect(await bounds('en')).toEqual([undefined, undefined]);
  });

  it('that sells what cannot be sold short is refused, by the preview too, and the quotes say so', async () => {
    const instruments = demoMarket.instruments.map((spec) => ({ ...spec, shortable: false }));
    gateway.ports.told.market = { ...demoMarket, instruments };
    gateway.market.applySnapshot(gateway.ports.told.market);
    const form = { ...marketOrder, side: 'sell' };
    const words = 'This instrument cannot be sold short.';
    expect(await gateway.failure('POST /accounts/{accountId}/orders', mine({ form }))).toBe(words);
    const preview = await gateway.success('POST /accounts/{accountId}/previewOrder', mine({ form }));
    expect(preview.d.errors).toEqual([words]);
    const query = { accountId: account.accountId, symbols: 'EURUSD' };
    expect((await gateway.success('GET /quotes', { token, query })).d).toMatchObject([{ v: { notShortable: true } }]);
    await place(marketOrder);
  });

  it('that trails where no stop loss may is refused, by the preview too', async () => {
    const instruments = demoMarket.instruments.map((spec) => ({ ...spec, trailingStops: false }));
    gateway.ports.told.market = { ...demoMarket, instruments };
    gateway.market.applySnapshot(gateway.ports.told.market);
    const { stopLoss: _, ...fixed } = limitOrder;
    const form = { ...fixed, trailingStopPips: '20' };
    const words = 'This instrument does not allow trailing stops.';
    expect(await gateway.failure('POST /accounts/{accountId}/orders', mine({ form }))).toBe(words);
    const preview = await gateway.success('POST /accounts/{accountId}/previewOrder', mine({ form }));
    expect(preview.d.errors).toEqual([words]);
    await place(fixed);
  });

  it('whose fate the ledger cannot tell is not called refused', async () => {
    gateway.ports.ledger.mood = 'silent';
    const form = marketOrder;
    expect(await gateway.failure('POST /accounts/{accountId}/orders', mine({ form }))).toContain('not known yet');
    expect(await orders()).toMatchObject([{ status: 'placing' }]);
  });

  it('waits with its brackets, changes and is cancelled', async () => {
    const id = await place({ ...limitOrder, durationType: 'gtt', durationDateTime: '4102444800' });
    await gateway.ports.ledger.record(an('RequestAccepted', { requestId: id }), working(id, { stopLoss: '1.08' }));
    expect((await orders()).map(({ status, type, parentType }) => [status, type, parentType])).toEqual([
      ['working', 'limit', undefined],
      ['inactive', 'stop', 'order'],
      ['inactive', 'limit', 'order'],
    ]);
    const params = { orderId: id };
    const form = { qty: '10000', limitPrice: '1.091', stopPrice: '0', stopLoss: '1.08', id };
    await gateway.success('PUT /accounts/{accountId}/orders/{orderId}', mine({ params, form }));
    expect(gateway.ports.ledger.commands.at(-1)).toMatchObject({
      data: { terms: { target: 'order', orderId: id, price: '1.091', stopLoss: '1.08', takeProfit: null } },
    });
    await gateway.ports.ledger.record(
      an('RequestAccepted', { kind: 'amendment', requestId: gateway.ports.ledger.commands.at(-1)?.commandid }),
      an('OrderAmended', { orderId: id, price: '1.091', stopLoss: '1.08', takeProfit: null }),
    );
    expect((await orders()).map(({ status }) => status)).toEqual(['working', 'inactive', 'cancelled']);
    await gateway.success('DELETE /accounts/{accountId}/orders/{orderId}', mine({ params }));
    await gateway.ports.ledger.record(an('OrderCancelled', { orderId: id }));
    expect((await orders()).map(({ status }) => status)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect(await gateway.failure('DELETE /accounts/{accountId}/orders/{orderId}', mine({ params }))).toContain(
      'Too late',
    );
  });

  it('trails as far as was asked for, until its trailing stop is ended, whatever else is changed', async () => {
    const { ledger } = gateway.ports;
    const { stopLoss: _, ...limit } = limitOrder;
    const refused = { ...limit, trailingStopPips: '20.05' };
    expect(await gateway.failure('POST /accounts/{accountId}/orders', mine({ form: refused }))).toContain('multiple');
    const id = await place({ ...limit, trailingStopPips: '20' });
    expect(ledger.commands.at(-1)?.data).toMatchObject({ stopLoss: '1.088', trailingPoints: 200 });
    const stop = async () => (await orders()).find(({ type, status }) => type === 'stop' && status !== 'cancelled');
    const trailing = { isTrailingStop: true, trailingStopPips: 20 };
    expect(await stop()).toMatchObject({ status: 'inactive', stopPrice: 1.088, ...trailing });

    await ledger.record(
      an('RequestAccepted', { requestId: id }),
      working(id, { stopLoss: '1.088', trailingPoints: 200 }),
    );
    const params = { orderId: id };
    const form = { qty: '10000', limitPrice: '1.091', stopLoss: '1.088' };
    await gateway.success('PUT /accounts/{accountId}/orders/{orderId}', mine({ params, form }));
    expect(ledger.commands.at(-1)).toMatchObject({
      data: { terms: expect.not.objectContaining({ trailingPoints: null }) },
    });

    const positionId = exampleId(0x905);
    await fill(id, { stopLoss: '1.088', trailingPoints: 200 });
    await ledger.record(
      an('PositionAmended', { positionId, stopLoss: '1.095', takeProfit: null, trailingPoints: 200 }),
    );
    expect(await stop()).toMatchObject({ status: 'working', stopPrice: 1.095, parentId: positionId, ...trailing });
    const ended = { params: { positionId }, form: { stopLoss: '1.095', trailingStopPips: '0' } };
    await gateway.success('PUT /accounts/{accountId}/positions/{positionId}', mine(ended));
    expect(ledger.commands.at(-1)).toMatchObject({ data: { terms: { stopLoss: '1.095', trailingPoints: null } } });
    await ledger.record(an('PositionAmended', { positionId, stopLoss: '1.095', takeProfit: null }));
    expect(await stop()).not.toHaveProperty('isTrailingStop');
  });

  it('is answered in a language that the answer names', async () => {
    await place(limitOrder);
    for (const [route, form] of [
      ['POST /accounts/{accountId}/previewOrder', marketOrder],
      ['POST /accounts/{accountId}/getLeverage', { instrument: 'EURUSD', side: 'buy', orderType: 'market' }],
      ['GET /accounts/{accountId}/ordersHistory', undefined],
      ['GET /accounts', undefined],
    ] as const) {
      const { headers } = await gateway.call(route, mine({ query: { locale: 'pl' }, ...(form && { form }) }));
      expect([route, headers['content-language']]).toEqual([route, 'pl']);
    }
  });

  it('is previewed without being placed', async () => {
    const { d } = await gateway.success('POST /accounts/{accountId}/previewOrder', mine({ form: marketOrder }));
    expect(d.sections[0]?.rows).toContainEqual({ title: 'Margin', value: '110.02 USD' });
    expect(gateway.ports.ledger.events.filter(({ type }) => type === 'OrderRequested')).toEqual([]);
    expect(await orders()).toEqual([]);
  });

  it('is previewed by the rules it is placed by: what would be refused stands among its errors', async () => {
    const preview = async (form: Record<string, string>) =>
      (await gateway.success('POST /accounts/{accountId}/previewOrder', mine({ form }))).d;
    for (const wrong of [
      { ...limitOrder, stopLoss: '1.1' },
      { ...limitOrder, takeProfit: '1.0850001' },
      { ...marketOrder, qty: '100' },
      { ...marketOrder, currentAsk: '1.05' },
    ]) {
      const { errors, confirmId } = await preview(wrong);
      const refused = await gateway.failure('POST /accounts/{accountId}/orders', mine({ form: wrong }));
      expect([errors, confirmId]).toEqual([[refused], undefined]);
    }
    await gateway.ports.ledger.record(an('EquityMarked'));
    const { warnings, confirmId } = await preview({ ...marketOrder, qty: '2000000' });
    expect(warnings).toEqual(['There may not be enough free margin.']);
    expect(confirmId).toBeDefined();
  });

  it('is placed as it was previewed, at no worse a price, and not once that is over', async () => {
    const preview = async (form: Record<string, string>): Promise<string> =>
      (await gateway.success('POST /accounts/{accountId}/previewOrder', mine({ form }))).d.confirmId ?? '';
    const refused = (form: Record<string, string>, confirmId: string) =>
      gateway.failure('POST /accounts/{accountId}/orders', mine({ form, query: { confirmId } }));
    const confirmId = await preview({ ...marketOrder, currentAsk: '1.0999' });
    expect(await refused({ ...marketOrder, qty: '20000' }, confirmId)).toContain('another order');
    expect(await refused(marketOrder, 'never previewed')).toContain('not valid any more');
    const [order, , worst] = confirmId.split('~');
    expect(await refused(marketOrder, `${order}~1~${worst}`)).toContain('not valid any more');
    await place(marketOrder, { confirmId });
    expect(gateway.ports.ledger.commands.at(-1)?.data).toMatchObject({ worstPrice: '1.1054' });
    gateway.market.applyQuotes({ venue: 'demo', quotes: [aQuote('EURUSD', '1.1053', '1.1055')] });
    expect(await refused({ ...marketOrder, currentAsk: '1.1055' }, confirmId)).toContain('moved away');
  });

  it('is changed as it was previewed', async () => {
    const id = await place(limitOrder);
    await gateway.ports.ledger.record(an('RequestAccepted', { requestId: id }), working(id, { stopLoss: '1.08' }));
    const form = { ...limitOrder, limitPrice: '1.091', id };
    const { d } = await gateway.success('POST /accounts/{accountId}/previewOrder', mine({ form }));
    const query = { confirmId: d.confirmId ?? '' };
    const params = { orderId: id };
    const other = { ...form, limitPrice: '1.092' };
    expect(
      await gateway.failure('PUT /accounts/{accountId}/orders/{orderId}', mine({ params, query, form: other })),
    ).toContain('another order');
    await gateway.success('PUT /accounts/{accountId}/orders/{orderId}', mine({ params, query, form }));
  });

  const working = (orderId: string, data: Partial<EventBody<'OrderWorking'>['data']> = {}): Event =>
    an('OrderWorking', { orderId, price: '1.09', takeProfit: '1.12', ...data });
});

describe('a position', () => {
  const position = exampleId(0x905);
  const params = { positionId: position };

  beforeEach(async () => {
    await open();
    await fill(await place(marketOrder));
  });

  it('gets brackets, which are dragged and taken off like orders', async () => {
    const form = { stopLoss: '1.09', takeProfit: '1.12' };
    await gateway.success('PUT /accounts/{accountId}/positions/{positionId}', mine({ params, form }));
    await accept({ stopLoss: '1.09', takeProfit: '1.12' });
    const stop = `${position}:sl:1`;
    expect((await orders()).slice(1)).toMatchObject([
      { id: stop, status: 'working', type: 'stop', stopPrice: 1.09, parentId: position, parentType: 'position' },
      { id: `${position}:tp:1`, status: 'working', type: 'limit', limitPrice: 1.12, side: 'sell' },
    ]);
    const dragged = { params: { orderId: stop }, form: { qty: '10000', stopPrice: '1.095', limitPrice: '0' } };
    await gateway.success('PUT /accounts/{accountId}/orders/{orderId}', mine(dragged));
    expect(termsAsked()).toEqual({ target: 'position', positionId: position, stopLoss: '1.095', takeProfit: '1.12' });
    await accept({ stopLoss: '1.095', takeProfit: '1.12' });
    await gateway.success('DELETE /accounts/{accountId}/orders/{orderId}', mine({ params: { orderId: stop } }));
    expect(termsAsked()).toMatchObject({ positionId: position, stopLoss: null, takeProfit: '1.12' });
  });

  it('is dragged about at once by both its brackets: all of it is ok, and what was wanted last is what is asked for', async () => {
    await gateway.ports.ledger.record(an('PositionAmended', { stopLoss: '1.09', takeProfit: '1.12' }));
    const drag = (bracket: string, form: Record<string, string>) => {
      const request = { params: { orderId: `${position}:${bracket}:1` }, form: { qty: '10000', ...form } };
      return gateway.success('PUT /accounts/{accountId}/orders/{orderId}', mine(request));
    };
    await Promise.all([
      ...['1.091', '1.092', '1.093'].map((stopPrice) => drag('sl', { stopPrice })),
      ...['1.13', '1.14'].map((limitPrice) => drag('tp', { limitPrice })),
      drag('sl', { stopPrice: '1.094' }),
    ]);
    const { ledger } = gateway.ports;
    const asked = ledger.events.flatMap(({ type, data }) => (type === 'AmendmentRequested' ? [data] : []));
    const ended = ledger.events.flatMap(({ type, data }) => (type === 'RequestExpired' ? [data.requestId] : []));
    const left = asked.filter(({ requestId }) => !ended.includes(requestId));
    expect(left).toMatchObject([{ terms: { positionId: position, stopLoss: '1.094', takeProfit: '1.14' } }]);
    await drag('sl', { stopPrice: '1.094' });
    expect(ledger.events.filter(({ type }) => type === 'AmendmentRequested')).toHaveLength(asked.length);
    expect((await orders()).flatMap(({ message }) => message ?? [])).toEqual([]);
  });

  it('is stopped out by its bracket, which is filled while the other is cancelled', async () => {
    await gateway.ports.ledger.record(
      an('PositionAmended', { stopLoss: '1.09', takeProfit: '1.12' }),
      an('PositionClosed', { reason: 'stop-loss', price: '1.0899', deal: '7' }),
    );
    expect((await orders()).slice(1).map(({ status, avgPrice }) => [status, avgPrice])).toEqual([
      ['filled', 1.0899],
      ['cancelled', undefined],
    ]);
    expect(await positions()).toMatchObject([{ id: position, qty: 0 }]);
    const { d: history } = await gateway.success('GET /accounts/{accountId}/ordersHistory', mine());
    expect(history.map(({ status }) => status).toSorted()).toEqual(['cancelled', 'filled', 'filled']);
    const query = { instrument: 'EURUSD', maxCount: '1' };
    const { d: executions } = await gateway.success('GET /accounts/{accountId}/executions', mine({ query }));
    expect(executions).toMatchObject([{ orderId: `${position}:sl:1`, isClose: true, side: 'sell', price: 1.0899 }]);
  });

  it('is closed in part and wholly, and every closing is an order with an end', async () => {
    const close = (form?: Record<string, string>) =>
      gateway.success('DELETE /accounts/{accountId}/positions/{positionId}', mine({ params, ...(form && { form }) }));
    const { d: part } = await close({ amount: '4000' });
    await gateway.ports.ledger.record(
      an('RequestAccepted', { kind: 'close', requestId: part.transactionId }),
      an('PositionReduced', { volumeLots: '0.04', remainingLots: '0.06', requestId: part.transactionId, deal: '1' }),
    );
    expect(await positions()).toMatchObject([{ qty: 6_000 }]);
    const { d: rest } = await close();
    expect(gateway.ports.ledger.commands.at(-1)).toMatchObject({ data: { positionId: position, volumeLots: null } });
    await gateway.ports.ledger.record(
      an('RequestRejected', { kind: 'close', requestId: rest.transactionId, reason: 'market-closed', text: null }),
    );
    const closings = (await orders()).slice(1);
    expect(closings).toMatchObject([
      { id: part.transactionId, status: 'filled', filledQty: 4_000 },
      { id: rest.transactionId, status: 'rejected', message: { text: expect.stringContaining('market is closed') } },
    ]);
  });

  it.each(['amount', 'qty', 'stopLoss', 'limitPrice', 'side'])(
    'is not touched when %s stands in the address',
    async (name) => {
      const before = gateway.ports.ledger.commands.length;
      for (const method of ['PUT', 'DELETE'] as const) {
        const route = `${method} /accounts/{accountId}/positions/{positionId}` as const;
        const form: Record<string, string> = method === 'PUT' ? { stopLoss: '1.09' } : {};
        expect(await gateway.failure(route, mine({ params, form, query: { [name]: '1' } }))).toContain('address');
      }
      expect(gateway.ports.ledger.commands).toHaveLength(before);
    },
  );

  it('shows commissions that sum up to what it cost, in however many parts it is closed', async () => {
    const of = { positionId: exampleId(0x905c) };
    await gateway.ports.ledger.record(
      an('PositionOpened', { ...of, brokerPosition: '500000999', orderId: null, commission: '-145.63' }),
      an('PositionReduced', {
        ...of,
        ...{ deal: '1', volumeLots: '0.04', commission: '-58.25' },
        ...{ remainingLots: '0.06', remainingCommission: '-87.38' },
      }),
      an('PositionClosed', { ...of, deal: '2', volumeLots: '0.06', commission: '-87.38' }),
    );
    const query = { instrument: 'EURUSD' };
    const { d } = await gateway.success('GET /accounts/{accountId}/executions', mine({ query }));
    const cents = d.map(({ commission }) => Math.round((commission ?? 0) * 100));
    expect(cents.reduce((all, each) => all + each, 0)).toBe(14_563);
  });

  it('is reversed by two requests that stand beside each other, once, whoever asks again', async () => {
    const { ledger } = gateway.ports;
    const route = 'PUT /accounts/{accountId}/positions/{positionId}';
    expect(await gateway.failure(route, mine({ params, form: { side: 'buy' } }))).toContain('this side already');
    const form = { side: 'sell', currentBid: '1.1', currentAsk: '1.1002' };
    const query = { requestId: 'aB3dE6gH9j' };
    const { transactionId } = (await gateway.success(route, mine({ params, form, query }))).d;
    expect(await gateway.failure(route, mine({ params, form }))).toContain('on its way');
    const legs = async () => (await orders()).slice(1);
    expect(await legs()).toMatchObject([
      { id: transactionId, status: 'placing', side: 'sell', qty: 10_000 },
      { status: 'placing', type: 'market', side: 'sell', qty: 10_000 },
    ]);
    expect(ledger.events).toContainEqual(
      expect.objectContaining({ type: 'OrderRequested', data: expect.objectContaining({ worstPrice: '1.0945' }) }),
    );
    const orderId = (await legs())[1]?.id ?? '';
    await ledger.record(
      an('RequestAccepted', { kind: 'close', requestId: transactionId }),
      an('PositionClosed', { positionId: position, requestId: transactionId, reason: 'user' }),
      an('RequestRejected', { requestId: orderId, reason: 'insufficient-funds', text: null }),
    );
    expect(await legs()).toMatchObject([
      { status: 'filled' },
      {
        status: 'rejected',
        message: { type: 'error', text: expect.stringMatching(/position is closed, but.*margin/) },
      },
    ]);
    const again = (await gateway.success(route, mine({ params, form, query }))).d;
    expect(again.transactionId).toBe(transactionId);
    const other = { ...form, stopLoss: '1.12' };
    expect(await gateway.failure(route, mine({ params, form: other, query }))).toContain('with other terms');
    expect(await gateway.failure(route, mine({ params, form }))).toContain('closed');
    expect(ledger.events.filter(({ type }) => type === 'CloseRequested')).toHaveLength(1);
  });

  const termsAsked = () => {
    const command = gateway.ports.ledger.commands.at(-1);
    return command?.type === 'Amend' ? command.data.terms : null;
  };
  const accept = (protection: { stopLoss: '1.09' | '1.095'; takeProfit: '1.12' }) =>
    gateway.ports.ledger.record(
      an('RequestAccepted', { kind: 'amendment', requestId: gateway.ports.ledger.commands.at(-1)?.commandid }),
      an('PositionAmended', protection),
    );
});

describe('a net position', () => {
  const [long, short] = [exampleId(0x9051), exampleId(0x9052)];
  const netPosition = { netPositionId: 'EURUSD' };
  const nets = async () => (await gateway.success('GET /accounts/{accountId}/netPositions', mine())).d;
  const individuals = async () => (await gateway.success('GET /accounts/{accountId}/individualPositions', mine())).d;
  const DELETE_NET = 'DELETE /accounts/{accountId}/netPositions/{netPositionId}';
  const ofOne = (individualPositionId: string, form: Record<string, string> = {}): Request =>
    mine({ params: { individualPositionId }, form });
  const asked = () =>
    gateway.ports.ledger.commands.flatMap(({ type, data }) => (type === 'ClosePosition' ? [data.positionId] : []));

  beforeEach(async () => {
    await open();
    await fill(await place(marketOrder), { positionId: long });
    await fill(await place({ ...marketOrder, side: 'sell', qty: '3000' }), {
      ...{ positionId: short, brokerPosition: '500000108', side: 'sell', volumeLots: '0.03' },
    });
  });

  it('is shown to those whose account nets, and has no brackets of its own', async () => {
    const flagsOf = async (login: string) => {
      const { d } = await gateway.success('GET /accounts', { token: await gateway.login(login) });
      const [flags] = d.map(({ config }) => config);
      return [flags?.supportPositionNetting, flags?.supportPositionBrackets, flags?.supportIndividualPositionBrackets];
    };
    expect(await flagsOf('ada')).toEqual([false, true, false]);
    expect(await flagsOf('bob')).toEqual([true, false, true]);
  });

  it('is the sum of its individual ones', async () => {
    expect(await nets()).toMatchObject([{ id: 'EURUSD', qty: 7_000, longQty: 10_000, shortQty: 3_000 }]);
    expect(await individuals()).toMatchObject([
      { id: long, qty: 10_000, side: 'buy', price: 1.1002, unrealizedPl: -2 },
      { id: short, qty: 3_000, side: 'sell', price: 1.1002, unrealizedPl: 0 },
    ]);
    const [net] = await nets();
    expect(net?.customFields).toContainEqual({ id: 'profit', value: '-2.00' });
  });

  it('has individual ones that are protected and closed in part', async () => {
    const route = '/accounts/{accountId}/individualPositions/{individualPositionId}';
    await gateway.success(`PUT ${route}`, ofOne(long, { stopLoss: '1.09' }));
    expect(gateway.ports.ledger.commands.at(-1)).toMatchObject({
      data: { terms: { target: 'position', positionId: long, stopLoss: '1.09', takeProfit: null } },
    });
    await gateway.ports.ledger.record(an('PositionAmended', { positionId: long, stopLoss: '1.09', takeProfit: null }));
    expect(await orders()).toContainEqual(expect.objectContaining({ parentId: long, stopPrice: 1.09 }));
    await gateway.success(`DELETE ${route}`, ofOne(short, { amount: '1000' }));
    expect(gateway.ports.ledger.commands.at(-1)).toMatchObject({ data: { positionId: short, volumeLots: '0.01' } });
  });

  it('is closed with all of its individual ones, each by an order with an end of its own', async () => {
    await gateway.success(DELETE_NET, mine({ params: netPosition }));
    expect(asked().toSorted()).toEqual([long, short]);
    const closings = (await orders()).filter(({ status }) => status === 'placing');
    expect(closings.map(({ side, qty }) => [side, qty])).toEqual([
      ['sell', 10_000],
      ['buy', 3_000],
    ]);
    const [ofLong, ofShort] = closings.map(({ id }) => ({ kind: 'close' as const, requestId: id }));
    await gateway.ports.ledger.record(
      an('RequestAccepted', ofLong),
      an('PositionClosed', { positionId: long, deal: '1', requestId: ofLong?.requestId ?? null }),
      an('RequestRejected', { ...ofShort, reason: 'market-closed', text: null }),
    );
    expect(await nets()).toMatchObject([{ qty: -3_000, longQty: 0, shortQty: 3_000 }]);
    expect((await orders()).slice(-2).map(({ status }) => status)).toEqual(['filled', 'rejected']);
    await gateway.ports.ledger.record(an('PositionClosed', { positionId: short, deal: '2', requestId: null }));
    expect(await nets()).toMatchObject([{ qty: 0, longQty: 0, shortQty: 0 }]);
    expect(await gateway.failure(DELETE_NET, mine({ params: netPosition }))).toBe('Unknown position.');
  });

  it('that is not closed whole says how much of it is', async () => {
    const route = 'DELETE /accounts/{accountId}/individualPositions/{individualPositionId}';
    await gateway.success(route, ofOne(short));
    expect(await gateway.failure(DELETE_NET, mine({ params: netPosition }))).toBe(
      '1 of 2 positions are being closed, the others are not. Another change is on its way to the broker. Please wait for it.',
    );
    gateway.ports.ledger.mood = 'gone';
    expect(await gateway.failure(DELETE_NET, mine({ params: netPosition }))).toContain('not known yet');
  });
});

describe('what the broker fixes', () => {
  beforeEach(() => open());

  const ticket = { instrument: 'EURUSD', side: 'buy', orderType: 'market' };

  it('is the leverage of an instrument, and another one is refused in words', async () => {
    const route = '/accounts/{accountId}';
    const { d: fixed } = await gateway.success(`POST ${route}/getLeverage`, mine({ form: ticket }));
    expect(fixed).toMatchObject({ leverage: 100, min: 100, max: 100 });
    const same = mine({ form: { ...ticket, leverage: '100.00' } });
    const other = mine({ form: { ...ticket, leverage: '200' } });
    expect((await gateway.success(`POST ${route}/setLeverage`, same)).d).toEqual({ leverage: 100 });
    expect(await gateway.failure(`POST ${route}/setLeverage`, other)).toContain('The broker fixes it');
    expect((await gateway.success(`POST ${route}/previewLeverage`, same)).d).toEqual({ infos: [fixed.title] });
    expect((await gateway.success(`POST ${route}/previewLeverage`, other)).d).toEqual({ errors: [fixed.title] });
    const nothing = mine({ form: { ...ticket, leverage: '0' } });
    expect(await gateway.failure(`POST ${route}/setLeverage`, nothing)).toContain('positive number');
    const unknown = mine({ form: { ...ticket, instrument: 'NOPE' } });
    expect(await gateway.failure(`POST ${route}/getLeverage`, unknown)).toBe('Unknown instrument.');
  });

  it('leaves one balance of money and margin, once it is told', async () => {
    const route = 'GET /accounts/{accountId}/balances';
    expect(await gateway.failure(route, mine())).toContain('broker');
    await gateway.ports.ledger.record(
      an('EquityMarked', { balance: '10000', credit: '0', equity: '10000', margin: '200', marginFree: '9800' }),
    );
    expect((await gateway.success(route, mine())).d).toEqual([
      { symbol: 'USD', total: 10_000, available: 9_800, reserved: 200 },
    ]);
  });
});

describe('the market', () => {
  beforeEach(() => open());

  it('gives quotes for the instruments it has', async () => {
    const query = { accountId: adasAccount.id, symbols: 'USDJPY,NOPE,EURUSD,EURUSD' };
    const { d } = await gateway.success('GET /quotes', { token, query });
    expect(d.map(({ n }) => n)).toEqual(['USDJPY', 'EURUSD']);
    expect(d[1]?.v).toEqual({ ask: 1.1002, bid: 1.1, buyPipValue: 0.0001, sellPipValue: 0.0001 });
    const none = { accountId: adasAccount.id, symbols: 'NOPE' };
    expect(await gateway.failure('GET /quotes', { token, query: none })).toContain('no prices');
  });

  it('says of a price how it stands: old is an error, off is halted, closed is neither', async () => {
    const query = { accountId: adasAccount.id, symbols: 'EURUSD' };
    const shown = async (state: 'live' | 'stale' | 'closed' | 'off') => {
      const states = [{ instrument: 'EURUSD', state, since: '2026-01-05T10:00:00.000000Z' }];
      gateway.market.applyQuotes({ venue: 'demo', quotes: [], states });
      const [quote] = (await gateway.success('GET /quotes', { token, query })).d;
      const depth = (await gateway.success('GET /depth', { token, query: { ...query, symbol: 'EURUSD' } })).d;
      return [quote?.s, quote?.v.bid, quote?.v.halted ?? false, depth.bids.length > 0];
    };
    expect(await shown('live')).toEqual(['ok', 1.1, false, true]);
    expect(await shown('stale')).toEqual(['error', 1.1, true, false]);
    expect(await shown('off')).toEqual(['ok', 1.1, true, false]);
    expect(await shown('closed')).toEqual(['ok', 1.1, false, false]);
    expect(await shown('live')).toEqual(['ok', 1.1, false, true]);
  });

  it('keeps its instruments while nobody stands by their prices', async () => {
    const offered = async () => (await gateway.success('GET /accounts/{accountId}/instruments', mine())).d;
    const before = await offered();
    const states = ['EURUSD', 'USDJPY'].map((instrument) => ({
      ...{ instrument, state: 'stale' as const, since: '2026-01-05T10:00:00.000000Z' },
    }));
    gateway.market.applyQuotes({ venue: 'demo', quotes: [], states });
    expect(await offered()).toEqual(before);
  });

  it('values no position at a price that nobody stands by', async () => {
    await fill(await place(marketOrder));
    expect(await positions()).toMatchObject([{ unrealizedPl: -2 }]);
    const states = [{ instrument: 'EURUSD', state: 'stale' as const, since: '2026-01-05T10:00:00.000000Z' }];
    gateway.market.applyQuotes({ venue: 'demo', quotes: [], states });
    expect((await positions())[0]).not.toHaveProperty('unrealizedPl');
  });

  it('gives its depth', async () => {
    const query = { accountId: adasAccount.id, symbol: 'EURUSD' };
    const { d } = await gateway.success('GET /depth', { token, query });
    expect(d).toEqual({ bids: [[1.1, 500_000]], asks: [[1.1002, 500_000]] });
  });

  it('takes note of what users waited', async () => {
    const form = {
      ...{ transactionId: exampleId(1), transactionType: 'place_order', instrument: 'EURUSD', side: 'buy' },
      ...{ ask: '1.1', bid: '1.1', timestamp: '1548406235000', roundTripDuration: '183' },
    };
    await gateway.success('POST /accounts/{accountId}/trackLatency', mine({ form }));
  });
});

describe('everything we serve', () => {
  it('has been seen to fit its schema', async () => {
    await open({ DATA_VENUE: 'demo', DATA_TOKEN: 'data' });
    await fill(await place(marketOrder));
    const params = { positionId: exampleId(0x905) };
    const market = { accountId: adasAccount.id, symbols: 'EURUSD', symbol: 'EURUSD' };
    const requests: Partial<Record<keyof typeof routes, Request>> = {
      'POST /authorize': { form: { login: 'ada', password: 'correct horse' } },
      'GET /quotes': { token, query: market },
      'GET /depth': { token, query: market },
      'GET /groups': { token: 'data' },
      'GET /symbol_info': { token: 'data' },
      'GET /history': {
        token: 'data',
        query: { symbol: 'EURUSD', resolution: '1', from: '9999999999', to: '9999999999' },
      },
      'GET /accounts/{accountId}/executions': mine({ query: { instrument: 'EURUSD' } }),
      'POST /accounts/{accountId}/previewOrder': mine({ form: marketOrder }),
      'PUT /accounts/{accountId}/positions/{positionId}': mine({ params, form: { stopLoss: '1.09' } }),
      'POST /accounts/{accountId}/trackLatency': mine({
        form: { transactionId: 'x', transactionType: 'place_order', roundTripDuration: '1' },
      }),
    };
    const leverage = { instrument: 'EURUSD', side: 'buy', orderType: 'limit', leverage: '100' };
    for (const name of ['get', 'set', 'preview'] as const) {
      requests[`POST /accounts/{accountId}/${name}Leverage`] = mine({ form: leverage });
    }
    const individual = '/accounts/{accountId}/individualPositions/{individualPositionId}';
    const afterwards = [
      'DELETE /accounts/{accountId}/netPositions/{netPositionId}',
      ...([`PUT ${individual}`, `DELETE ${individual}`] as const),
    ] as const;
    await gateway.ports.ledger.record(an('EquityMarked'));
    const waiting = await place(limitOrder);
    await gateway.ports.ledger.record(an('OrderWorking', { orderId: waiting, price: '1.09', stopLoss: null }));
    const ofOrder = { params: { orderId: waiting } };
    for (const [route, request] of Object.entries({
      ...Object.fromEntries(Object.keys(routes).map((each) => [each, mine()])),
      ...requests,
      'POST /accounts/{accountId}/orders': mine({ form: marketOrder }),
      'PUT /accounts/{accountId}/orders/{orderId}': mine({ ...ofOrder, form: { qty: '10000', limitPrice: '1.095' } }),
    }) as [keyof typeof routes, Request][]) {
      if (route.startsWith('DELETE') || route === 'POST /logout' || afterwards.some((each) => each === route)) continue;
      await gateway.success(route, request);
    }
    await gateway.ports.ledger.record(
      ...gateway.ports.ledger.commands.flatMap(({ type, commandid }) =>
        type === 'Amend' ? [an('RequestAccepted', { kind: 'amendment', requestId: commandid })] : [],
      ),
    );
    await gateway.success('DELETE /accounts/{accountId}/orders/{orderId}', mine(ofOrder));
    await gateway.success('DELETE /accounts/{accountId}/positions/{positionId}', mine({ params }));
    await gateway.ports.ledger.record(an('PositionClosed', { positionId: params.positionId, requestId: null }));
    for (const [n, route] of afterwards.entries()) {
      const positionId = exampleId(0xb05 + n);
      await fill(await place(marketOrder), { positionId, brokerPosition: `${n}` });
      const request = {
        params: { individualPositionId: positionId, netPositionId: 'EURUSD' },
        form: { takeProfit: '1.12' },
      };
      await gateway.success(route, mine(request));
    }
    await gateway.success('POST /logout', { token });
    expect([...gateway.seen].toSorted()).toEqual(Object.keys(routes).toSorted());
  });
});
