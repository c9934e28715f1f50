import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { z } from 'zod';
import { RunningSimulator } from '../running.ts';
import type { ActionName } from './actions.ts';
import { performers } from './perform.ts';
import { clockView, priceView } from './views.ts';

/** A day of ticks is worked off in seconds; more at once would block everyone. */
export const Advance = z.strictObject({ ms: z.int().min(0).max(86_400_000) });

/** Prices and time. */
@Controller('control')
export class PricesController {
  constructor(private readonly running: RunningSimulator) {}

  @Get('prices')
  prices() {
    return [...this.running.simulator.market.all()].map(priceView);
  }

  @Put('prices/:symbol')
  set(@Param('symbol') symbol: string, @Body() body: object) {
    return this.perform('setPrice', { ...body, symbol });
  }

  @Post('prices/:symbol/move')
  @HttpCode(200)
  move(@Param('symbol') symbol: string, @Body() body: object) {
    return this.perform('movePrice', { ...body, symbol });
  }

  @Post('prices/:symbol/hold')
  @HttpCode(200)
  hold(@Param('symbol') symbol: string, @Body() body: object) {
    return this.perform('holdPrice', { ...body, symbol });
  }

  @Post('prices/:symbol/burst')
  @HttpCode(200)
  burst(@Param('symbol') symbol: string, @Body() body: object) {
    return this.perform('tickBurst', { ...body, symbol });
  }

  @Post('news')
  news(@Body() body: unknown) {
    return this.perform('news', body);
  }

  @Get('clock')
  clock() {
    return clockView(this.running.simulator);
  }

  @Post('clock/advance')
  @HttpCode(200)
  advance(@Body() body: unknown) {
    this.running.driver.skip(Advance.parse(body).ms);
    return clockView(this.running.simulator);
  }

  private perform(name: ActionName, input: unknown) {
    const { driver, control, simulator } = this.running;
    driver.act(() => performers[name](control, input));
    return { done: true, now: simulator.broker.time };
  }
}
