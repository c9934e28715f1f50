import type { Language } from '@core/kernel/language';
import { withNote } from '@core/tradingview/translate/order';
import type { TvOrder } from '@core/tradingview/wire/order';
import { Controller, Get, Header, Query, UseGuards } from '@nestjs/common';
import type { TradedAccount } from '../accounts/traders.ts';
import { HistorySettings } from '../config.ts';
import { History, type EndedOrder } from '../history/history.ts';
import { CallersLanguage } from '../http/callers-language.ts';
import { OptionalNumberText, TextField } from '../http/fields.ts';
import { formPipe } from '../http/form.pipe.ts';
import { CurrentAccount, SessionGuard } from './session.guard.ts';
import { Refused } from '../refused.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

export class HistoryQuery {
  @OptionalNumberText('maxCount')
  readonly maxCount?: string;
}

export class ExecutionsQuery extends HistoryQuery {
  @TextField({ key: 'field.instrument' }, 64)
  readonly instrument: string;
}

/** What became of an account's orders, from before this session too. */
@Controller('accounts/:accountId')
@UseGuards(SessionGuard)
export class AccountController {
  constructor(
    private readonly settings: HistorySettings,
    private readonly history: History,
  ) {}

  @Get('ordersHistory')
  @Header('content-type', JSON_TYPE)
  async ordersHistory(
    @CurrentAccount() account: TradedAccount,
    @CallersLanguage() language: Language,
    @Query(formPipe) query: HistoryQuery,
  ): Promise<Buffer> {
    const orders = await this.history.orders(account.id, this.rowsMax(query));
    return listOf(orders.map((order) => jsonOf(order, language)));
  }

  @Get('executions')
  @Header('content-type', JSON_TYPE)
  async executions(@CurrentAccount() account: TradedAccount, @Query(formPipe) query: ExecutionsQuery): Promise<Buffer> {
    return listOf(await this.history.executions(account.id, query.instrument, this.rowsMax(query)));
  }

  private rowsMax({ maxCount }: HistoryQuery): number {
    const asked = maxCount === undefined || maxCount === '' ? this.settings.max : Number(maxCount);
    if (!Number.isInteger(asked) || asked < 1) throw new Refused({ key: 'form.whole', values: { field: 'maxCount' } });
    return Math.min(asked, this.settings.max);
  }
}

/** Most orders ended without a note, and their text is the answer's. */
const jsonOf = ({ json, note }: EndedOrder, language: Language): string =>
  note === null ? json : JSON.stringify(withNote(JSON.parse(json) as TvOrder, note, language));

const listOf = (rows: readonly string[]): Buffer => Buffer.from(`{"s":"ok","d":[${rows.join(',')}]}`);
