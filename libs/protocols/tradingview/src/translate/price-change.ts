import type { PriceChange } from '@core/contracts/market/tick';
import { toMs } from '@core/kernel/instant';
import { toNumber } from '@core/kernel/decimal';
import type { StreamingLine } from '../wire/feed.ts';

/** Where prices are quoted and nobody tells of deals, every change of the bid is one of size 1: volumes count ticks. */
const SIZE = 1;

/** A change of price as lines of `/streaming`: the quote, and the artificial trade that bars are made of. */
export function streamingLinesOf({ instrument: id, bid, ask, at, isTick }: PriceChange): StreamingLine[] {
  const t = Math.floor(toMs(at) / 1000);
  const price = toNumber(bid);
  return [
    { f: 'q', id, t, ap: toNumber(ask), as: SIZE, bp: price, bs: SIZE },
    ...(isTick ? [{ f: 't' as const, id, p: price, s: SIZE, t }] : []),
  ];
}
