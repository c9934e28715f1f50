import type { Language } from '@core/kernel/language';
import type { TvAccountFlags } from '../wire/account.ts';
import type { TvConfig } from '../wire/config.ts';
import type { MappingAnswer } from '../wire/market.ts';
import { durationsIn } from './durations.ts';
import { netPositionColumns } from './net-position.ts';
import { positionColumns } from './position.ts';
import { accountManager, accountSummaryRow } from './state.ts';

/** Milliseconds; above the document's maxima TradingView takes those. */
export type PullingInterval = TvConfig['pullingInterval'];

/** `/config`: what every account of ours has in common. */
export const configOf = (pullingInterval: PullingInterval, language: Language): TvConfig => ({
  accountSummaryRow: accountSummaryRow(language),
  accountManager: accountManager(language),
  durations: durationsIn(language),
  positionCustomFields: positionColumns(language),
  netPositionCustomFields: netPositionColumns(language),
  individualPositionCustomFields: positionColumns(language),
  pullingInterval,
});

/**
 * What we serve, and nothing else. Every order opens a position of its own, so a position is reversed by us and not by an
 * opposite order.
 * A broker's pending order keeps its quantity for life, and its leverage is fixed: it is shown, and there is no button to
 * change it. The money of a margin account is no wallet of currencies, so that its balance stands in the state.
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
  supportTrailingStop: true,
  supportGuaranteedStop: false,
  supportStopOrdersInBothDirections: false,
  supportStopLimitOrdersInBothDirections: false,
  supportStrictCheckingLimitOrderPrice: true,

  supportPositions: true,
  supportMultiposition: true,
  supportClosePosition: true,
  supportPartialClosePosition: true,
  supportReversePosition: true,
  supportNativeReversePosition: true,
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
  supportLeverage: true,
  supportLeverageButton: false,
  supportTrackLatency: true,
  supportLogout: true,
  supportDigitalSignature: false,
  supportCryptoExchangeOrderTicket: false,
  showQuantityInsteadOfAmount: false,
  supportDisplayBrokerNameInSymbolSearch: true,
};

/**
 * Positions of one instrument as one, which is closed whole, with those it is made of beneath it; what can be done to a
 * single position is done there.
 */
export const nettingFlags: TvAccountFlags = {
  ...accountFlags,
  supportPositionNetting: true,
  supportIndividualPositionBrackets: true,
  supportPartialCloseIndividualPosition: true,
  supportMultiposition: false,
  supportReversePosition: false,
  supportNativeReversePosition: false,
  supportPositionBrackets: false,
  supportPartialClosePosition: false,
};

/** `/mapping`: our instrument to TradingView's `EXCHANGE:SYMBOL`. */
export const mappingOf = (symbols: ReadonlyMap<string, string>): MappingAnswer => ({
  symbols: [...symbols].map(([instrument, symbol]) => ({ f: [instrument], s: symbol })),
  fields: ['brokerSymbol'],
});
