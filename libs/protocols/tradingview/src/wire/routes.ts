import { z } from 'zod';
import { AccountsAnswer } from './account.ts';
import { AuthorizeAnswer } from './authorize.ts';
import { BalancesAnswer } from './balance.ts';
import { ConfigAnswer } from './config.ts';
import { Failure, Success } from './envelope.ts';
import { GroupsAnswer, HistoryAnswer, PermissionsAnswer, SymbolInfoAnswer } from './feed.ts';
import { ExecutionsAnswer } from './execution.ts';
import { GetLeverageAnswer, PreviewLeverageAnswer, SetLeverageAnswer } from './leverage.ts';
import { DepthAnswer, InstrumentsAnswer, MappingAnswer, QuotesAnswer, QuotesMessage } from './market.ts';
import { OrdersAnswer, OrdersHistoryAnswer, PlaceOrderAnswer, TvOrder, WriteAnswer } from './order.ts';
import {
  IndividualPositionsAnswer,
  IndividualPositionsMessage,
  NetPositionsAnswer,
  NetPositionsMessage,
  PositionsAnswer,
  PositionsMessage,
} from './position.ts';
import { PreviewAnswer } from './preview.ts';
import { StateAnswer, TvState } from './state.ts';

/** Everything we serve, as the document writes its paths, and the closed shape of its success. */
export const routes = {
  'POST /authorize': AuthorizeAnswer,
  'POST /logout': Success,
  'GET /config': ConfigAnswer,
  'GET /mapping': MappingAnswer,
  'GET /accounts': AccountsAnswer,
  'GET /accounts/{accountId}/instruments': InstrumentsAnswer,
  'GET /accounts/{accountId}/state': StateAnswer,
  'GET /accounts/{accountId}/orders': OrdersAnswer,
  'POST /accounts/{accountId}/orders': PlaceOrderAnswer,
  'PUT /accounts/{accountId}/orders/{orderId}': WriteAnswer,
  'DELETE /accounts/{accountId}/orders/{orderId}': WriteAnswer,
  'POST /accounts/{accountId}/previewOrder': PreviewAnswer,
  'GET /accounts/{accountId}/positions': PositionsAnswer,
  'PUT /accounts/{accountId}/positions/{positionId}': WriteAnswer,
  'DELETE /accounts/{accountId}/positions/{positionId}': WriteAnswer,
  'GET /accounts/{accountId}/netPositions': NetPositionsAnswer,
  'DELETE /accounts/{accountId}/netPositions/{netPositionId}': WriteAnswer,
  'GET /accounts/{accountId}/individualPositions': IndividualPositionsAnswer,
  'PUT /accounts/{accountId}/individualPositions/{individualPositionId}': WriteAnswer,
  'DELETE /accounts/{accountId}/individualPositions/{individualPositionId}': WriteAnswer,
  'GET /accounts/{accountId}/balances': BalancesAnswer,
  'POST /accounts/{accountId}/getLeverage': GetLeverageAnswer,
  'POST /accounts/{accountId}/setLeverage': SetLeverageAnswer,
  'POST /accounts/{accountId}/previewLeverage': PreviewLeverageAnswer,
  'GET /accounts/{accountId}/ordersHistory': OrdersHistoryAnswer,
  'GET /accounts/{accountId}/executions': ExecutionsAnswer,
  'POST /accounts/{accountId}/trackLatency': Success,
  'GET /quotes': QuotesAnswer,
  'GET /depth': DepthAnswer,
  'GET /groups': GroupsAnswer,
  'GET /permissions': PermissionsAnswer,
  'GET /symbol_info': SymbolInfoAnswer,
  'GET /history': HistoryAnswer,
} as const satisfies Record<string, z.ZodType>;
export type Route = keyof typeof routes;

/** Lines of the long answers: a message, a ping or an error. */
export const streamRoutes = {
  'GET /accounts/{accountId}/stream/state': z.union([TvState, Success, Failure]),
  'GET /accounts/{accountId}/stream/orders': z.union([z.array(TvOrder), Success, Failure]),
  'GET /accounts/{accountId}/stream/positions': z.union([PositionsMessage, Success, Failure]),
  'GET /accounts/{accountId}/stream/netPositions': z.union([NetPositionsMessage, Success, Failure]),
  'GET /accounts/{accountId}/stream/individualPositions': z.union([IndividualPositionsMessage, Success, Failure]),
  'GET /stream/quotes': z.union([QuotesMessage, Success, Failure]),
} as const satisfies Record<string, z.ZodType>;
export type Stream = keyof typeof streamRoutes;
