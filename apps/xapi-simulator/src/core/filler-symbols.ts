import { recordEncoderOf } from '@core/xapi/wire/encode';
import { SymbolRecord } from '@core/xapi/wire/market-record';
import type { SimulatedInstrument } from './instrument.ts';
import { symbolRecord } from './symbol-record.ts';

const encode = recordEncoderOf(SymbolRecord);

/** The last answer: it is asked for again and again, and megabytes take a second to write. */
let last: { readonly like: SimulatedInstrument; readonly count: number; readonly texts: readonly string[] } | null =
  null;

/**
 * Invented instruments that nobody trades, as JSON, for answers of several megabytes. They are like a real one, but
 * nothing ever moves them.
 */
export function fillerSymbols(like: SimulatedInstrument, count: number): readonly string[] {
  if (last?.like === like && last.count === count) return last.texts;
  const { startPrice: bid, spread } = like;
  const still = { bid, ask: bid + spread, high: bid, low: bid, timestamp: 0, askVolume: 0, bidVolume: 0, held: true };
  const record = symbolRecord({ instrument: like, ...still });
  const description = 'Nothing that could be traded: it is here to make the list long';
  const texts = Array.from({ length: count }, (_, index) =>
    encode({ ...record, symbol: `FILLER.${index}`, description }),
  );
  last = { like, count, texts };
  return texts;
}
