import { openRegistry } from '@core/registry/registry';
import { newId } from '@core/service/clock';
import { connect } from '@trading-core/ws-client';
import { TradingView } from '../../e2e/trading-view.ts';
import type { Endpoints } from '../../start/endpoints.ts';
import { FrameReader } from './frame-reader.ts';
import type { ToldDone } from './told-done.ts';
import { bySignals, byTradingView, byWebSocket } from './ways-in.ts';
import { Wishes } from './wishes.ts';

interface Customers {
  readonly readers: readonly FrameReader[];
  readonly slow: FrameReader;
  readonly wishes: Wishes;
  stop(): Promise<void>;
}

/** People at every edge: they order, send signals and read. */
export async function startCustomers(
  endpoints: Endpoints,
  { secondGateway, accounts, told }: { secondGateway: string; accounts: readonly string[]; told: ToldDone },
): Promise<Customers> {
  const { tvGateway, wsSession, proquant, postgres } = endpoints;
  const keys = await makeKeys(postgres);
  const tradingView = await TradingView.login(tvGateway);
  // At the other instance of the gateway.
  const other = await TradingView.login({ ...tvGateway, url: secondGateway });
  const socket = connect({ url: wsSession.url, secretKey: keys.trade });
  const reading = readAll(socket);
  const reader = new FrameReader('a reader', wsSession.url, keys.read, accounts);
  const slow = new FrameReader('a slow reader', wsSession.url, keys.read, accounts);
  const [first = '', second = first] = tradingView.accountIds;
  const wishes = new Wishes(
    [
      byTradingView('tv-gateway', tradingView, first),
      byTradingView('second tv-gateway, paper', other, tradingView.accountIds.at(-1) ?? first),
      byWebSocket('ws-session', socket, second),
      bySignals('proquant-webhook', proquant, Date.now),
    ],
    told,
    newId,
  );
  return {
    ...{ readers: [reader, slow], slow, wishes },
    async stop() {
      await wishes.stop();
      socket.close();
      await reading;
      await Promise.all([reader.stop(), slow.stop()]);
    },
  };
}

async function makeKeys(url: string): Promise<{ readonly read: string; readonly trade: string }> {
  const registry = await openRegistry({ url, newId });
  const scope = { traderIds: null, accountIds: null, prices: false };
  const read = await registry.keys.add({ name: 'chaos reads', ...scope });
  const trade = await registry.keys.add({ name: 'chaos trades', ...scope, trade: true });
  await registry.close();
  return { read: read.secret, trade: trade.secret };
}

async function readAll(events: AsyncIterable<unknown>): Promise<void> {
  for await (const _event of events) continue;
}
