import type { Uuid } from '@core/contracts/primitives';
import type { Language } from '@core/kernel/language';
import type { TvPreview } from '@core/tradingview/wire/preview';
import { Body, Controller, Delete, HttpCode, Param, Post, Put, Query, UseGuards } from '@nestjs/common';
import type { TradedAccount } from '../accounts/traders.ts';
import { CallersLanguage } from '../http/callers-language.ts';
import { formPipe } from '../http/form.pipe.ts';
import { CurrentAccount, SessionGuard } from './session.guard.ts';
import { TermsInBody } from './terms-in-body.guard.ts';
import { OrderService } from '../trading/order-service.ts';
import { Latencies } from '../trading/latencies.ts';
import {
  ClosePositionForm,
  ConfirmationQuery,
  LatencyForm,
  ModifyOrderForm,
  PlaceOrderForm,
  PlaceOrderQuery,
  PositionForm,
  PreviewedOrderForm,
} from './order.forms.ts';

interface Written {
  readonly s: 'ok';
  readonly d: { readonly transactionId: Uuid };
}

/** An individual position of an account that nets is the position it is where none are netted. */
const POSITION = ['positions/:positionId', 'individualPositions/:positionId'];

/** What an account's trader does. */
@Controller('accounts/:accountId')
@UseGuards(SessionGuard, TermsInBody)
export class TradingController {
  constructor(
    private readonly orders: OrderService,
    private readonly latencies: Latencies,
  ) {}

  @Post('orders')
  @HttpCode(200)
  async place(
    @CurrentAccount() account: TradedAccount,
    @Body(formPipe) form: PlaceOrderForm,
    @Query(formPipe) query: PlaceOrderQuery,
  ): Promise<{ s: 'ok'; d: { orderId: Uuid; transactionId: Uuid } }> {
    const orderId = await this.orders.place(account, form, query);
    return { s: 'ok', d: { orderId, transactionId: orderId } };
  }

  @Put('orders/:orderId')
  async modify(
    @CurrentAccount() account: TradedAccount,
    @Param('orderId') orderId: string,
    @Body(formPipe) form: ModifyOrderForm,
    @Query(formPipe) { confirmId }: ConfirmationQuery,
  ): Promise<Written> {
    return written(await this.orders.modifyOrder(account, orderId, form, confirmId));
  }

  @Delete('orders/:orderId')
  async cancel(@CurrentAccount() account: TradedAccount, @Param('orderId') orderId: string): Promise<Written> {
    return written(await this.orders.cancelOrder(account, orderId));
  }

  @Put(POSITION)
  async protect(
    @CurrentAccount() account: TradedAccount,
    @Param('positionId') positionId: string,
    @Body(formPipe) form: PositionForm,
  ): Promise<Written> {
    return written(await this.orders.modifyPosition(account, positionId, form));
  }

  @Delete(POSITION)
  async close(
    @CurrentAccount() account: TradedAccount,
    @Param('positionId') positionId: string,
    @Body(formPipe) { amount }: ClosePositionForm,
  ): Promise<Written> {
    return written(await this.orders.closePosition(account, positionId, amount));
  }

  @Delete('netPositions/:netPositionId')
  async closeNet(@CurrentAccount() account: TradedAccount, @Param('netPositionId') id: string): Promise<Written> {
    return written(await this.orders.closeNetPosition(account, id));
  }

  @Post('previewOrder')
  @HttpCode(200)
  async preview(
    @CurrentAccount() account: TradedAccount,
    @CallersLanguage() language: Language,
    @Body(formPipe) form: PreviewedOrderForm,
  ): Promise<{ s: 'ok'; d: TvPreview }> {
    return { s: 'ok', d: await this.orders.preview(account, form, language) };
  }

  @Post('trackLatency')
  @HttpCode(200)
  trackLatency(@CurrentAccount() _account: TradedAccount, @Body(formPipe) form: LatencyForm): { s: 'ok' } {
    this.latencies.record(form);
    return { s: 'ok' };
  }
}

const written = (transactionId: Uuid): Written => ({ s: 'ok', d: { transactionId } });
