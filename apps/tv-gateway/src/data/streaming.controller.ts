import { Controller, Get, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { DataReader } from './data-logins.ts';
import { CurrentReader, DataGuard } from './data.guard.ts';
import { OfferedSymbols } from './offered-symbols.ts';
import { PriceStreams } from './price-streams.ts';

/** Prices as they change, for as long as the reader wants (document, `streaming`). */
@Controller()
@UseGuards(DataGuard)
export class StreamingController {
  constructor(
    private readonly symbols: OfferedSymbols,
    private readonly streams: PriceStreams,
  ) {}

  @Get('streaming')
  async streaming(@CurrentReader() reader: DataReader, @Res() reply: FastifyReply): Promise<void> {
    await this.symbols.all();
    await reply
      .header('content-type', 'application/json; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(this.streams.open(reader));
  }
}
