/** A position as the broker itself sees it. */
export interface BrokerPosition {
  readonly position: number;
  readonly symbol: string;
  readonly volume: string;
  readonly customComment: string | null;
}

/** One trade request that reached the broker. */
export interface ReceivedRequest {
  /** When it arrived, in milliseconds since the epoch. */
  readonly time: number;
  readonly request: { readonly customComment: string | null } | null;
}

/** What a human at the broker, or the market, does: the simulator's control API. */
export class BrokerControlClient {
  constructor(private readonly url: string) {}

  positions(userId: string): Promise<BrokerPosition[]> {
    return this.get(`/control/positions?userId=${userId}`);
  }

  /** Every trade request that arrived, in order. */
  journal(userId: string): Promise<ReceivedRequest[]> {
    return this.get(`/control/journal?userId=${userId}&limit=10000`);
  }

  open(
    userId: string,
    position: { symbol: string; side: 'buy' | 'sell'; volume: string },
  ): Promise<{ position: number }> {
    return this.post(`/control/accounts/${userId}/positions`, position);
  }

  close(position: number): Promise<unknown> {
    return this.post(`/control/positions/${position}/close`, {});
  }

  /** Names only the knobs that turn. */
  turn(knobs: object): Promise<unknown> {
    return this.call('/control/knobs', { method: 'PATCH', ...json(knobs) });
  }

  hit(position: number, what: 'sl' | 'tp'): Promise<unknown> {
    return this.post(`/control/positions/${position}/hit`, { what });
  }

  /** The price stands still from now on, until it walks again. */
  price(symbol: string, bid: string, ask: string): Promise<unknown> {
    return this.call(`/control/prices/${symbol}`, { method: 'PUT', ...json({ bid, ask, hold: true }) });
  }

  walk(symbol: string): Promise<unknown> {
    return this.post(`/control/prices/${symbol}/hold`, { hold: false });
  }

  disconnect(userId: string): Promise<unknown> {
    return this.post('/control/disconnect', { userId });
  }

  private async get<Body>(path: string): Promise<Body> {
    return this.call(path, {});
  }

  private post<Body>(path: string, body: object): Promise<Body> {
    return this.call(path, { method: 'POST', ...json(body) });
  }

  private async call<Body>(path: string, init: RequestInit): Promise<Body> {
    const response = await fetch(`${this.url}${path}`, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Body;
  }
}

const json = (body: object): RequestInit => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
