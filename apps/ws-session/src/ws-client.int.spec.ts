import type { Event } from '@core/contracts/event';
import { anEvent, exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import { describeInBrowser, openBrowser, openContext } from '@core/testing/browser';
import { until } from '@core/testing/until';
import {
  AccountBook,
  Cells,
  connect,
  UnauthorizedError,
  type SessionEvent,
  type WsClient,
} from '@trading-core/ws-client';
import { build } from 'esbuild';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket } from 'ws';
import { WsSessionHarness } from './ws-session-harness.fixture.ts';

const otherAccount = exampleId(0xacc2);
const other = { subject: otherAccount };
const registered: Event[] = [
  ...[anEvent('AccountRegistered'), anEvent('AccountUpdated')],
  anEvent('AccountRegistered', { traderId: exampleId(0x7adf) }, other),
  anEvent('AccountUpdated', {}, other),
];

let opened = 0;
const aPosition = (subject = exampleAccount): Event =>
  anEvent(
    'PositionOpened',
    { positionId: exampleId(0x9000 + (opened += 1)), brokerPosition: String(opened) },
    { subject },
  );

/** Everything that a client yields, as it comes. */
function follow<Told>(client: AsyncIterable<Told>): { readonly events: Told[]; readonly ended: Promise<unknown> } {
  const events: Told[] = [];
  const read = async (): Promise<void> => {
    for await (const event of client) events.push(event);
  };
  return { events, ended: read().catch((error: unknown) => error) };
}

/** A page of some desk, at an origin of its own. */
class EmptyPage {
  private constructor(
    readonly origin: string,
    private readonly server: Server,
  ) {}

  static async serve(): Promise<EmptyPage> {
    const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new EmptyPage(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await once(this.server.close(), 'close');
  }
}

const ids = (events: readonly SessionEvent[]): string[] =>
  events.flatMap((event) => ('sequence' in event ? [event.id] : []));

describe('a client of the package', () => {
  let harness: WsSessionHarness;
  const clients: WsClient[] = [];
  let desk: EmptyPage;
  /** The one that was opened last. */
  let socket: WebSocket;

  const client = (secretKey = 'everything', cursor?: string): WsClient => {
    const url = `ws://127.0.0.1:${harness.port}/ws`;
    const openWebSocket = (): WebSocket => (socket = new WebSocket(url));
    const made = connect({ url, secretKey, openWebSocket, ...(cursor && { cursor }) });
    clients.push(made);
    return made;
  };

  beforeEach(async () => {
    desk = await EmptyPage.serve();
    harness = await WsSessionHarness.open({ ALLOWED_ORIGINS: desk.origin, CONNECTS_PER_MINUTE: '1000' });
    harness.keys.add('everything', { prices: true });
  });
  afterEach(async () => {
    for (const each of clients.splice(0)) each.close();
    await harness.close();
    await desk.close();
  });

  it('holds what stands, and hears the log to the last event, however often it is cut off', async () => {
    await harness.happen(...registered, aPosition());
    const followed = client();
    const { events } = follow(followed);
    await until(() => events.some(({ type }) => type === 'snapshot'));

    const happened: string[] = [];
    for (let kill = 0; kill < 20; kill += 1) {
      const batch = [aPosition(), aPosition(otherAccount), anEvent('BalanceChanged')];
      happened.push(...(await harness.happen(...batch)).map(({ id }) => id));
      if (kill % 2 === 0) socket.terminate();
    }
    await until(() => ids(events).length >= happened.length);
    expect(ids(events)).toEqual(happened);

    const book = new AccountBook();
    for (const event of events) book.apply(event);
    const standing = await followed.getPositions({ account_id: exampleAccount });
    expect(book.positions(exampleAccount).map(({ id }) => id)).toEqual(standing.map(({ id }) => id));
    expect(book.accounts).toHaveLength(2);
  });

  it('goes on where an earlier run left off', async () => {
    await harness.happen(...registered, aPosition());
    const first = follow(client());
    await until(() => first.events.some(({ type }) => type === 'snapshot'));
    await harness.happen(aPosition());
    await until(() => ids(first.events).length === 1);
    const [event] = first.events.slice(-1);
    for (const each of clients.splice(0)) each.close();
    const missed = await harness.happen(aPosition(), aPosition(otherAccount));
    const second = follow(client('everything', event && 'cursor' in event ? event.cursor : ''));
    await until(() => second.events.some(({ type }) => type === 'replayed'));
    expect(ids(second.events)).toEqual(missed.map(({ id }) => id));
  });

  it('is told in types what it may not', async () => {
    await harness.happen(...registered);
    const { ended } = follow(client('nobody’s key'));
    expect(await ended).toBeInstanceOf(UnauthorizedError);
    await expect(client().getPositions({ account_id: 'nonsense' })).rejects.toMatchObject({
      code: 'account_not_found',
    });
  });

  it('trades under one process id, through the loss of its session, and is told what becomes of it', async () => {
    harness.keys.add('trader', { trade: true });
    await harness.happen(...registered, anEvent('AccountSessionOpened', { connector: 'c-1' }));
    const trader = client('trader');
    const { events } = follow(trader);
    await until(() => events.some(({ type }) => type === 'snapshot'));
    const order = { account_id: exampleAccount, asset_pair: 'EURUSD', side: 'Buy', order_type: 'Market' } as const;
    const asked = trader.placeOrder({ ...order, lots_amount: 0.1 });
    socket.terminate();
    const placed = await asked;
    expect(placed).toMatchObject({ request: 'place_order', state: 'requested', waits_for: null });
    const again = await trader.placeOrder({ ...order, lots_amount: 0.1, process_id: placed.process_id });
    expect(again.request_id).toBe(placed.request_id);

    await harness.happen(anEvent('RequestDispatched', { kind: 'order', requestId: placed.request_id }));
    await until(() => events.some((event) => event.type === 'request_update' && event.request.state === 'sent'));
    await expect(trader.placeOrder({ ...order, lots_amount: 0.001 })).rejects.toMatchObject({
      code: 'volume_not_multiple_of_step',
    });
    await expect(client().placeOrder({ ...order, lots_amount: 0.1 })).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('reads several cells as one, and a cell that refuses it is not the end of the others', async () => {
    await harness.happen(...registered);
    harness.keys.add('one', { accountIds: [exampleAccount] });
    const cells = new Cells({ north: client('one'), south: client(), west: client('nobody’s key') });
    const { events } = follow(cells);
    await until(() => events.filter(({ type }) => type === 'snapshot').length === 2);
    await until(() => events.some(({ type }) => type === 'failed'));
    await harness.happen(aPosition());
    await until(() => events.filter(({ type }) => type === 'position.created').length === 2);
    expect(events.find(({ type }) => type === 'failed')?.cell).toBe('west');
    expect(cells.clientOf(otherAccount)).toBe(clients[1]);
    cells.close();
  });

  describeInBrowser('in a browser', () => {
    it('runs without a module of Node, and follows an account', async () => {
      const { outputFiles } = await build({
        stdin: {
          contents: `import { connect } from '@trading-core/ws-client';
            window.follow = async (url, secretKey) => {
              for await (const event of connect({ url, secretKey })) if (event.type === 'snapshot') return event.accountIds;
            };`,
          resolveDir: __dirname,
        },
        ...{ bundle: true, write: false, platform: 'browser', format: 'iife', external: ['ws'], logLevel: 'silent' },
      });
      await harness.happen(...registered);
      const browser = await openBrowser();
      try {
        const page = await (await openContext(browser)).newPage();
        await page.goto(desk.origin);

        await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
        const url = JSON.stringify(`ws://127.0.0.1:${harness.port}/ws`);
        expect(await page.evaluate(`window.follow(${url}, 'everything')`)).toEqual([exampleAccount, otherAccount]);
      } finally {
        await browser.close();
      }
    });
  });
});
