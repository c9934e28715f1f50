import { Failure } from '@core/tradingview/wire/envelope';
import { routes, type Route } from '@core/tradingview/wire/routes';
import type { TvOrder } from '@core/tradingview/wire/order';
import type { z } from 'zod';
import type { Endpoints } from '../start/endpoints.ts';
import { patiently } from './patiently.ts';

/** Routes whose answers have an envelope. */
type Enveloped = { [Each in Route]: z.output<(typeof routes)[Each]> extends { d: unknown } ? Each : never }[Route];
type AnswerOf<Of extends Enveloped> = z.output<(typeof routes)[Of]>['d'];

interface Terms {
  readonly form?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
}

const ACCOUNT = '{accountId}';
const OVER: readonly TvOrder['status'][] = ['filled', 'rejected', 'cancelled'];

/** A trader at the gateway, as TradingView acts for one. Throws in the gateway's own words where it refuses. */
export class GatewayTrader {
  private constructor(
    private readonly url: string,
    private readonly token: string,
    readonly accounts: AnswerOf<'GET /accounts'>,
  ) {}

  static async logIn({ url, login, password }: Endpoints['tvGateway']): Promise<GatewayTrader> {
    const { access_token: token } = await ask(url, null, 'POST /authorize', { form: { login, password } });
    return new GatewayTrader(url, token, await ask(url, token, 'GET /accounts'));
  }

  /** What becomes of a market order at the price that is shown; as it stands after ten seconds where nothing does. */
  async buy(account: string, instrument: string, qty: string): Promise<TvOrder> {
    const [quote] = await this.ask('GET /quotes', account, { query: { accountId: account, symbols: instrument } });
    if (quote?.s !== 'ok') throw new Error(`there is no price of ${instrument} now`);
    const seen = { currentAsk: String(quote.v.ask), currentBid: String(quote.v.bid) };
    const form = { instrument, qty, side: 'buy', type: 'market', ...seen };
    const { orderId } = await this.ask('POST /accounts/{accountId}/orders', account, { form });
    const placed = await patiently(
      async () => (await this.ask('GET /accounts/{accountId}/orders', account)).find(({ id }) => id === orderId),
      (order) => order !== undefined && OVER.includes(order.status),
    );
    if (!placed) throw new Error(`the order ${orderId} is not shown`);
    return placed;
  }

  /** The youngest position of an instrument; null where ten seconds show none. */
  async position(account: string, instrument: string) {
    const look = async () =>
      (await this.ask('GET /accounts/{accountId}/positions', account)).findLast(
        (each) => each.instrument === instrument,
      );
    return (await patiently(look, (position) => position !== undefined)) ?? null;
  }

  private ask<Of extends Enveloped>(route: Of, account: string, terms?: Terms): Promise<AnswerOf<Of>> {
    return ask(this.url, this.token, route, terms, account);
  }
}

async function ask<Of extends Enveloped>(
  url: string,
  token: string | null,
  route: Of,
  { form, query }: Terms = {},
  account = '',
): Promise<AnswerOf<Of>> {
  const [method = '', path = ''] = route.split(' ');
  const response = await fetch(
    `${url}${path.replace(ACCOUNT, account)}?${new URLSearchParams({ locale: 'en', ...query })}`,
    {
      method,
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
      ...(form && { body: new URLSearchParams(form) }),
    },
  );
  const body: unknown = await response.json();
  const failure = Failure.safeParse(body);
  if (failure.success) throw new Error(failure.data.errmsg);
  return (routes[route].parse(body) as { d: AnswerOf<Of> }).d;
}
