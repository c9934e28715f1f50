import type { AccountFigures } from '@core/execution/report';
import { fromNumber } from '@core/kernel/decimal';
import { err, ok, type Result } from '@core/kernel/result';
import { z } from 'zod';
import { MarginLevel, StreamingBalanceRecord } from '../wire/account-record.ts';

const common = { balance: true, credit: true, equity: true, margin: true } as const;
const Streamed = StreamingBalanceRecord.pick({ ...common, marginFree: true, marginLevel: true });
const Asked = MarginLevel.pick({ ...common, margin_free: true, margin_level: true });

/** The data of a `balance` frame (seed §6.1). */
export function translateStreamedBalance(data: unknown): Result<AccountFigures, string> {
  const record = Streamed.safeParse(data);
  if (!record.success) return err(z.prettifyError(record.error));
  return ok(figuresOf(record.data, record.data.marginFree, record.data.marginLevel));
}

/** The answer of `getMarginLevel` (seed §5.8). */
export function translateMarginLevel(data: unknown): Result<AccountFigures, string> {
  const record = Asked.safeParse(data);
  if (!record.success) return err(z.prettifyError(record.error));
  return ok(figuresOf(record.data, record.data.margin_free, record.data.margin_level));
}

const figuresOf = (
  { balance, credit, equity, margin }: Record<keyof typeof common, number>,
  marginFree: number,
  marginLevel: number,
): AccountFigures => ({
  balance: fromNumber(balance),
  credit: fromNumber(credit),
  equity: fromNumber(equity),
  margin: fromNumber(margin),
  marginFree: fromNumber(marginFree),
  marginLevel: fromNumber(marginLevel),
});
