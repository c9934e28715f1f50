import { MarketView } from '@core/bus/market-view';
import type { Decimal } from '@core/contracts/primitives';
import { toNumber } from '@core/kernel/decimal';
import { decodePositive } from '@core/tradingview/decode/form';
import { fixedText, leverageOf, previewLeverage, translateLeverage } from '@core/tradingview/translate/leverage';
import type { TvLeverage, TvLeveragePreview } from '@core/tradingview/wire/leverage';
import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import type { TradedAccount } from '../accounts/traders.ts';
import { NumberText, OneOf, TextField } from '../http/fields.ts';
import { formPipe } from '../http/form.pipe.ts';
import { Refused } from '../refused.ts';
import { specOf } from '../trading/spec-of.ts';
import { CurrentAccount, SessionGuard } from './session.guard.ts';

class LeverageForm {
  @TextField('Instrument', 64)
  readonly instrument: string;

  @OneOf('Side', 'buy', 'sell')
  readonly side: string;

  @OneOf('Order type', 'market', 'stop', 'limit', 'stoplimit')
  readonly orderType: string;
}

class WantedLeverageForm extends LeverageForm {
  @NumberText('Leverage')
  readonly leverage: string;
}

/** The leverage of an order ticket. It is the broker's for each instrument, whatever the side and the type. */
@Controller('accounts/:accountId')
@UseGuards(SessionGuard)
export class LeverageController {
  constructor(private readonly market: MarketView) {}

  @Post('getLeverage')
  @HttpCode(200)
  get(@CurrentAccount() account: TradedAccount, @Body(formPipe) form: LeverageForm): { s: 'ok'; d: TvLeverage } {
    return { s: 'ok', d: translateLeverage(form.instrument, this.leverage(account, form)) };
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
    @Body(formPipe) form: WantedLeverageForm,
  ): { s: 'ok'; d: TvLeveragePreview } {
    return { s: 'ok', d: previewLeverage(form.instrument, this.leverage(account, form), wantedIn(form)) };
  }

  private leverage(account: TradedAccount, { instrument }: LeverageForm): Decimal {
    const leverage = leverageOf(specOf(this.market, account, instrument));
    if (leverage === null) throw new Refused(`The broker asks for no margin in ${instrument}: it has no leverage.`);
    return leverage;
  }
}

function wantedIn({ leverage }: WantedLeverageForm): Decimal {
  const wanted = decodePositive('Leverage', leverage);
  if (!wanted.ok) throw new Refused(wanted.error);
  if (wanted.value === null) throw new Refused('Leverage must be a positive number.');
  return wanted.value;
}
