import { orderDialogCustomFields } from './account-schemas.ts';
import { closed, filled, flag, list, number, ok, oneOf, positive, text } from './shapes.ts';

export const symbolType = oneOf(
  ...['stock', 'dr', 'right', 'bond', 'warrant', 'structured', 'index', 'forex', 'futures', 'spot', 'swap'],
  ...['commodity', 'crypto', 'cfd'],
);

const rule = closed({
  id: oneOf('slPercent', 'tpPercent', 'limitPercent', 'stopPercent', 'gsPercent'),
  options: closed({ min: number, max: number }),
});

export const instrumentsSchema = ok(
  list(
    closed(
      {
        name: filled,
        description: text,
        pipSize: positive,
        pipValue: positive,
        minTick: positive,
        type: symbolType,
      },
      {
        minQty: number,
        maxQty: number,
        qtyStep: positive,
        lotSize: positive,
        baseCurrency: text,
        quoteCurrency: text,
        marginRate: number,
        hasQuotes: flag,
        units: text,
        variableMinTick: text,
        typespecs: text,
        ui: closed({}, { orderDialogCustomFields, validationRules: list(rule, 1) }),
      },
    ),
  ),
);

export const quotes = list(
  closed(
    {
      n: filled,
      v: closed(
        { ask: number, bid: number },
        { buyPipValue: number, sellPipValue: number, hardToBorrow: flag, notShortable: flag, halted: flag },
      ),
    },
    { s: oneOf('ok', 'error') },
  ),
  1,
);

const level = { type: 'array', items: number, minItems: 2, maxItems: 2 };
export const depth = closed({ asks: list(level), bids: list(level) });

/** The only answer without an envelope that is asked for once. */
export const mappingSchema = closed({
  symbols: list(closed({ f: { type: 'array', items: filled, minItems: 1, maxItems: 1 }, s: text })),
  fields: { type: 'array', items: { const: 'brokerSymbol' }, minItems: 1, maxItems: 1 },
});
