import type { Instrument } from '@core/contracts/primitives';
import { Injectable } from '@nestjs/common';
import { SymbolSettings } from '../config.ts';

const ENTRY = /^([^=]{1,64})=([^:\s]+:[^:\s]+)$/;

/** Instruments under names of TradingView. Without any, all are offered under our own names. */
@Injectable()
export class SymbolMapping {
  readonly symbols: ReadonlyMap<Instrument, string>;

  constructor({ symbolMapping }: SymbolSettings) {
    this.symbols = new Map(symbolMapping.map(entryOf));
  }

  offers(instrument: Instrument): boolean {
    return this.symbols.size === 0 || this.symbols.has(instrument);
  }
}

function entryOf(text: string): [Instrument, string] {
  const [, instrument, symbol] = ENTRY.exec(text) ?? [];
  if (instrument === undefined || symbol === undefined) {
    throw new Error(`SYMBOL_MAPPING must be a list of INSTRUMENT=EXCHANGE:SYMBOL, not ${text}`);
  }
  return [instrument, symbol];
}
