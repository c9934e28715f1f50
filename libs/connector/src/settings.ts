/** A venue's prices and instruments, as far as this process tells them to others. */
export interface MarketSettings {
  readonly quotesMs: number;
  readonly tickIntervalMs: number;
  readonly tickLevels: number;
  readonly tickInstrumentsMax: number;
  readonly instrumentsMs: number;
}

/** Candles and trading hours that are asked for. */
export interface QuestionSettings {
  readonly questionIntervalMs: number;
  readonly questionsMax: number;
  readonly candleBlock: number;
  readonly candleBlocksMax: number;
  readonly candleGatherMs: number;
  readonly candlesFreshMs: number;
  readonly candlesKeptMax: number;
  readonly hoursMs: number;
}
