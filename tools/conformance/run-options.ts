/** What TradingView was given to log people in by OAuth 2.0. */
export interface OAuthClient {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
}

/** What is needed to exchange the code that a login page gave: the page itself is for a browser. */
export interface OAuthCode extends OAuthClient {
  readonly code: string;
}

/** How long and how often a run looks. */
export interface Effort {
  readonly logins: number;
  /** Of orders, positions and state, where nobody trades. */
  readonly polls: number;
  /** After each step of live mode. */
  readonly pollsAfterStep: number;
  /** Symbols whose bars are asked for. */
  readonly symbols: number;
  /** How far back bars are asked for; the answer of every day is a request. */
  readonly historyDays: number;
  /** After which bars of the past are asked for again. */
  readonly unchangedAfterMs: number;
  readonly streamMs: number;
}

export const EFFORTS = {
  quick: {
    logins: 3,
    polls: 10,
    pollsAfterStep: 2,
    symbols: 2,
    historyDays: 1,
    unchangedAfterMs: 2_000,
    streamMs: 8_000,
  },
  usual: {
    logins: 10,
    polls: 60,
    pollsAfterStep: 12,
    symbols: 5,
    historyDays: 2,
    unchangedAfterMs: 120_000,
    streamMs: 150_000,
  },
  full: {
    logins: 10,
    polls: 600,
    pollsAfterStep: 30,
    symbols: 1_000,
    historyDays: 7,
    unchangedAfterMs: 120_000,
    streamMs: 7_200_000,
  },
} as const satisfies Record<string, Effort>;

export interface RunOptions {
  /** Base address of the trading part, without a slash at its end. */
  readonly url: string;
  readonly credentials:
    { readonly login: string; readonly password: string } | { readonly token: string } | { readonly oauth: OAuthCode };
  /** Null where it is not known, or there is none. */
  readonly oauth: OAuthClient | null;
  /** The data part; null where there is none, as of a broker that shows TradingView's own data. */
  readonly data: { readonly url: string; readonly authorization: string | null } | null;
  /** Accounts to look at; all where it is empty. */
  readonly accounts: readonly string[];
  readonly locales: readonly [string, string];
  /** Whether the origins of TradingView's staging must be let in. */
  readonly staging: boolean;
  readonly live: { readonly instrument: string | null; readonly qty: number | null } | null;
  /** Only checks whose id begins so. */
  readonly only: readonly string[];
  readonly effort: Effort;
}
