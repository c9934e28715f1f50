import {
  anyOf,
  closed,
  filled,
  flag,
  list,
  notNegative,
  number,
  oneOf,
  open,
  positive,
  seconds,
  text,
} from './shapes.ts';

const side = oneOf('buy', 'sell');
const message = closed({ text, type: oneOf('information', 'warning', 'error') });
const customFields = list(closed({ id: text, value: text }), 1);

const orderIn = (...statuses: readonly string[]) =>
  open(
    {
      id: filled,
      instrument: text,
      qty: notNegative,
      side,
      type: oneOf('market', 'stop', 'limit', 'stoplimit'),
      status: oneOf(...statuses),
    },
    {
      filledQty: notNegative,
      avgPrice: number,
      limitPrice: number,
      stopPrice: number,
      trailingStopPips: number,
      isTrailingStop: flag,
      isGuaranteedStop: flag,
      parentId: filled,
      parentType: oneOf('order', 'position'),
      duration: open({ type: text }, { datetime: seconds }),
      lastModified: seconds,
      customFields,
      message,
    },
  );

const FINAL = ['rejected', 'filled', 'cancelled'] as const;
export const orders = list(orderIn('placing', 'inactive', 'working', ...FINAL));
export const finalOrders = list(orderIn(...FINAL));

const position = closed(
  { id: filled, instrument: text, qty: notNegative, side, avgPrice: number },
  { unrealizedPl: number, message, customFields },
);
const netPosition = open(
  { id: filled, instrument: text, qty: number },
  { longQty: notNegative, shortQty: notNegative, avgPrice: number, customFields, message },
);
const individualPosition = open(
  { id: filled, instrument: text, date: { type: 'string', pattern: '^\\d+$' }, qty: number, side, price: number },
  { unrealizedPl: number, customFields, message },
);
const endedPosition = open({ id: filled, qty: { const: 0 } });

export const positions = list(position);
export const netPositions = list(netPosition);
export const individualPositions = list(individualPosition);
/** In a stream a position that was closed is its id and a quantity of 0. */
export const positionChanges = list(anyOf(position, endedPosition));
export const netPositionChanges = list(anyOf(netPosition, endedPosition));
export const individualPositionChanges = list(anyOf(individualPosition, endedPosition));

export const executions = list(
  closed(
    { id: filled, instrument: text, price: number, time: seconds, qty: positive, side, orderId: filled, isClose: flag },
    { positionId: filled, commission: number },
  ),
);

export const placed = closed({}, { orderId: filled, transactionId: text });
/** What a change answers: its envelope may end after `s`. */
export const changedSchema = closed({ s: oneOf('ok') }, { d: closed({}, { transactionId: text }) });

export const preview = closed(
  { sections: list(closed({ rows: list(closed({ title: text, value: text })) }, { header: text })) },
  { confirmId: filled, warnings: list(text), errors: list(text) },
);

export const leverage = closed({ title: text, leverage: number, min: number, max: number, step: number });
export const acceptedLeverage = closed({ leverage: number });
export const leveragePreview = closed({}, { infos: list(text, 1), warnings: list(text, 1), errors: list(text, 1) });
