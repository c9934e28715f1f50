import { MarketView } from '@core/bus/market-view';
import type { Decimal } from '@core/contracts/primitives';
import { toNumber } from '@core/kernel/decimal';
import type { Language } from '@core/kernel/language';
import { decodePositive, notPositive } from '@core/tradingview/decode/form';
import { fixedText, leverageOf, previewLeverage, translateLeverage } from '@core/tradingview/translate/leverage';
import type { TvLeverage, TvLeveragePreview } from '@core/tradingview/wire/leverage';
import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import type { TradedAccount } from '../accounts/traders.ts';
import { CallersLanguage } from '../http/callers-language.ts';
import { NumberText, OneOf, TextField } from '../http/fields.ts';
import { formPipe } from '../http/form.pipe.ts';
import { Refused } from '../refused.ts';
import { specOf } from '../trading/spec-of.ts';
import { CurrentAccount, SessionGuard } from './session.guard.ts';

export class LeverageForm {
  @TextField({ key: 'field.instrument' }, 64)
  readonly instrument: string;

  @OneOf({ key: 'field.side' }, 'buy', 'sell')
  readonly side: string;

  @OneOf({ key: 'field.orderType' }, 'market', 'stop', 'limit', 'stoplimit')
  readonly orderType: string;
}

export class WantedLeverageForm extends LeverageForm {
  @NumberText({ key: 'field.leverage' })
  readonly leverage: string;
}

/** The leverage of an order ticket. It is the broker's for each instrument, whatever the side and the type. */
@Controller('accounts/:accountId')
@UseGuards(SessionGuard)
export class LeverageController {
  constructor(private readonly market: MarketView) {}

  @Post('getLeverage')
  @HttpCode(200)
  get(
    @CurrentAccount() account: TradedAccount,
    @CallersLanguage() language: Language,
    @Body(formPipe) form: LeverageForm,
  ): { s: 'ok'; d: TvLeverage } {
    return { s: 'ok', d: translateLeverage(form.instrument, this.leverage(account, form), language) };
  }

  @Post('setLeverage')
  @HttpCode(200)
  set(
    @CurrentAccount() account: TradedAccount,
    @Body(formPipe) form: WantedLeverageForm,
  ): { s: 'ok'; d: { leverage: number } } {
    const leverage = this.leverage(account, form);
    if (wantedIn(form) !== leverage) throw new Refused(fixedText(form.instrument, leverage));
    return { s: 'ok', d: { leverage: toNumber(leverage) } };
  }

  @Post('previewLeverage')
  @HttpCode(200)
  preview(
    @CurrentAccount() account: TradedAccount,
    @CallersLanguage() language: Language,
    @Body(formPipe) form: WantedLeverageForm,
  ): { s: 'ok'; d: TvLeveragePreview } {
    const offered = { leverage: this.leverage(account, form), wanted: wantedIn(form) };
    return { s: 'ok', d: previewLeverage(form.instrument, offered, language) };
  }

  private leverage(account: TradedAccount, { instrument }: LeverageForm): Decimal {
    const leverage = leverageOf(specOf(this.market, account, instrument));
    if (leverage === null) throw new Refused({ key: 'leverage.none', values: { instrument } });
    return leverage;
  }
}

function wantedIn({ leverage }: WantedLeverageForm): Decimal {
  const wanted = decodePositive({ key: 'field.leverage' }, leverage);
  if (!wanted.ok) throw new Refused(wanted.error);
  if (wanted.value === null) throw new Refused(notPositive({ key: 'field.leverage' }));
  return wanted.value;
}
