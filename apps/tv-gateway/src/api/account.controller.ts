import { refusalText } from '@core/tradingview/translate/words';
import type { TvInstrument } from '@core/tradingview/wire/market';
import { Controller, Get, Header, Query, UseGuards } from '@nestjs/common';
import { SymbolMapping } from '../accounts/symbol-mapping.ts';
import type { TradedAccount } from '../accounts/traders.ts';
import { HistorySettings } from '../config.ts';
import { History } from '../history/history.ts';
import { OptionalNumberText, TextField } from '../http/fields.ts';
import { formPipe } from '../http/form.pipe.ts';
import { CurrentAccount, SessionGuard } from './session.guard.ts';
import { Refused } from '../refused.ts';
import { AccountViews } from '../views/account-views.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

class HistoryQuery {
  @OptionalNumberText('maxCount')
  readonly maxCount?: string;
}

class ExecutionsQuery extends HistoryQuery {
  @TextField('Instrument', 64)
  readonly instrument: string;
}

/** What an account shows. Orders, positions and state are polled several times a second and sent as prepared. */
@Controller('accounts/:accountId')
@UseGuards(SessionGuard)
export class AccountController {
  constructor(
    private readonly settings: HistorySettings,
    private readonly views: AccountViews,
    private readonly history: History,
    private readonly mapping: SymbolMapping,
  ) {}

  @Get('orders')
  @Header('content-type', JSON_TYPE)
  orders(@CurrentAccount() account: TradedAccount): Buffer {
    return this.views.of(account).orders();
  }

  @Get('positions')
  @Header('content-type', JSON_TYPE)
  positions(@CurrentAccount() account: TradedAccount): Buffer {
    return this.views.of(account).positions();
  }

  @Get('netPositions')
  @Header('content-type', JSON_TYPE)
  netPositions(@CurrentAccount() account: TradedAccount): Buffer {
    return this.views.of(account).netPositions();
  }

  @Get('individualPositions')
  @Header('content-type', JSON_TYPE)
  individualPositions(@CurrentAccount() account: TradedAccount): Buffer {
    return this.views.of(account).individualPositions();
  }

  @Get('balances')
  @Header('content-type', JSON_TYPE)
  balances(@CurrentAccount() account: TradedAccount): Buffer {
    return this.views.of(account).balances();
  }

  @Get('state')
  @Header('content-type', JSON_TYPE)
  state(@CurrentAccount() account: TradedAccount): Buffer {
    return this.views.of(account).state();
  }

  @Get('instruments')
  instruments(@CurrentAccount() account: TradedAccount): { s: 'ok'; d: TvInstrument[] } {
    const instruments = this.views.of(account).market.instruments();
    if (instruments === null) throw new Refused(refusalText('instruments-unavailable'));
    return { s: 'ok', d: instruments.filter(({ name }) => this.mapping.offers(name)) };
  }

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
