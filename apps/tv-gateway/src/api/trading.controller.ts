import type { Uuid } from '@core/contracts/primitives';
import type { Language } from '@core/kernel/language';
import type { TvPreview } from '@core/tradingview/wire/preview';
import { Body, Controller, Delete, HttpCode, Param, Post, Put, Query, UseGuards } from '@nestjs/common';
import type { TradedAccount } from '../accounts/traders.ts';
import { CallersLanguage } from '../http/callers-language.ts';
import { formPipe } from '../http/form.pipe.ts';
import { CurrentAccount } from './session.guard.ts';
import { OrderService } from '../trading/order-service.ts';
import { Latencies } from '../trading/latencies.ts';
import { TradingGuard, TradingRequest } from './trading.guard.ts';
import {
  ClosePositionForm,
  ConfirmationQuery,
  LatencyForm,
  ModifyOrderForm,
  PlaceOrderForm,
  PlaceOrderQuery,
  PositionForm,
  PreviewedOrderForm,
  RequestIdQuery,
} from './order.forms.ts';

interface Written {
  readonly s: 'ok';
  readonly d: { readonly transactionId: Uuid };
}

/** An individual position of an account that nets is the position it is where none are netted. */
const POSITION = ['positions/:positionId', 'individualPositions/:positionId'];

/** What an account's trader does. */
@Controller('accounts/:accountId')
@UseGuards(TradingGuard)
export class TradingController {
  constructor(
    private readonly orders: OrderService,
    private readonly latencies: Latencies,
  ) {}

  @Post('orders')
  @TradingRequest()
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
  @TradingRequest()
  async modify(
    @CurrentAccount() account: TradedAccount,
    @Param('orderId') orderId: string,
    @Body(formPipe) form: ModifyOrderForm,
    @Query(formPipe) { confirmId }: ConfirmationQuery,
  ): Promise<Written> {
    return written(await this.orders.modifyOrder(account, orderId, form, confirmId));
  }

  @Delete('orders/:orderId')
  @TradingRequest()
  async cancel(@CurrentAccount() account: TradedAccount, @Param('orderId') orderId: string): Promise<Written> {
    return written(await this.orders.cancelOrder(account, orderId));
  }

  @Put(POSITION)
  @TradingRequest()
  async protect(
    @CurrentAccount() account: TradedAccount,
    @Param('positionId') positionId: string,
    @Body(formPipe) form: PositionForm,
    @Query(formPipe) { requestId }: RequestIdQuery,
  ): Promise<Written> {
    const { side, ...protection } = form;
    return written(
      side === undefined
        ? await this.orders.modifyPosition(account, positionId, protection)
        : await this.orders.reversePosition(account, positionId, { ...protection, side }, requestId),
    );
  }

  @Delete(POSITION)
  @TradingRequest()
  async close(
    @CurrentAccount() account: TradedAccount,
    @Param('positionId') positionId: string,
    @Body(formPipe) { amount }: ClosePositionForm,
  ): Promise<Written> {
    return written(await this.orders.closePosition(account, positionId, amount));
  }

  @Delete('netPositions/:netPositionId')
  @TradingRequest()
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
