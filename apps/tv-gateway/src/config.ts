import { ServiceConfig } from '@core/service/service-config';
import { DatabaseUrl, Integer, List, NatsUrl, Port } from '@core/service/settings';

/** Everything the gateway can be told, and every limit it keeps. */
export class GatewayConfig extends ServiceConfig {
  @DatabaseUrl()
  readonly databaseUrl: string;

  @NatsUrl()
  readonly natsUrl: string;

  @Port('Where TradingView calls')
  readonly port: number = 8080;

  @Integer('How many proxies stand in front and add the caller to X-Forwarded-For', 0, 10)
  readonly trustedProxies: number = 0;

  @List('Origins that browsers may call from; `*.` stands for any subdomain')
  readonly corsOrigins: readonly string[] = [
    'https://tradingview.com',
    'https://*.tradingview.com',
    'https://*.xstaging.tv',
    'http://localhost:6285',
    'https://localhost:6285',
  ];

  @Integer('How long browsers may remember what they are allowed to call', 0, 86_400)
  readonly corsMaxAgeSeconds: number = 7_200;

  @List('Instruments under names of TradingView, as INSTRUMENT=EXCHANGE:SYMBOL; where set, no others are offered')
  readonly symbolMapping: readonly string[] = [];

  @Integer('How often TradingView asks for quotes', 100, 1_000)
  readonly quotesIntervalMs: number = 500;

  @Integer('How often TradingView asks for orders', 100, 1_000)
  readonly ordersIntervalMs: number = 500;

  @Integer('How often TradingView asks for positions', 100, 1_500)
  readonly positionsIntervalMs: number = 1_000;

  @Integer('How often TradingView asks for the state of an account', 100, 1_500)
  readonly stateIntervalMs: number = 1_000;

  @Integer('How long a login lasts; TradingView never renews it', 60_000, 2_147_483_647)
  readonly tokenLifetimeMs: number = 24 * 60 * 60 * 1000;

  @Integer('How long a token or a list of accounts is believed without asking the database', 0, 60_000)
  readonly authCacheMs: number = 5_000;

  @Integer('Most tokens remembered in memory', 100, 1_000_000)
  readonly authCacheMax: number = 20_000;

  @Integer('How often expired tokens are deleted', 60_000, 86_400_000)
  readonly tokenPurgeMs: number = 60 * 60 * 1000;

  @Integer('The window in which failed logins are counted', 1_000, 86_400_000)
  readonly loginWindowMs: number = 5 * 60 * 1000;

  @Integer('Most failed logins of one login name from one address in that window', 1, 10_000)
  readonly loginFailuresMax: number = 5;

  @Integer('Most failed logins from one address in that window', 1, 100_000)
  readonly loginFailuresPerAddressMax: number = 50;

  @Integer('Most failed logins of one login name from everywhere in that window', 1, 100_000)
  readonly loginFailuresPerLoginMax: number = 100;

  @Integer('Most login names and addresses whose failures are remembered', 100, 1_000_000)
  readonly loginTrackedMax: number = 50_000;

  @Integer('Most passwords checked at a time; each costs much memory and time by design', 1, 64)
  readonly loginConcurrencyMax: number = 2;

  @Integer('Most logins that wait for their turn', 0, 10_000)
  readonly loginWaitingMax: number = 100;

  @Integer('How long the ledger may take to answer a command', 100, 60_000)
  readonly commandTimeoutMs: number = 5_000;

  @Integer('How long Postgres may take to let in and to answer', 100, 60_000)
  readonly storeTimeoutMs: number = 5_000;

  @Integer('How long an answer waits until the lists show what it did', 0, 60_000)
  readonly viewTimeoutMs: number = 2_000;

  @Integer('Largest request body', 1_024, 1_048_576)
  readonly bodyMaxBytes: number = 16_384;

  @Integer('How long a request may take to arrive', 1_000, 120_000)
  readonly requestTimeoutMs: number = 15_000;

  @Integer('Most symbols in one request for quotes', 1, 10_000)
  readonly quoteSymbolsMax: number = 500;

  @Integer('Most rows of history in one answer', 1, 10_000)
  readonly historyMax: number = 1_000;

  @Integer('Most accounts whose books are kept for writing history', 10, 1_000_000)
  readonly historyBooksMax: number = 100_000;

  @Integer('Most open streams', 0, 100_000)
  readonly streamsMax: number = 1_000;

  @Integer('Least time between two messages of one stream', 0, 10_000)
  readonly streamPauseMs: number = 100;

  @Integer('How often instruments and prices of a venue nobody spoke of are asked for', 100, 600_000)
  readonly marketRetryMs: number = 2_000;
}
