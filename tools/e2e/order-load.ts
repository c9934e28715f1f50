import { CommandClient } from '@core/bus/command-client';
import { connectNats } from '@core/bus/nats-connection';
import { NatsCommandTransport } from '@core/bus/nats-command-transport';
import type { CommandBody } from '@core/contracts/command';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { newId } from '@core/service/clock';
import { connect, RefusedError, type WsClient } from '@trading-core/ws-client';
import type { NatsConnection } from 'nats';
import { setTimeout as pause } from 'node:timers/promises';
import { deliverSignal, openingSignal } from './signal-delivery.ts';
import type { SystemHarness } from './system-harness.ts';
import { TradingView } from './trading-view.ts';

const COMMAND_TIMEOUT_MS = 30_000;
/** Between two orders of one edge: an account may place four a second in the long run. */
const PACE_MS = 300;
const LOTS = 0.01;
const UNITS = '1000';

/** One way in, and what came of what was asked there. */
export interface LoadedEdge {
  readonly name: string;
  taken: number;
  refused: number;
}

/** Whether an order was taken. */
type Ask = () => Promise<boolean>;

/**
 * Small market orders that keep coming by all three edges, one after the other at each, to accounts of both connectors;
 * and the operator's switch beside them.
 */
export class OrderLoad {
  readonly edges: readonly LoadedEdge[];
  private readonly running: Promise<unknown>;
  private isOver = false;

  private constructor(
    asks: readonly (readonly [name: string, ask: Ask])[],
    private readonly socket: WsClient,
    private readonly nats: NatsConnection,
  ) {
    this.edges = asks.map(([name]) => ({ name, taken: 0, refused: 0 }));
    this.running = Promise.all(asks.map(([, ask], index) => this.keepAsking(ask, this.edges[index])));
  }

  static async on(system: SystemHarness): Promise<OrderLoad> {
    const { tvGateway, wsSession, proquant, nats } = system.endpoints;
    const tradingView = await TradingView.login(tvGateway);
    const accounts = await tradingView.accounts();
    const [first = '', second = first] = tradingView.accountIds;
    const paper = accounts.at(-1)?.id ?? first;
    const made = system.ops('keys', 'add', 'load', '--all', '--trade', '--note', 'load', '--yes', '--json');
    const { secret } = JSON.parse(made.stdout) as { readonly secret: string };
    const socket = connect({ url: wsSession.url, secretKey: secret });
    void readAll(socket);
    const order = { instrument: 'EURUSD', type: 'market', qty: UNITS, currentAsk: '1.1', currentBid: '1.1' };
    let turn = 0;
    const side = (): 'buy' | 'sell' => ((turn += 1) % 2 === 0 ? 'buy' : 'sell');
    const placing =
      (account: string): Ask =>
      async () =>
        (await tradingView.place(account, { ...order, side: side() })).s === 'ok';
    return new OrderLoad(
      [
        ['tv-gateway', placing(first)],
        ['tv-gateway at the paper venue', placing(paper)],
        [
          'ws-session',
          async () => {
            const wanted = { asset_pair: 'EURUSD', order_type: 'Market', lots_amount: LOTS } as const;
            return accepted(
              socket.placeOrder({ account_id: second, side: side() === 'buy' ? 'Buy' : 'Sell', ...wanted }),
            );
          },
        ],
        ['proquant-webhook', () => deliverSignal(proquant, openingSignal(newId(), Date.now()))],
      ],
      socket,
      await connectNats({ url: nats, name: 'load' }),
    );
  }

  /** What an operator decides for everyone; the position at which it stands in the log. */
  async decide(wish: CommandBody<'HaltTrading' | 'ResumeTrading'>): Promise<number> {
    const commands = new CommandClient(new NatsCommandTransport(this.nats), 'ops');
    const answer = await commands.ask(SYSTEM_ACCOUNT, wish, { id: newId(), timeoutMs: COMMAND_TIMEOUT_MS });
    if (!answer.ok) throw new Error(`${wish.type}: ${answer.refusal.reason}`);
    return answer.position;
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.running;
    this.socket.close();
    await this.nats.close();
  }

  private async keepAsking(ask: Ask, edge: LoadedEdge | undefined): Promise<void> {
    while (!this.isOver && edge) {
      if (await ask()) edge.taken += 1;
      else edge.refused += 1;
      await pause(PACE_MS);
    }
  }
}

async function readAll(events: AsyncIterable<unknown>): Promise<void> {
  for await (const _event of events) continue;
}

async function accepted(request: Promise<unknown>): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (error) {
    if (error instanceof RefusedError) return false;
    throw error;
  }
}
