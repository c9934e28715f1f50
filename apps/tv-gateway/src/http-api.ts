import type { HttpAnswer, HttpApi, HttpOperation, HttpRoute } from '@core/service/http-api';
import { TvAccount } from '@core/tradingview/wire/account';
import { TvConfig } from '@core/tradingview/wire/config';
import { Failure, Success } from '@core/tradingview/wire/envelope';
import { StreamingLine } from '@core/tradingview/wire/feed';
import { TvInstrument, TvQuote } from '@core/tradingview/wire/market';
import { TvMessage, TvOrder } from '@core/tradingview/wire/order';
import { TvIndividualPosition, TvNetPosition, TvPosition } from '@core/tradingview/wire/position';
import { routes, streamRoutes, type Route, type Stream } from '@core/tradingview/wire/routes';
import { TvState } from '@core/tradingview/wire/state';
import { z } from 'zod';
import { ExecutionsQuery, HistoryQuery } from './api/account.controller.ts';
import { AuthorizeForm } from './api/auth.controller.ts';
import { LeverageForm, WantedLeverageForm } from './api/leverage.controller.ts';
import { DepthQuery } from './api/market.controller.ts';
import {
  ClosePositionForm,
  ConfirmationQuery,
  LatencyForm,
  ModifyOrderForm,
  PlaceOrderForm,
  PlaceOrderQuery,
  PositionForm,
  PreviewedOrderForm,
  RequestIdQuery,
} from './api/order.forms.ts';
import { fieldMeanings } from './field-meanings.ts';
import { SignedLoginForm, TokenAnswer } from './data/data-token.controller.ts';
import { SymbolInfoQuery } from './data/data.controller.ts';
import { HistoryOfBarsQuery } from './data/history.controller.ts';

/** Codes of RFC 6749, sections 4.1.2.1 and 5.2, as far as our server says them. */
const OauthErrorCode = z.enum([
  ...(['invalid_request', 'invalid_client', 'invalid_grant', 'unauthorized_client'] as const),
  ...([
    'unsupported_grant_type',
    'unsupported_response_type',
    'invalid_scope',
    'access_denied',
    'server_error',
  ] as const),
]);

type Said = Omit<HttpOperation, 'answers'>;

const LocaleQuery = z.object({
  locale: z.string().optional().describe('Language of texts; English where it is none of ours.'),
});
const OfAccount = z.object({ accountId: z.string().describe('An account of the trader.') });
const SymbolsQuery = OfAccount.extend({ symbols: z.string().describe('Names of instruments, with commas between.') });

/** Who is logged in as a trader. */
const trader = (group: string, summary: string, more: Partial<Said> = {}): Said => ({
  ...{ group, summary, access: 'trader' },
  ...more,
  query: [LocaleQuery, ...(more.query ?? [])],
});

/** TradingView's servers, which ask for data. */
const data = (summary: string, query: HttpOperation['query'] = []): Said => ({
  ...{ group: 'Data', summary, access: 'data', query },
});

const anybody = (group: string, summary: string, more: Partial<Said> = {}): Said => ({
  ...{ group, summary, access: null },
  ...more,
});

const protect = (what: string) =>
  trader('Trading', `Changes stop loss and take profit of ${what}, or reverses it where the other side is asked for.`, {
    query: [RequestIdQuery],
    body: PositionForm,
  });
const close = (what: string) =>
  trader('Trading', `Closes ${what}, or as much of it as \`amount\` says.`, { body: ClosePositionForm });

const ASKED: Readonly<Record<Route, Said>> = {
  'POST /authorize': anybody('Login', 'Logs a trader in, by the name and password that an operator gave.', {
    body: AuthorizeForm,
  }),
  'POST /logout': trader('Login', 'Ends the login, and every stream that it opened.'),
  'GET /config': trader('Account', 'Tables, durations, and how often to ask.'),
  'GET /mapping': anybody('Account', 'Which of TradingView’s symbols our instruments are.'),
  'GET /accounts': trader('Account', 'The trader’s accounts, and what each of them can do.'),
  'GET /accounts/{accountId}/instruments': trader('Account', 'What can be traded; quantities are units.'),
  'GET /accounts/{accountId}/state': trader(
    'Account',
    'Balance, equity, margin, and the lines of the account manager.',
  ),
  'GET /accounts/{accountId}/orders': trader(
    'Account',
    'Orders that work or wait, brackets among them, and those that ended lately.',
  ),
  'POST /accounts/{accountId}/orders': trader(
    'Trading',
    'Places an order. The same `requestId` is never carried out twice.',
    { query: [PlaceOrderQuery], body: PlaceOrderForm },
  ),
  'PUT /accounts/{accountId}/orders/{orderId}': trader('Trading', 'Changes a working order.', {
    query: [ConfirmationQuery],
    body: ModifyOrderForm,
  }),
  'DELETE /accounts/{accountId}/orders/{orderId}': trader('Trading', 'Cancels a working order.'),
  'POST /accounts/{accountId}/previewOrder': trader(
    'Trading',
    'What an order or a change would mean, and its `confirmId`.',
    {
      body: PreviewedOrderForm,
    },
  ),
  'GET /accounts/{accountId}/positions': trader('Account', 'Open positions, each for itself.'),
  'PUT /accounts/{accountId}/positions/{positionId}': protect('a position'),
  'DELETE /accounts/{accountId}/positions/{positionId}': close('a position'),
  'GET /accounts/{accountId}/netPositions': trader(
    'Account',
    'One position for each instrument, of an account that nets.',
  ),
  'DELETE /accounts/{accountId}/netPositions/{netPositionId}': trader(
    'Trading',
    'Closes everything that is open in an instrument.',
  ),
  'GET /accounts/{accountId}/individualPositions': trader('Account', 'What net positions are made of.'),
  'PUT /accounts/{accountId}/individualPositions/{individualPositionId}': protect('a part of a net position'),
  'DELETE /accounts/{accountId}/individualPositions/{individualPositionId}': close('a part of a net position'),
  'GET /accounts/{accountId}/balances': trader('Account', 'What the account holds of its currency.'),
  'POST /accounts/{accountId}/getLeverage': trader('Trading', 'The leverage of an order ticket.', {
    body: LeverageForm,
  }),
  'POST /accounts/{accountId}/setLeverage': trader('Trading', 'Takes the leverage that the broker has, and no other.', {
    body: WantedLeverageForm,
  }),
  'POST /accounts/{accountId}/previewLeverage': trader('Trading', 'What is said of a leverage before it is chosen.', {
    body: WantedLeverageForm,
  }),
  'GET /accounts/{accountId}/ordersHistory': trader('Account', 'Orders that ended, the newest first.', {
    query: [HistoryQuery],
  }),
  'GET /accounts/{accountId}/executions': trader('Account', 'Trades in an instrument, the newest first.', {
    query: [ExecutionsQuery],
  }),
  'POST /accounts/{accountId}/trackLatency': trader(
    'Account',
    'How long somebody waited, as their browser measured it.',
    {
      body: LatencyForm,
    },
  ),
  'GET /quotes': trader('Market', 'The last prices, as an account sees them.', { query: [SymbolsQuery] }),
  'GET /depth': trader('Market', 'The book of an instrument, as an account sees it.', {
    query: [OfAccount, DepthQuery],
  }),
  'GET /groups': data('Groups of symbols that there are.'),
  'GET /permissions': trader('Data', 'Groups of symbols that the trader sees.'),
  'GET /symbol_info': data('Instruments, a column for each of their properties.', [SymbolInfoQuery]),
  'GET /history': data('Bars that are settled, and the one that runs.', [HistoryOfBarsQuery]),
};

const STREAMED: Readonly<Record<Stream, Said>> = {
  'GET /accounts/{accountId}/stream/state': trader('Streams', 'The state, whenever it changes.'),
  'GET /accounts/{accountId}/stream/orders': trader('Streams', 'Orders that changed.'),
  'GET /accounts/{accountId}/stream/positions': trader('Streams', 'Positions that changed.'),
  'GET /accounts/{accountId}/stream/netPositions': trader('Streams', 'Net positions that changed.'),
  'GET /accounts/{accountId}/stream/individualPositions': trader('Streams', 'Individual positions that changed.'),
  'GET /stream/quotes': trader('Streams', 'Quotes that changed.', { query: [SymbolsQuery] }),
};

const DENIED: HttpAnswer = { meaning: 'The token is missing, wrong, or has ended.', shape: Failure };
const deniedTo = ({ access }: Said): Readonly<Record<number, HttpAnswer>> => (access === null ? {} : { 401: DENIED });

const PAGE: HttpAnswer = { meaning: 'A page for people.', type: 'text/html' };
const SENT_ON: HttpAnswer = { meaning: 'On to the next page, or back to who sent them.' };
const BAD_LINK: HttpAnswer = {
  meaning: 'The login has ended, or the link is not whole: a page that says so.',
  type: 'text/html',
};
const OauthFailure = z
  .object({ error: OauthErrorCode, error_description: z.string().optional() })
  .describe('As RFC 6749 has it in section 5.2.');
const OAUTH_FAILED: HttpAnswer = { meaning: 'Refused; `error` is a code of RFC 6749.', shape: OauthFailure };
const OAUTH_FAILURES: Readonly<Record<number, HttpAnswer>> = {
  404: { meaning: 'There is nothing here, or no address of ours is set to log in on.', shape: OauthFailure },
  413: { meaning: 'The body is too large.', shape: OauthFailure },
  415: { meaning: 'The body is no form.', shape: OauthFailure },
  500: { meaning: 'We failed.', shape: OauthFailure },
};

const oauth = (summary: string, answers: HttpOperation['answers']): HttpOperation => ({
  ...anybody('OAuth 2.0', summary),
  answers: { ...answers, ...OAUTH_FAILURES },
});

/** Addresses of OAuth 2.0, which the document leaves to each broker. */
const OAUTH: Readonly<Record<HttpRoute, HttpOperation>> = {
  'GET /oauth/authorize': oauth('Begins a login (RFC 6749, section 4.1.1), with PKCE.', {
    303: SENT_ON,
    400: BAD_LINK,
  }),
  'GET /oauth/authorize/{uid}': oauth('Goes on with a login that the page has done.', { 303: SENT_ON, 400: BAD_LINK }),
  'POST /oauth/token': oauth('A code, or a refresh token, for an access token (RFC 6749, sections 4.1.3 and 6).', {
    200: {
      meaning: 'The tokens.',
      shape: z.object({
        ...{ access_token: z.string(), token_type: z.literal('Bearer'), expires_in: z.int().describe('Seconds.') },
        ...{ refresh_token: z.string().optional(), scope: z.string().optional() },
      }),
    },
    400: OAUTH_FAILED,
    401: OAUTH_FAILED,
  }),
  'GET /oauth/login/{uid}': oauth('The page on which people log in.', { 200: PAGE, 400: BAD_LINK }),
  'POST /oauth/login/{uid}': oauth('What they typed there.', { 200: PAGE, 303: SENT_ON, 400: BAD_LINK }),
  'GET /oauth/logout': oauth('Ends the login of a browser.', { 200: PAGE, 303: SENT_ON, 400: BAD_LINK }),
  'GET /oauth/logo': oauth('The operator’s picture on these pages.', {
    200: { meaning: 'The picture.', type: 'image/*' },
  }),
};

/** What TradingView’s servers ask beside the document. */
const DATA: Readonly<Record<HttpRoute, HttpOperation>> = {
  'GET /streaming': {
    ...data('Prices as they change, one line each, for as long as the reader wants.'),
    answers: {
      200: { meaning: 'Lines of JSON without end.', shape: z.union([StreamingLine, Failure]) },
      401: DENIED,
    },
  },
  'POST /data/token': {
    ...anybody('Data', 'A token for data, for a signed assertion (RFC 7523).', { body: SignedLoginForm }),
    answers: {
      200: { meaning: 'A token, or why there is none.', shape: z.union([TokenAnswer, Failure]) },
      401: DENIED,
    },
  },
};

const polled = Object.entries(ASKED).map(([route, said]): [string, HttpOperation] => [
  route,
  {
    ...said,
    answers: {
      200: {
        meaning: 'What was asked for, or `s` is `error` and `errmsg` says to a person why not.',
        shape: z.union([routes[route as Route], Failure]),
      },
      ...deniedTo(said),
    },
  },
]);

const streamed = Object.entries(STREAMED).map(([route, said]): [string, HttpOperation] => [
  route,
  {
    ...said,
    answers: {
      200: {
        meaning: 'Lines of JSON without end: what changed, `{"s":"ok"}` as a sign of life, an error as the last one.',
        shape: streamRoutes[route as Stream],
      },
      ...deniedTo(said),
    },
  },
]);

export const gatewayApi: HttpApi = {
  title: 'Trading core: TradingView gateway',
  description: [
    'TradingView’s Broker REST API: what its trading panel asks of a broker, and what its servers ask for data.',
    'A failure is HTTP 200 with `{"s":"error","errmsg":"…"}`, in the language of `locale`; who is not logged in hears 401, at addresses of the API that do not exist as well.',
    'Instants are seconds since 1970, quantities are units, and what is not known is left out.',
    'Every text of an error, with its cause and what to do, is in `docs/errors.md`.',
  ].join('\n\n'),
  server: 'http://localhost:8080',
  bodyType: 'application/x-www-form-urlencoded',
  access: {
    trader: { type: 'http', scheme: 'bearer', description: 'The token of `POST /authorize` or of `/oauth/token`.' },
    data: {
      type: 'http',
      scheme: 'bearer',
      description: 'The token of `POST /authorize` or `/data/token`, of a login for data.',
    },
  },
  meanings: fieldMeanings,
  names: {
    ...{ Failure, Success, TvConfig, TvAccount, TvInstrument, TvState, TvOrder, TvMessage, TvQuote },
    ...{ TvPosition, TvNetPosition, TvIndividualPosition, OauthFailure },
  },
  operations: { ...Object.fromEntries([...polled, ...streamed]), ...DATA, ...OAUTH },
};
