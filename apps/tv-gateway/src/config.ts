import { edgeConfig } from '@core/edge/edge-settings';
import { OrderLimitSettings } from '@core/edge/order-limit';
import { trustedProxies } from '@core/edge/trusted-proxies';
import type { Venue } from '@core/contracts/primitives';
import { LoginSettings } from '@core/service/login-settings';
import { choice, integer, list, pattern, port, text } from '@core/service/setting';
import { settings } from '@core/service/settings';

export class HttpSettings extends settings('', {
  port: port('Where TradingView calls').default(8080),
  trustedProxies,
  corsOrigins: list('Origins that browsers may call from; `*.` stands for any subdomain').default([
    'https://tradingview.com',
    'https://*.tradingview.com',
    'https://*.xstaging.tv',
    'http://localhost:6285',
    'https://localhost:6285',
  ]),
  corsMaxAgeSeconds: integer('How long browsers may remember what they are allowed to call', 0, 86_400).default(7_200),
  bodyMaxBytes: integer('Largest request body', 1_024, 1_048_576).default(16_384),
  requestTimeoutMs: integer('How long a request may take to arrive', 1_000, 120_000).default(15_000),
}) {}

export class SymbolSettings extends settings('', {
  symbolMapping: list(
    'Instruments under names of TradingView, as INSTRUMENT=EXCHANGE:SYMBOL; where set, no others are offered',
  ).default([]),
}) {}

/** What TradingView is told of how often to ask. */
export class PollingSettings extends settings('', {
  quotesIntervalMs: integer('How often TradingView asks for quotes', 100, 1_000).default(500),
  ordersIntervalMs: integer('How often TradingView asks for orders', 100, 1_000).default(500),
  positionsIntervalMs: integer('How often TradingView asks for positions', 100, 1_500).default(1_000),
  stateIntervalMs: integer('How often TradingView asks for the state of an account', 100, 1_500).default(1_000),
}) {}

export class AuthSettings extends settings('', {
  tokenLifetimeMs: integer('How long a login lasts; TradingView never renews it', 60_000, 2_147_483_647).default(
    24 * 60 * 60 * 1000,
  ),
  authCacheMs: integer(
    'How long a token or a list of accounts is believed without asking the database',
    0,
    60_000,
  ).default(5_000),
  authCacheMax: integer('Most tokens remembered in memory', 100, 1_000_000).default(20_000),
  tokenPurgeMs: integer('How often expired tokens are deleted', 60_000, 86_400_000).default(60 * 60 * 1000),
}) {}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** TradingView takes no longer lifetime. */
const LIFETIME_MAX_MS = 2_147_483_647;

/** Logins on our own page. Without an address of ours there are none: `/authorize` remains. */
export class OauthSettings extends settings('OAUTH', {
  url: pattern(
    'Where people reach this gateway; with it, they can log in on its own page (OAuth 2.0)',
    'an address like https://trading.example.com, or one of this machine that begins with http://',
    /^(?:https:\/\/[\w.-]+(?::\d+)?|http:\/\/(?:localhost|127\.0\.0\.1)(?::\d+)?)$/,
  ).optional(),
  cookieKey: pattern('What cookies of the login page are signed with', '32 bytes in base64', /^[\w+/]{43}=$/, {
    secret: true,
  }).optional(),
  brokerName: text('The name that the login page bears').default('Your broker'),
  logoFile: text('An SVG or PNG file that the login page bears').optional(),
  tokenLifetimeMs: integer(
    'How long an access token lasts before TradingView renews it',
    MINUTE,
    LIFETIME_MAX_MS,
  ).default(30 * MINUTE),
  loginLifetimeMs: integer('How long a login is renewed without a password', MINUTE, LIFETIME_MAX_MS).default(7 * DAY),
  pageLifetimeMs: integer('How long a login page waits for its user', 2 * MINUTE, DAY).default(10 * MINUTE),
  codeLifetimeMs: integer('How long a code may wait to be exchanged', 1_000, 10 * MINUTE).default(MINUTE),
}) {}

export class TradingSettings extends settings('', {
  commandTimeoutMs: integer('How long the ledger may take to answer a command', 100, 60_000).default(5_000),
  changesWaitingMax: integer('Most changes of one account that wait for the one before them', 0, 10_000).default(100),
  previewMaxAgeMs: integer('How long an order may be placed as it was previewed', 1_000, 3_600_000).default(60_000),
  viewTimeoutMs: integer('How long an answer waits until the lists show what it did', 0, 60_000).default(2_000),
}) {}

export class MarketDataSettings extends settings('QUOTE', {
  symbolsMax: integer('Most symbols in one request for quotes', 1, 10_000).default(500),
}) {}

export class HistorySettings extends settings('HISTORY', {
  max: integer('Most rows of history in one answer', 1, 10_000).default(1_000),
  booksMax: integer('Most accounts whose books are kept for writing history', 10, 1_000_000).default(100_000),
}) {}

export class StreamSettings extends settings('', {
  streamsMax: integer('Most open streams', 0, 100_000).default(2_000),
  streamsPerTrader: integer('Most open streams of one trader', 0, 100_000).default(50),
  streamPauseMs: integer('Least time between two messages of one stream', 0, 10_000).default(100),
}) {}

/** What TradingView's servers draw charts of. */
export class DataSettings extends settings('DATA', {
  venue: pattern<Venue>(
    'The venue whose prices and bars the data addresses tell; without it they tell nothing',
    'the name of a venue',
    /^[a-z0-9][a-z0-9-]{0,31}$/,
  ).optional(),
  exchange: pattern(
    'What TradingView calls the exchange of its instruments',
    'capital letters, digits and _',
    /^[A-Z0-9_]{1,32}$/,
  ).default('BROKER'),
  auth: choice('How TradingView proves that it may read the data: none is for everyone', [
    'none',
    'password',
    'certificate',
  ]).default('password'),
  token: text('A token that never ends, for tests of the data; beside the others', { secret: true }).optional(),
  tokenUrl: pattern(
    'Public address of /data/token, which assertions are made for',
    'a URL that begins with https:// or http://',
    /^https?:\/\/[^\s/]+\/\S+$/,
  ).optional(),
  tokenLifetimeMs: integer('How long a token for the data lasts', 60_000, 2_147_483_647).default(24 * 60 * 60 * 1000),
  hoursMs: integer('How long trading hours are believed without asking the broker', 1_000, 86_400_000).default(
    60 * 60 * 1000,
  ),
  hoursTimeoutMs: integer('How long the broker may take to tell trading hours', 100, 120_000).default(10_000),
  daysMs: integer(
    'How often readers of the stream are told the day that runs, of instruments whose price moved',
    1_000,
    3_600_000,
  ).default(5_000),
  barsMax: integer('Most bars in one answer', 1_440, 1_000_000).default(50_000),
  streamsMax: integer('Most readers of the stream of prices', 0, 1_000).default(16),
  streamBacklogBytes: integer('What may wait for one reader before it is closed', 16_384, 1_073_741_824).default(
    1_048_576,
  ),
}) {}

export const gatewayConfig = {
  ...edgeConfig,
  http: HttpSettings,
  symbols: SymbolSettings,
  polling: PollingSettings,
  auth: AuthSettings,
  login: LoginSettings,
  oauth: OauthSettings,
  trading: TradingSettings,
  orders: OrderLimitSettings,
  quotes: MarketDataSettings,
  history: HistorySettings,
  streams: StreamSettings,
  data: DataSettings,
};
