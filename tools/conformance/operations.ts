import { accountsSchema, authorizeSchema, balancesSchema, configSchema, state } from './schemas/account-schemas.ts';
import { groups, historySchema, permissions, streamingLine, symbolInfoSchema } from './schemas/data-schemas.ts';
import { depth, instrumentsSchema, mappingSchema, quotes } from './schemas/market-schemas.ts';
import { anyOf, bareOk, failure, ok, type JsonSchema } from './schemas/shapes.ts';
import {
  acceptedLeverage,
  changedSchema,
  executions,
  finalOrders,
  individualPositionChanges,
  individualPositions,
  leverage,
  leveragePreview,
  netPositionChanges,
  netPositions,
  orders,
  placed,
  positionChanges,
  positions,
  preview,
} from './schemas/trading-schemas.ts';

/** One operation of the document, by its own name there. */
export interface Operation {
  readonly route: string;
  /** Who asks: nobody known, a trader, or TradingView for data. */
  readonly auth: 'none' | 'trader' | 'data';
  /** What a success looks like; of a stream, one line. */
  readonly schema: JsonSchema;
  readonly isStream?: true;
}

const trader = (route: string, schema: JsonSchema): Operation => ({ route, auth: 'trader', schema });
const data = (route: string, schema: JsonSchema): Operation => ({ route, auth: 'data', schema });
const stream = (route: string, message: JsonSchema): Operation => ({
  ...trader(route, anyOf(message, bareOk, failure)),
  isStream: true,
});

/** All forty. */
export const OPERATIONS = {
  authorize: { route: 'POST /authorize', auth: 'none', schema: authorizeSchema },
  logout: trader('POST /logout', bareOk),
  getConfiguration: trader('GET /config', configSchema),
  getMapping: { route: 'GET /mapping', auth: 'none', schema: mappingSchema },
  getAccounts: trader('GET /accounts', accountsSchema),
  getInstruments: trader('GET /accounts/{accountId}/instruments', instrumentsSchema),
  getState: trader('GET /accounts/{accountId}/state', ok(state)),
  streamState: stream('GET /accounts/{accountId}/stream/state', state),
  getOrders: trader('GET /accounts/{accountId}/orders', ok(orders)),
  placeOrder: trader('POST /accounts/{accountId}/orders', ok(placed)),
  streamOrders: stream('GET /accounts/{accountId}/stream/orders', orders),
  getPositions: trader('GET /accounts/{accountId}/positions', ok(positions)),
  streamPositions: stream('GET /accounts/{accountId}/stream/positions', positionChanges),
  getNetPositions: trader('GET /accounts/{accountId}/netPositions', ok(netPositions)),
  streamNetPositions: stream('GET /accounts/{accountId}/stream/netPositions', netPositionChanges),
  getIndividualPositions: trader('GET /accounts/{accountId}/individualPositions', ok(individualPositions)),
  streamIndividualPositions: stream('GET /accounts/{accountId}/stream/individualPositions', individualPositionChanges),
  getBalances: trader('GET /accounts/{accountId}/balances', balancesSchema),
  getExecutions: trader('GET /accounts/{accountId}/executions', ok(executions)),
  getOrdersHistory: trader('GET /accounts/{accountId}/ordersHistory', ok(finalOrders)),
  getLeverage: trader('POST /accounts/{accountId}/getLeverage', ok(leverage)),
  setLeverage: trader('POST /accounts/{accountId}/setLeverage', ok(acceptedLeverage)),
  previewLeverage: trader('POST /accounts/{accountId}/previewLeverage', ok(leveragePreview)),
  modifyOrder: trader('PUT /accounts/{accountId}/orders/{orderId}', changedSchema),
  cancelOrder: trader('DELETE /accounts/{accountId}/orders/{orderId}', changedSchema),
  previewOrder: trader('POST /accounts/{accountId}/previewOrder', ok(preview)),
  modifyPosition: trader('PUT /accounts/{accountId}/positions/{positionId}', changedSchema),
  closePosition: trader('DELETE /accounts/{accountId}/positions/{positionId}', changedSchema),
  closeNetPosition: trader('DELETE /accounts/{accountId}/netPositions/{netPositionId}', changedSchema),
  modifyIndividualPosition: trader(
    'PUT /accounts/{accountId}/individualPositions/{individualPositionId}',
    changedSchema,
  ),
  closeIndividualPosition: trader(
    'DELETE /accounts/{accountId}/individualPositions/{individualPositionId}',
    changedSchema,
  ),
  trackLatency: trader('POST /accounts/{accountId}/trackLatency', bareOk),
  getQuotes: trader('GET /quotes', ok(quotes)),
  streamQuotes: stream('GET /stream/quotes', quotes),
  getDepth: trader('GET /depth', ok(depth)),
  getGroups: data('GET /groups', ok(groups)),
  getPermissions: trader('GET /permissions', ok(permissions)),
  getSymbolInfo: data('GET /symbol_info', symbolInfoSchema),
  getHistory: data('GET /history', historySchema),
  streaming: { ...data('GET /streaming', anyOf(streamingLine, failure)), isStream: true },
} as const satisfies Record<string, Operation>;
export type OperationName = keyof typeof OPERATIONS;

export const OPERATION_NAMES = Object.keys(OPERATIONS) as readonly OperationName[];
