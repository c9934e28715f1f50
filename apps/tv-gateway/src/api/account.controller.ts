import { Controller, Get, Header, Query, UseGuards } from '@nestjs/common';
import type { TradedAccount } from '../accounts/traders.ts';
import { HistorySettings } from '../config.ts';
import { History } from '../history/history.ts';
import { OptionalNumberText, TextField } from '../http/fields.ts';
import { formPipe } from '../http/form.pipe.ts';
import { CurrentAccount, SessionGuard } from './session.guard.ts';
import { Refused } from '../refused.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

class HistoryQuery {
  @OptionalNumberText('maxCount')
  readonly maxCount?: string;
}

class ExecutionsQuery extends HistoryQuery {
  @TextField('Instrument', 64)
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
  async ordersHistory(@CurrentAccount() account: TradedAccount, @Query(formPipe) query: HistoryQuery): Promise<Buffer> {
    return listOf(await this.history.orders(account.id, this.rowsMax(query)));
  }

  @Get('executions')
  @Header('content-type', JSON_TYPE)
  async executions(@CurrentAccount() account: TradedAccount, @Query(formPipe) query: ExecutionsQuery): Promise<Buffer> {
    return listOf(await this.history.executions(account.id, query.instrument, this.rowsMax(query)));
  }

  private rowsMax({ maxCount }: HistoryQuery): number {
    const asked = maxCount === undefined || maxCount === '' ? this.settings.max : Number(maxCount);
    if (!Number.isInteger(asked) || asked < 1) throw new Refused('maxCount must be a whole number greater than zero.');
    return Math.min(asked, this.settings.max);
  }
}

const listOf = (rows: readonly string[]): Buffer => Buffer.from(`{"s":"ok","d":[${rows.join(',')}]}`);
