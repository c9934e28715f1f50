/** What a broker's answers say, as far as checks read it; that they have this form is the schemas' to find. */
export interface BrokerAccount {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly config: Readonly<Record<string, boolean | undefined>>;
  readonly ui?: Tables;
}

interface Named {
  readonly id: string;
}

export interface Tables {
  readonly accountSummaryRow?: readonly Named[];
  readonly accountManager?: readonly { readonly id: string; readonly columns: readonly Named[] }[];
}

interface BrokerDuration extends Named {
  readonly default?: boolean;
}

export interface BrokerConfig extends Tables {
  readonly durations?: readonly BrokerDuration[];
  readonly pullingInterval?: Readonly<Record<string, number | undefined>>;
}

export interface BrokerInstrument {
  readonly name: string;
  readonly minTick: number;
  readonly pipSize: number;
  readonly minQty?: number;
  readonly maxQty?: number;
  readonly qtyStep?: number;
  readonly hasQuotes?: boolean;
}

export interface SymbolMap {
  readonly symbols: readonly { readonly f: readonly string[]; readonly s: string }[];
}

export interface BrokerQuote {
  readonly s?: string;
  readonly n: string;
  readonly v: {
    readonly ask: number;
    readonly bid: number;
    readonly halted?: boolean;
    readonly notShortable?: boolean;
  };
}

export interface BrokerOrder {
  readonly id: string;
  readonly instrument: string;
  readonly qty: number;
  readonly side: string;
  readonly type: string;
  readonly status: string;
  readonly filledQty?: number;
  readonly avgPrice?: number;
  readonly limitPrice?: number;
  readonly stopPrice?: number;
  readonly trailingStopPips?: number;
  readonly isTrailingStop?: boolean;
  readonly parentId?: string;
  readonly parentType?: string;
  readonly message?: { readonly text: string };
}

export interface BrokerPosition {
  readonly id: string;
  readonly instrument: string;
  readonly qty: number;
  readonly side: string;
  readonly avgPrice: number;
  readonly unrealizedPl?: number;
}

/** Positions of one instrument as one: more bought than sold is greater than 0. */
export interface BrokerNetPosition {
  readonly id: string;
  readonly instrument: string;
  readonly qty: number;
}

export interface BrokerState {
  readonly balance: number;
  readonly unrealizedPl: number;
  readonly equity?: number;
  readonly accountSummaryRowData?: readonly string[];
  readonly amData?: readonly (readonly (readonly string[])[])[];
}

export interface BrokerExecution {
  readonly id: string;
  readonly instrument: string;
  readonly price: number;
  readonly qty: number;
  readonly side: string;
  readonly orderId: string;
  readonly isClose: boolean;
}

export interface BarColumns {
  readonly t: readonly number[];
  readonly o: readonly number[];
  readonly h: readonly number[];
  readonly l: readonly number[];
  readonly c: readonly number[];
  readonly v: readonly number[];
}

/** `/symbol_info`: a column for each property. */
export type SymbolColumns = Readonly<Record<string, unknown>> & { readonly symbol: readonly string[] };

const DEFAULT_TRUE = [
  ...['Positions', 'ReversePosition', 'MarketOrders', 'LimitOrders', 'StopOrders', 'ModifyOrderPrice'],
  ...['EditAmount', 'ModifyBrackets', 'MarketBrackets', 'AddBracketsToExistingOrder', 'DOM', 'PLUpdate'],
  ...['LeverageButton', 'DisplayBrokerNameInSymbolSearch'],
];

/** Whether an account has what a flag stands for: `supports(account, 'Executions')`. */
export const supports = ({ config }: BrokerAccount, what: string): boolean =>
  config[`support${what}`] ?? DEFAULT_TRUE.includes(what);

const FINAL_STATUSES = ['filled', 'cancelled', 'rejected'];
export const isOver = ({ status }: BrokerOrder): boolean => FINAL_STATUSES.includes(status);
