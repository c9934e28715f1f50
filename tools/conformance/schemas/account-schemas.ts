import { closed, filled, flag, list, number, ok, oneOf, text, type JsonSchema } from './shapes.ts';

const column = closed(
  { id: text, title: text },
  { tooltip: text, alignment: oneOf('left', 'right'), isCapitalize: flag },
);
const columns = list(column, 1);
const durations = list(
  closed(
    { id: text, title: text },
    {
      hasDatePicker: flag,
      hasTimePicker: flag,
      default: flag,
      supportedOrderTypes: list(oneOf('market', 'stop', 'limit', 'stoplimit'), 1),
    },
  ),
  1,
);
const tables: Readonly<Record<string, JsonSchema>> = {
  accountSummaryRow: list(closed({ id: text, title: text }), 1),
  accountManager: list(closed({ id: text, columns }, { title: text }), 1),
  orderCustomFields: columns,
  orderHistoryCustomFields: columns,
  positionCustomFields: columns,
  netPositionCustomFields: columns,
  individualPositionCustomFields: columns,
};

const interval = (maximum: number): JsonSchema => ({ type: 'number', exclusiveMinimum: 0, maximum });

export const configSchema = ok(
  closed(
    {},
    {
      ...tables,
      durations,
      pullingInterval: closed(
        {},
        {
          quotes: interval(1_000),
          orders: interval(1_000),
          positions: interval(1_500),
          accountManager: interval(1_500),
          balances: interval(1_500),
        },
      ),
    },
  ),
);

const comboBox = closed(
  { id: text, title: text, items: list(closed({ text, value: text }), 1) },
  { saveToSettings: flag, mutable: flag, forceUserEnterInitialValue: flag },
);
const checkbox: JsonSchema = {
  type: 'object',
  properties: { id: text, title: text, saveToSettings: flag, help: text, checked: flag, mutable: flag },
  required: ['id', 'title'],
};
export const orderDialogCustomFields = closed({}, { comboBox: list(comboBox, 1), checkbox: list(checkbox) });

const FLAGS = [
  ...['Brackets', 'OrderBrackets', 'AddBracketsToExistingOrder', 'MarketBrackets', 'PositionBrackets', 'Positions'],
  ...['Multiposition', 'ClosePosition', 'PartialClosePosition', 'ReversePosition', 'NativeReversePosition'],
  ...['MarketOrders', 'LimitOrders', 'StopOrders', 'StopLimitOrders', 'TrailingStop', 'GuaranteedStop'],
  ...['StopOrdersInBothDirections', 'StopLimitOrdersInBothDirections', 'PartialOrderExecution', 'ModifyOrder'],
  ...['ModifyOrderPrice', 'EditAmount', 'ModifyBrackets', 'ModifyDuration', 'CryptoExchangeOrderTicket'],
  ...['DigitalSignature', 'PlaceOrderPreview', 'ModifyOrderPreview', 'Balances', 'OrdersHistory', 'Executions'],
  ...['Leverage', 'LeverageButton', 'DOM', 'Level2Data', 'PLUpdate', 'DisplayBrokerNameInSymbolSearch', 'Logout'],
  ...['CustomAccountSummaryRow', 'PositionCustomFields', 'OrderCustomFields', 'OrderHistoryCustomFields'],
  ...['TrackLatency', 'PositionNetting', 'IndividualPositionBrackets', 'PartialCloseIndividualPosition'],
  'StrictCheckingLimitOrderPrice',
].map((name) => `support${name}`);

export const accountsSchema = ok(
  list(
    closed(
      {
        id: filled,
        name: text,
        type: oneOf('live', 'demo'),
        config: closed({}, Object.fromEntries([...FLAGS, 'showQuantityInsteadOfAmount'].map((name) => [name, flag]))),
      },
      {
        currency: text,
        currencySign: text,
        ui: closed({}, { ...tables, orderDialogCustomFields }),
        durations,
        prefix: text,
        isVerified: flag,
      },
    ),
    1,
  ),
);

export const state = closed(
  { balance: number, unrealizedPl: number },
  {
    equity: number,
    marginAvailable: number,
    amData: list(list(list(text)), 1),
    accountSummaryRowData: list(text, 1),
  },
);

export const balancesSchema = ok(
  list(
    closed(
      { symbol: text, total: number, available: number },
      { longName: text, reserved: number, btcValue: number, value: number, valueCurrency: text },
    ),
  ),
);

export const authorizeSchema = ok(closed({ access_token: filled, expiration: number }));
