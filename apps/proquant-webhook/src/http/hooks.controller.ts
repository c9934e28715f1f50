import { Body, Controller, Headers, Ip, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Reception } from './reception.ts';
import { send } from './send.ts';

@Controller('proquant/v1/hooks')
export class HooksController {
  constructor(private readonly reception: Reception) {}

  @Post(':integrationId')
  async take(
    @Param('integrationId') integrationId: string,
    @Headers('x-proquant-token') token: string | undefined,
    @Ip() address: string,
    @Body() body: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    send(reply, await this.reception.receive({ integrationId, token: token ?? '', address, body: body ?? '' }));
  }
}
