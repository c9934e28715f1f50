import { Body, Controller, Delete, Get, HttpCode, Param, ParseIntPipe, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { RunningSimulator } from '../running.ts';
import type { ActionName } from './actions.ts';
import { performers } from './perform.ts';
import { accountView, journalView, orderView, positionView } from './views.ts';

export const JournalQuery = z.object({
  userId: z.string().max(64).optional(),
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(10_000).default(1_000),
});

/** Accounts and what stands in them, as seen and changed by a human at the broker. */
@Controller('control')
export class AccountsController {
  constructor(private readonly running: RunningSimulator) {}

  @Get('accounts')
  accounts() {
    const { simulator } = this.running;
    return [...simulator.broker.accounts.values()].map((account) => accountView(simulator, account));
  }

  @Post('accounts')
  addAccount(@Body() body: unknown) {
    return this.perform('addAccount', body);
  }

  @Get('positions')
  positions(@Query('userId') userId?: string) {
    const { broker, market } = this.running.simulator;
    return [...broker.accounts.values()]
      .filter((account) => userId === undefined || account.userId === userId)
      .flatMap((account) => [...account.positions.values()].map((each) => positionView(market, account, each)));
  }

  @Post('accounts/:userId/positions')
  open(@Param('userId') userId: string, @Body() body: object) {
    return this.perform('openPosition', { ...body, userId }, 'position');
  }

  @Post('positions/:position/hit')
  @HttpCode(200)
  hit(@Param('position', ParseIntPipe) position: number, @Body() body: object) {
    return this.perform('hit', { ...body, position });
  }

  @Post('positions/:position/close')
  @HttpCode(200)
  close(@Param('position', ParseIntPipe) position: number, @Body() body?: object) {
    return this.perform('closePosition', { ...body, position });
  }

  @Post('positions/:position/modify')
  @HttpCode(200)
  modify(@Param('position', ParseIntPipe) position: number, @Body() body: object) {
    return this.perform('modifyPosition', { ...body, position });
  }

  @Get('orders')
  orders(@Query('userId') userId?: string) {
    const { broker, market } = this.running.simulator;
    return [...broker.accounts.values()]
      .filter((account) => userId === undefined || account.userId === userId)
      .flatMap(({ pendings }) => [...pendings.values()].map((each) => orderView(market, each)));
  }

  @Post('accounts/:userId/orders')
  place(@Param('userId') userId: string, @Body() body: object) {
    return this.perform('placeOrder', { ...body, userId }, 'order');
  }

  @Delete('orders/:order')
  cancel(@Param('order', ParseIntPipe) order: number) {
    return this.perform('cancelOrder', { order });
  }

  @Post('accounts/:userId/cash')
  cash(@Param('userId') userId: string, @Body() body: object) {
    return this.perform('cash', { ...body, userId }, 'order');
  }

  @Post('accounts/:userId/resync')
  @HttpCode(200)
  resync(@Param('userId') userId: string) {
    return this.perform('resync', { userId });
  }

  @Post('accounts/:userId/login')
  @HttpCode(200)
  login(@Param('userId') userId: string, @Body() body: object) {
    return this.perform('loginDisabled', { ...body, userId });
  }

  @Post('accounts/:userId/session')
  @HttpCode(200)
  session(@Param('userId') userId: string, @Body() body: object) {
    return this.perform('endSession', { ...body, userId }, 'ended');
  }

  /** Every tradeTransaction that reached the broker. */
  @Get('journal')
  journal(@Query() query: unknown) {
    const { userId, after, limit } = JournalQuery.parse(query);
    const { simulator } = this.running;
    return simulator.journal.after(after, userId ?? null, limit).map((entry) => journalView(simulator, entry));
  }

  @Post('rollover')
  @HttpCode(200)
  rollover(@Body() body?: object) {
    return this.perform('rollover', { ...body });
  }

  private perform(name: ActionName, input: unknown, result = 'done') {
    const { driver, control } = this.running;
    return { [result]: driver.act(() => performers[name](control, input)) ?? true };
  }
}
