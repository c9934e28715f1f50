// The protocol document's own tables, as facts: field, type, and `?` where it (or recorded traffic) allows null.
// Written apart from the schemas, so that a field which both writer and schema forgot is missed here.

export const documentedFields = {
  SYMBOL_RECORD: `
    ask:floating bid:floating categoryName:string contractSize:number currency:string currencyPair:boolean
    currencyProfit:string description:string expiration:time? groupName:string high:floating initialMargin:number
    instantMaxVolume:number leverage:floating longOnly:boolean lotMax:floating lotMin:floating lotStep:floating
    low:floating marginHedged:number marginHedgedStrong:boolean marginMaintenance:number? marginMode:number
    percentage:floating pipsPrecision:number precision:number profitMode:number quoteId:number shortSelling:boolean
    spreadRaw:floating spreadTable:floating starting:time? stepRuleId:number stopsLevel:number
    swap_rollover3days:number swapEnable:boolean swapLong:floating swapShort:floating swapType:number symbol:string
    tickSize:floating? tickValue:floating? time:time timeString:string trailingEnabled:boolean type:number
  `,
  CALENDAR_RECORD: `
    country:string current:string forecast:string impact:string period:string previous:string time:time title:string
  `,
  getChartLastRequest: 'digits:number rateInfos:array',
  RATE_INFO_RECORD: `
    close:floating ctm:time ctmString:string high:floating low:floating open:floating vol:floating
  `,
  getChartRangeRequest: 'digits:number rateInfos:array',
  getCommissionDef: 'commission:floating? rateOfExchange:floating?',
  getCurrentUserData: `
    companyUnit:number currency:string group:string ibAccount:boolean leverage:number leverageMultiplier:floating
    spreadType:string? trailingStop:boolean
  `,
  IB_RECORD: `
    closePrice:floating? login:string? nominal:floating? openPrice:floating? side:number? surname:string?
    symbol:string? timestamp:time? volume:floating?
  `,
  getMarginLevel: `
    balance:floating credit:floating currency:string equity:floating margin:floating margin_free:floating
    margin_level:floating
  `,
  getMarginTrade: 'margin:floating',
  NEWS_TOPIC_RECORD: 'body:string bodylen:number key:string time:time timeString:string title:string',
  getProfitCalculation: 'profit:floating',
  getServerTime: 'time:time timeString:string',
  STEP_RULE_RECORD: 'id:number name:string steps:array',
  STEP_RECORD: 'fromValue:floating step:floating',
  getTickPrices: 'quotations:array',
  TICK_RECORD: `
    ask:floating askVolume:number? bid:floating bidVolume:number? high:floating level:number low:floating
    spreadRaw:floating spreadTable:floating symbol:string timestamp:time
  `,
  TRADE_RECORD: `
    close_price:floating close_time:time? close_timeString:string? closed:boolean cmd:number comment:string?
    commission:floating? customComment:string? digits:number expiration:time? expirationString:string?
    margin_rate:floating offset:number open_price:floating open_time:time open_timeString:string order:number
    order2:number position:number profit:floating sl:floating storage:floating symbol:string? timestamp:time
    tp:floating volume:floating
  `,
  TRADING_HOURS_RECORD: 'quotes:array symbol:string trading:array',
  QUOTES_RECORD: 'day:number fromT:time toT:time',
  TRADING_RECORD: 'day:number fromT:time toT:time',
  getVersion: 'version:string',
  tradeTransaction: 'order:number',
  tradeTransactionStatus: `
    ask:floating bid:floating customComment:string? message:string? order:number requestStatus:number
  `,
  STREAMING_BALANCE_RECORD: `
    balance:floating credit:floating equity:floating margin:floating marginFree:floating marginLevel:floating
  `,
  STREAMING_CANDLE_RECORD: `
    close:floating ctm:time ctmString:string high:floating low:floating open:floating quoteId:number symbol:string
    vol:floating
  `,
  STREAMING_KEEP_ALIVE_RECORD: 'timestamp:time',
  STREAMING_NEWS_RECORD: 'body:string key:string time:time title:string',
  STREAMING_PROFIT_RECORD: 'order:number order2:number position:number profit:floating',
  STREAMING_TICK_RECORD: `
    ask:floating askVolume:number? bid:floating bidVolume:number? high:floating level:number low:floating
    quoteId:number spreadRaw:floating spreadTable:floating symbol:string timestamp:time
  `,
  STREAMING_TRADE_RECORD: `
    close_price:floating close_time:time? closed:boolean cmd:number comment:string? commission:floating?
    customComment:string? digits:number expiration:time? margin_rate:floating offset:number open_price:floating
    open_time:time order:number order2:number position:number profit:floating? sl:floating state:string
    storage:floating symbol:string? tp:floating type:number volume:floating
  `,
  STREAMING_TRADE_STATUS_RECORD: `
    customComment:string? message:string? order:number price:floating requestStatus:number
  `,
} as const;

export type DocumentedRecord = keyof typeof documentedFields;
