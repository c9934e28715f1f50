import { z } from 'zod';
import { OrderDialog } from './account.ts';
import { successOf, Num } from './envelope.ts';

/** Kinds of instruments that are not deprecated; what they are traded as is in `typespecs`. */
export const TvSymbolType = z.enum(['stock', 'index', 'forex', 'commodity', 'spot']);
export type TvSymbolType = z.output<typeof TvSymbolType>;

/** Quantities are units, never lots: `lotSize` is never sent. Pip values are account currency for one unit. */
export const TvInstrument = z.strictObject({
  name: z.string(),
  description: z.string(),
  minQty: z.number().positive(),
  maxQty: z.number().positive(),
  qtyStep: z.number().positive(),
  pipSize: z.number().positive(),
  pipValue: z.number().positive(),
  minTick: z.number().positive(),
  marginRate: z.number().min(0),
  units: z.string().optional(),
  baseCurrency: z.string().optional(),
  quoteCurrency: z.string().optional(),
  type: TvSymbolType,
  /** Comma-separated: `cfd`, `crypto,cfd`. */
  typespecs: z.string().optional(),
  ui: OrderDialog.optional(),
});
export type TvInstrument = z.output<typeof TvInstrument>;

/** `GET /instruments`. */
export const InstrumentsAnswer = successOf(z.array(TvInstrument));

export const TvQuote = z.strictObject({
  /** `error`: the prices are old, and what the market is now is not known. */
  s: z.enum(['ok', 'error']),
  /** As requested. */
  n: z.string(),
  v: z.strictObject({
    ask: Num,
    bid: Num,
    buyPipValue: Num.optional(),
    sellPipValue: Num.optional(),
    /** No position may be opened by selling. */
    notShortable: z.boolean().optional(),
    halted: z.boolean().optional(),
  }),
});
export type TvQuote = z.output<typeof TvQuote>;

/** `GET /quotes` and, without the envelope, `/stream/quotes`. */
export const QuotesMessage = z.array(TvQuote).min(1);
export const QuotesAnswer = successOf(QuotesMessage);

const Level = z.tuple([z.number().positive(), z.number().positive()]);
const ascending = (levels: readonly (readonly [number, number])[]): boolean =>
  levels.every(([price], index) => index === 0 || price > (levels[index - 1]?.[0] ?? 0));
const Levels = z.array(Level).refine(ascending, 'must be sorted by price, ascending');

/** `GET /depth`: price and volume in units; both sides by ascending price. */
export const DepthAnswer = successOf(z.strictObject({ asks: Levels, bids: Levels }));
export type TvDepth = z.output<typeof DepthAnswer>['d'];

/** `GET /mapping`: no envelope, no authentication. */
export const MappingAnswer = z.strictObject({
  symbols: z.array(z.strictObject({ f: z.tuple([z.string()]), s: z.string().regex(/^[^:\s]+:[^:\s]+$/) })),
  fields: z.tuple([z.literal('brokerSymbol')]),
});
export type MappingAnswer = z.output<typeof MappingAnswer>;
