import type { BrokerBook } from '@core/projections/broker-book/state';
import { toMs } from '@core/kernel/instant';
import type { Result } from '@core/kernel/result';
import type { BrokerSnapshot } from '@core/execution/report';
import { translateMarginLevel } from '@core/xapi/translate/balance';
import { translateTrades } from '@core/xapi/translate/trade';
import { UnreadableAnswer } from '../broker-failure.ts';
import type { MainConnection } from '../../../../apps/xapi-connector/src/transport/main-connection.ts';

/** Asks for everything that reconciliation compares; rejects with `QuestionRefused`, `NoAnswer`, `NoTurn`, `UnreadableAnswer`. */
export async function readBroker(main: MainConnection, historyStartMs: number): Promise<BrokerSnapshot> {
  const askedMs = performance.now();
  const trades = await main.ask('getTrades', { openedOnly: false });
  const history = await main.ask('getTradesHistory', { start: historyStartMs, end: 0 });
  const money = valueOf(translateMarginLevel(await main.ask('getMarginLevel', {})));
  return { askedMs, ...valueOf(translateTrades(trades, history)), money };
}

/** From when on the history can hold something that the book does not: 0 asks for all the broker keeps at hand. */
export function historyStart(book: BrokerBook, isSearching: boolean, marginMs: number): number {
  if (isSearching) return 0;
  const sent = Object.values(book.requests).flatMap(({ dispatchedAt }) => dispatchedAt ?? []);
  const from = [...sent, book.lastDealAt ?? book.since].filter((instant) => instant !== null).sort()[0];
  return from === undefined ? 0 : Math.max(1, toMs(from) - marginMs);
}

function valueOf<Value>(result: Result<Value, string>): Value {
  if (!result.ok) throw new UnreadableAnswer(result.error);
  return result.value;
}
