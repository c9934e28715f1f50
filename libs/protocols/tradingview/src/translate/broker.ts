import type { TvAccountFlags } from '../wire/account.ts';
import type { TvConfig } from '../wire/config.ts';
import type { MappingAnswer } from '../wire/market.ts';
import { durations } from './durations.ts';
import { positionColumns } from './position.ts';
import { accountManager, accountSummaryRow } from './state.ts';

/** Milliseconds; above the document's maxima TradingView takes those. */
export type PullingInterval = TvConfig['pullingInterval'];

/** `/config`: what every account of ours has in common. */
export const configOf = (pullingInterval: PullingInterval): TvConfig => ({
  accountSummaryRow,
  accountManager,
  durations,
  positionCustomFields: positionColumns,
  pullingInterval,
});

/**
 * What we serve, and nothing else. Every order opens a position of its own, so an opposite order does not reverse one.
 * A broker's pending order keeps its quantity for life.
 */
export const accountFlags: TvAccountFlags = {
  supportOrderBrackets: true,
  supportAddBracketsToExistingOrder: true,
  supportMarketBrackets: true,
  supportPositionBrackets: true,
  supportModifyBrackets: true,
  supportModifyOrderPrice: true,
  supportModifyDuration: true,
  supportEditAmount: false,
  supportPartialOrderExecution: true,

  supportMarketOrders: true,
  supportLimitOrders: true,
  supportStopOrders: true,
  supportStopLimitOrders: false,
  supportTrailingStop: false,
  supportGuaranteedStop: false,
  supportStopOrdersInBothDirections: false,
  supportStopLimitOrdersInBothDirections: false,
  supportStrictCheckingLimitOrderPrice: true,

  supportPositions: true,
  supportMultiposition: true,
  supportClosePosition: true,
  supportPartialClosePosition: true,
  supportReversePosition: false,
  supportNativeReversePosition: false,
  supportPositionNetting: false,
  supportIndividualPositionBrackets: false,
  supportPartialCloseIndividualPosition: false,

  supportOrdersHistory: true,
  supportExecutions: true,
  supportPLUpdate: true,
  supportBalances: false,
  supportCustomAccountSummaryRow: true,
  supportPositionCustomFields: true,
  supportOrderCustomFields: false,
  supportOrderHistoryCustomFields: false,

  supportDOM: true,
  supportLevel2Data: true,
  supportPlaceOrderPreview: true,
  supportModifyOrderPreview: true,
  supportLeverage: false,
  supportLeverageButton: false,
  supportTrackLatency: true,
  supportLogout: true,
  supportDigitalSignature: false,
  supportCryptoExchangeOrderTicket: false,
  showQuantityInsteadOfAmount: false,
  supportDisplayBrokerNameInSymbolSearch: true,
};

/** `/mapping`: our instrument to TradingView's `EXCHANGE:SYMBOL`. */
export const mappingOf = (symbols: ReadonlyMap<string, string>): MappingAnswer => ({
  symbols: [...symbols].map(([instrument, symbol]) => ({ f: [instrument], s: symbol })),
  fields: ['brokerSymbol'],
});
