import { z } from 'zod';
import { successOf, Id } from './envelope.ts';

/** Every flag of the document that is not deprecated, each said explicitly: half of them default to true. */
export const TvAccountFlags = z.strictObject({
  supportOrderBrackets: z.boolean(),
  supportAddBracketsToExistingOrder: z.boolean(),
  supportMarketBrackets: z.boolean(),
  supportPositionBrackets: z.boolean(),
  supportPositions: z.boolean(),
  supportMultiposition: z.boolean(),
  supportClosePosition: z.boolean(),
  supportPartialClosePosition: z.boolean(),
  supportReversePosition: z.boolean(),
  supportNativeReversePosition: z.boolean(),
  supportMarketOrders: z.boolean(),
  supportLimitOrders: z.boolean(),
  supportStopOrders: z.boolean(),
  supportStopLimitOrders: z.boolean(),
  supportTrailingStop: z.boolean(),
  supportGuaranteedStop: z.boolean(),
  supportStopOrdersInBothDirections: z.boolean(),
  supportStopLimitOrdersInBothDirections: z.boolean(),
  supportPartialOrderExecution: z.boolean(),
  supportModifyOrderPrice: z.boolean(),
  supportEditAmount: z.boolean(),
  supportModifyBrackets: z.boolean(),
  supportModifyDuration: z.boolean(),
  supportCryptoExchangeOrderTicket: z.boolean(),
  supportDigitalSignature: z.boolean(),
  supportPlaceOrderPreview: z.boolean(),
  supportModifyOrderPreview: z.boolean(),
  showQuantityInsteadOfAmount: z.boolean(),
  supportBalances: z.boolean(),
  supportOrdersHistory: z.boolean(),
  supportExecutions: z.boolean(),
  supportLeverage: z.boolean(),
  supportLeverageButton: z.boolean(),
  supportDOM: z.boolean(),
  supportLevel2Data: z.boolean(),
  supportPLUpdate: z.boolean(),
  supportDisplayBrokerNameInSymbolSearch: z.boolean(),
  supportLogout: z.boolean(),
  supportCustomAccountSummaryRow: z.boolean(),
  supportPositionCustomFields: z.boolean(),
  supportOrderCustomFields: z.boolean(),
  supportOrderHistoryCustomFields: z.boolean(),
  supportTrackLatency: z.boolean(),
  supportPositionNetting: z.boolean(),
  supportIndividualPositionBrackets: z.boolean(),
  supportPartialCloseIndividualPosition: z.boolean(),
  supportStrictCheckingLimitOrderPrice: z.boolean(),
});
export type TvAccountFlags = z.output<typeof TvAccountFlags>;

const ComboBox = z.strictObject({
  id: z.string().min(1),
  title: z.string().min(1),
  saveToSettings: z.boolean(),
  mutable: z.boolean(),
  items: z.array(z.strictObject({ text: z.string().min(1), value: z.string().min(1) })).min(1),
});
/** A field that the order dialog has besides its own; what is chosen comes as a field of the form with its id. */
export type ComboBox = z.output<typeof ComboBox>;

/** What the order dialog has besides its own; an instrument's takes the place of its account's. */
export const OrderDialog = z.strictObject({
  orderDialogCustomFields: z.strictObject({ comboBox: z.array(ComboBox).min(1) }),
});

export const TvAccount = z.strictObject({
  id: Id,
  name: z.string().min(1),
  type: z.enum(['live', 'demo']),
  currency: z.string().optional(),
  config: TvAccountFlags,
  ui: OrderDialog,
});
export type TvAccount = z.output<typeof TvAccount>;

/** `GET /accounts`. */
export const AccountsAnswer = successOf(z.array(TvAccount).min(1));
