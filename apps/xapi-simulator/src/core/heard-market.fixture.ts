import { ConversionRates } from '@core/contracts/market/conversion';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { PricedMarket } from '@core/contracts/market/valuation';
import { present } from '@core/kernel/present';
import { translateSymbol } from '@core/xapi/translate/symbol';
import { translateListedPrice } from '@core/xapi/translate/tick';
import { recordEncoderOf } from '@core/xapi/wire/encode';
import { SymbolRecord } from '@core/xapi/wire/market-record';
import type { Market } from './market.ts';
import { symbolRecord } from './symbol-record.ts';

const encodeSymbol = recordEncoderOf(SymbolRecord);

export interface HeardMarket extends PricedMarket {
  readonly specOf: (symbol: string) => InstrumentSpec;
}

/** What a connector tells of this market, by way of the broker's own records. */
export function heard(market: Market): HeardMarket {
  const records = [...market.all()].map((quote): unknown => JSON.parse(encodeSymbol(symbolRecord(quote))));
  const specs = new Map(records.map(specOf).map((spec) => [spec.instrument, spec]));
  const quotes = new Map(
    records.flatMap((record) => translateListedPrice(record) ?? []).map((each) => [each.instrument, each]),
  );
  const quote: PricedMarket['quote'] = (symbol) => quotes.get(symbol) ?? null;
  return {
    rates: new ConversionRates(specs.values(), quote),
    quote,
    specOf: (symbol) => present(specs.get(symbol), symbol),
  };
}

function specOf(record: unknown): InstrumentSpec {
  const spec = translateSymbol('sim', record);
  if (!spec.ok) throw new Error(spec.error);
  return spec.value;
}
