/** An envelope of TradingView's API: `d` is there when `s` is ok. */
export interface Envelope<Data> {
  readonly s: 'ok' | 'error';
  readonly d?: Data;
  readonly errmsg?: string;
}

export interface TradingViewOrder {
  readonly id: string;
  readonly instrument: string;
  readonly status: string;
  readonly parentId?: string;
  readonly type: string;
}

export interface TradingViewPosition {
  readonly id: string;
  readonly instrument: string;
  readonly qty: number;
  readonly side: string;
  readonly avgPrice: number;
}

interface TradingViewAccount {
  readonly id: string;
  readonly config: Readonly<Record<string, boolean>>;
}

/** What a browser with TradingView's page does, as far as our side sees it. */
export class TradingView {
  private constructor(
    private readonly url: string,
    private readonly token: string,
    readonly accountIds: readonly string[],
  ) {}

  static async login(at: {
    readonly url: string;
    readonly login: string;
    readonly password: string;
  }): Promise<TradingView> {
    const body = new URLSearchParams({ login: at.login, password: at.password, locale: 'en' });
    const answer = await fetch(`${at.url}/authorize`, { method: 'POST', body });
    const { d } = (await answer.json()) as Envelope<{ access_token: string }>;
    if (!d) throw new Error('login refused');
    const anonymous = new TradingView(at.url, d.access_token, []);
    const accounts = await anonymous.get<{ id: string }[]>('/accounts?locale=en');
    return new TradingView(
      at.url,
      d.access_token,
      (accounts.d ?? []).map(({ id }) => id),
    );
  }

  get<Data>(path: string): Promise<Envelope<Data>> {
    return this.call<Data>('GET', path);
  }

  async accounts(): Promise<TradingViewAccount[]> {
    return required(await this.get<TradingViewAccount[]>('/accounts?locale=en'));
  }

  async orders(account: string): Promise<TradingViewOrder[]> {
    return required(await this.get<TradingViewOrder[]>(`/accounts/${account}/orders?locale=en`));
  }

  async positions(account: string): Promise<TradingViewPosition[]> {
    return required(await this.get<TradingViewPosition[]>(`/accounts/${account}/positions?locale=en`));
  }

  /** Open positions only; closed ones stay in the list with quantity zero. */
  async openPositions(account: string): Promise<TradingViewPosition[]> {
    return (await this.positions(account)).filter(({ qty }) => qty > 0);
  }

  place(account: string, order: Record<string, string>, requestId?: string): Promise<Envelope<{ orderId: string }>> {
    const query = requestId === undefined ? '' : `&requestId=${requestId}`;
    return this.call('POST', `/accounts/${account}/orders?locale=en${query}`, order);
  }

  /** Opens a stream and reads it until `signal` says so: what was read is not looked at. */
  async read(path: string, signal: AbortSignal): Promise<void> {
    const { body } = await fetch(`${this.url}${path}`, { signal, headers: { authorization: `Bearer ${this.token}` } });
    const reading = body?.pipeTo(new WritableStream(), { signal });
    reading?.catch(() => undefined);
  }

  call<Data>(method: string, path: string, form?: Record<string, string>): Promise<Envelope<Data>> {
    return fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}` },
      ...(form ? { body: new URLSearchParams(form) } : {}),
    }).then((response) => response.json() as Promise<Envelope<Data>>);
  }
}

function required<Data>({ s, d, errmsg }: Envelope<Data>): Data {
  if (s !== 'ok' || d === undefined) throw new Error(`TradingView call failed: ${errmsg}`);
  return d;
}
