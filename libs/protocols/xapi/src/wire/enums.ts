// Codes of the document's "Possible values" tables. Readers must let unknown codes pass: real servers send some.

/** What a trade does; also which kind of order or booking a trade record is. */
export const Cmd = {
  buy: 0,
  sell: 1,
  buyLimit: 2,
  sellLimit: 3,
  buyStop: 4,
  sellStop: 5,
  balance: 6,
  credit: 7,
} as const;

/** What `tradeTransaction` is asked to do; `open`, `pending` and `close` are also the kinds of streamed trade records. */
export const TransactionType = { open: 0, pending: 1, close: 2, modify: 3, delete: 4 } as const;

/** `accepted` means placed for a pending order, filled for a market order; the fill itself is in the trade records. */
export const RequestStatus = { error: 0, pending: 1, accepted: 3, rejected: 4 } as const;

/** `Deleted` ends a record of that type; only a record of type `close` says how a position ended. */
export const TradeState = { modified: 'Modified', deleted: 'Deleted' } as const;

export const QuoteId = { fixed: 1, float: 2, depth: 3, cross: 4 } as const;
export const MarginMode = { forex: 101, cfdLeveraged: 102, cfd: 103 } as const;
export const ProfitMode = { forex: 5, cfd: 6 } as const;

/** Of calendar entries; text on the wire. */
export const Impact = { low: '1', medium: '2', high: '3' } as const;

/** How `swapLong` and `swapShort` are meant. */
export const SwapType = { points: 0, currencyPerLot: 1, interest: 2, marginCurrency: 3 } as const;

/** Chart periods in minutes. */
export const Period = { M1: 1, M5: 5, M15: 15, M30: 30, H1: 60, H4: 240, D1: 1440, W1: 10080, MN1: 43200 } as const;
export type Period = (typeof Period)[keyof typeof Period];

/** Depth argument of `getTickPrices`; any number above 0 asks for that level alone. */
export const PriceLevel = { all: -1, base: 0 } as const;

export const isBuy = (cmd: number): boolean => cmd === Cmd.buy || cmd === Cmd.buyLimit || cmd === Cmd.buyStop;
export const isPendingCmd = (cmd: number): boolean => cmd >= Cmd.buyLimit && cmd <= Cmd.sellStop;
