import { MarketView } from '@core/bus/market-view';
import type { Event } from '@core/contracts/event';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { Screens } from '@core/service/screens';
import type { Route } from '@core/tradingview/wire/routes';
import type { Response } from 'light-my-request';
import { GatewayHarness } from '../gateway-harness.fixture.ts';
import { adasAccount, aQuote } from '../memory-ports.fixture.ts';
import { ShownEvents } from '../views/shown-events.ts';
import { SHOWN_NAMES } from '../views/account-view.ts';
import { AccountViews } from '../views/account-views.ts';
import { BrokerConnections } from '../views/broker-connections.ts';
import { PricedVenues } from '../views/priced-venues.ts';

const ORIGIN = 'https://www.tradingview.com';
const an = (...[type, data]: Parameters<typeof anEvent>): Event => anEvent(type, data, { subject: adasAccount.id });
const figures = { balance: '10000', credit: '0', equity: '10000', margin: '200', marginFree: '9800' } as const;

let gateway: GatewayHarness;
let token: string;

beforeEach(async () => {
  gateway = await GatewayHarness.start();
  const told = [an('AccountRegistered'), an('AccountUpdated'), an('BalanceChanged', { balance: '10000' })];
  await gateway.ports.ledger.record(...told, an('EquityMarked', figures), an('PositionOpened'));
  token = await gateway.login('ada');
});
afterEach(() => gateway.stop());

const POLLED = [
  '/config',
  '/quotes',
  ...[...SHOWN_NAMES, 'instruments'].map((name) => `/accounts/${adasAccount.id}/${name}`),
];
const poll = (url: string, known?: string, bearer = token): Promise<Response> =>
  gateway.raw({
    ...{ method: 'GET', url, query: { locale: 'en', accountId: adasAccount.id, symbols: 'EURUSD,USDJPY' } },
    headers: {
      authorization: `Bearer ${bearer}`,
      origin: ORIGIN,
      ...(known !== undefined && { 'if-none-match': known }),
    },
  });
const tagOf = ({ headers }: Response): string => String(headers.etag);

describe.each(POLLED)('%s', (url) => {
  it('is not sent again to who has it, and only they may keep it', async () => {
    const first = await poll(url);
    expect(first.json()).toMatchObject({ s: 'ok' });
    expect(tagOf(first)).toMatch(/^"[\w-]{27}"$/);
    for (const known of [tagOf(first), `W/${tagOf(first)}`, `"x", W/${tagOf(first)}`, '*']) {
      const again = await poll(url, known);
      expect([again.statusCode, again.body, tagOf(again)]).toEqual([304, '', tagOf(first)]);
    }
    for (const known of ['', '"x"', tagOf(first).slice(1, -1), ',,,']) {
      const other = await poll(url, known);
      expect([other.statusCode, other.body]).toEqual([200, first.body]);
    }
    expect(first.headers).toMatchObject({
      ...{ 'cache-control': 'private, no-cache', 'content-type': 'application/json; charset=utf-8' },
      ...{ 'access-control-allow-origin': ORIGIN, 'access-control-expose-headers': 'ETag', vary: 'Origin' },
    });
  });

  it('is not confirmed to who is not logged in, or not any more', async () => {
    const tag = tagOf(await poll(url));
    expect((await poll(url, tag, 'x')).statusCode).toBe(401);
    await gateway.success('POST /logout', { token });
    for (const known of [tag, '*']) expect((await poll(url, known)).statusCode).toBe(401);
  });
});

it('answers are the same bytes under the same name from every instance', async () => {
  const other = await GatewayHarness.start();
  const same = `/config`;
  const theirs = await other.raw({
    ...{ method: 'GET', url: same },
    headers: { authorization: `Bearer ${await other.login('ada')}` },
  });
  expect(theirs.headers.etag).toBe(tagOf(await poll(same)));
  await other.stop();
});

it('an event is on a screen with the first list that was made after it, and with no figure', async () => {
  const screens = gateway.app.get(Screens);
  const book = gateway.app.get(AccountViews).of(adasAccount);
  book.answering('orders', 'en')();
  const [placed] = await gateway.ports.ledger.record(an('OrderRequested', { orderId: exampleId(0x778) }));
  const positions = [placed?.position ?? 0];
  book.answering('state', 'en')();
  expect(screens.of(positions)).toEqual([]);
  book.answering('positions', 'en')();
  book.answering('orders', 'de')();
  expect(screens.of(positions)).toMatchObject([{ where: 'positions' }]);
});

it('an answer that was prepared is the one that would be made now, whatever happened since', async () => {
  const market = gateway.market;
  const part = <Part>(type: abstract new (...args: never[]) => Part): Part => gateway.app.get<Part>(type);
  const kept = part(AccountViews);
  const positionId = exampleId(0x906);
  const happenings: (() => unknown)[] = [
    () => market.applyQuotes({ venue: 'demo', quotes: [aQuote('EURUSD', '1.2', '1.2002')] }),
    () => gateway.ports.ledger.record(an('OrderRequested', { orderId: exampleId(0x777) })),
    () => gateway.ports.ledger.record(an('PositionClosed')),
    () => market.applyQuotes({ venue: 'demo', quotes: [aQuote('EURUSD', '1.3', '1.3002')] }),
    () => gateway.ports.ledger.record(an('PositionOpened', { positionId, brokerPosition: '2', orderId: null })),
    () => market.applyQuotes({ venue: 'demo', quotes: [aQuote('EURUSD', '1.4', '1.4002')] }),
    () =>
      market.applyQuotes({
        ...{ venue: 'demo', quotes: [] },
        states: [{ instrument: 'EURUSD', state: 'stale', since: '2026-01-05T10:00:00.000000Z' }],
      }),
    () => gateway.ports.ledger.record(an('BalanceChanged', { balance: '9000' })),
    () => gateway.ports.ledger.record(an('AccountUpdated', { currency: 'JPY' })),
  ];
  for (const happen of [() => undefined, ...happenings]) {
    await happen();
    const fresh = new AccountViews(
      part(ProjectionRunner),
      part(MarketView),
      part(PricedVenues),
      part(BrokerConnections),
      part(ShownEvents),
    ).of(adasAccount);
    for (const shown of SHOWN_NAMES) {
      expect(String(kept.of(adasAccount).answering(shown, 'en')().body)).toBe(
        String(fresh.answering(shown, 'en')().body),
      );
      expect(kept.of(adasAccount).things(shown, 'en')).toEqual(fresh.things(shown, 'en'));
    }
  }
});

it.each<Route>(['GET /accounts/{accountId}/state', 'GET /accounts/{accountId}/orders'])(
  '%s changes its name with what it says',
  async (route) => {
    const url = route.replace('GET ', '').replace('{accountId}', adasAccount.id);
    const before = tagOf(await poll(url));
    const order = an('OrderRequested', { orderId: exampleId(0x777) });
    await gateway.ports.ledger.record(order, an('BalanceChanged', { balance: '9000' }));
    const after = await poll(url, before);
    expect(after.statusCode).toBe(200);
    expect(tagOf(after)).not.toBe(before);
  },
);
