import { chainsOf, named } from '@core/operations/lookup';
import { describeEvent } from '@core/operations/describe-event';
import { causesOf, type ChainLink } from '@core/operations/chain';
import { HistoryAnswer } from '@core/tradingview/wire/feed';
import { connect } from '@trading-core/ws-client';
import { addressesOf, OperatedSystem } from '../ops/system.ts';
import type { Endpoints } from '../start/endpoints.ts';
import { GatewayTrader } from './gateway-trader.ts';
import { signalOf } from './signal.ts';

/** One thing to try: what is done, and what came of it in a person's words. */
export interface Step {
  readonly title: string;
  run(): Promise<string>;
}

const HOUR = 3_600;

/** What everybody tries first, in this order, on the first account of the demo's trader. A step throws where it fails. */
export function stepsOf(endpoints: Endpoints, folder: string): readonly Step[] {
  const { tvGateway, tvData, wsSession, proquant } = endpoints;
  let trader: GatewayTrader;
  let account = '';
  let order = '';
  return [
    {
      title: 'Log in at the TradingView gateway',
      async run() {
        trader = await GatewayTrader.logIn(tvGateway);
        account = trader.accounts[0]?.id ?? '';
        return `${tvGateway.login} is in; accounts: ${trader.accounts.map(({ name }) => name).join(', ')}`;
      },
    },
    {
      title: 'Buy a tenth of a lot of EURUSD',
      async run() {
        const askedMs = performance.now();
        const { id, status, avgPrice, message } = await trader.buy(account, 'EURUSD', '10000');
        if (status !== 'filled') throw new Error(`the order is ${status}${message ? `: ${message.text}` : ''}`);
        order = id;
        return `filled at ${avgPrice}, ${Math.round(performance.now() - askedMs)} ms after the price was asked for`;
      },
    },
    {
      title: 'See the position',
      async run() {
        const position = await trader.position(account, 'EURUSD');
        if (!position) throw new Error('no position is shown');
        return `${position.qty} ${position.instrument} bought at ${position.avgPrice}, worth ${position.unrealizedPl} now`;
      },
    },
    {
      title: 'Follow the accounts on the WebSocket',
      async run() {
        const client = connect({ url: wsSession.url, secretKey: wsSession.secretKey });
        for await (const event of client)
          if (event.type === 'snapshot')
            return `told of ${event.accounts.length} accounts, open positions: ${event.positions.length}; from now on of every change`;
        throw new Error('the session ended');
      },
    },
    {
      title: 'Let a strategy buy gold, as ProQuant tells us',
      async run() {
        const headers = { 'content-type': 'application/json', [proquant.header]: proquant.token };
        const body = signalOf(endpoints, Date.now());
        const response = await fetch(proquant.url, { method: 'POST', headers, body });
        if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
        const position = await trader.position(account, 'GOLD');
        if (!position) throw new Error('no position is shown');
        return `answered with ${response.status}: ${position.qty} ounces bought at ${position.avgPrice}`;
      },
    },
    {
      title: 'Ask the log why there is a position in EURUSD',
      async run() {
        const system = new OperatedSystem(addressesOf(folder, process.env));
        try {
          const chains = await chainsOf(system.pool, system.log, await named(system.pool, system.log.detached, order));
          const causes = chains.flatMap((chain) => causesOf(chain)).flatMap((cause) => linked(cause));
          return causes.map(({ event }) => `${event.position} ${describeEvent(event)}`).join('\n');
        } finally {
          await system.close();
        }
      },
    },
    {
      title: 'Read the last hour of EURUSD, as TradingView’s servers do',
      async run() {
        const to = Math.floor(Date.now() / 1_000);
        const query = new URLSearchParams({ symbol: 'EURUSD', resolution: '1', from: `${to - HOUR}`, to: `${to}` });
        const { authorization } = tvData;
        const answer = HistoryAnswer.parse(
          await (await fetch(`${tvData.url}/history?${query}`, { headers: { authorization } })).json(),
        );
        if (answer.s !== 'ok') throw new Error('no bars are known yet');
        return `${answer.t.length} minutes, the last one closed at ${answer.c.at(-1)}`;
      },
    },
  ];
}

const linked = (link: ChainLink): readonly ChainLink[] => [link, ...link.led.flatMap((each) => linked(each))];
