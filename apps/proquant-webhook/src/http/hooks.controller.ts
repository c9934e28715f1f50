import { HOOKS_PATH, TOKEN_HEADER } from '@core/proquant/hook';
import { Body, Controller, Headers, Ip, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Reception } from './reception.ts';
import { send } from './send.ts';

@Controller(HOOKS_PATH)
export class HooksController {
  constructor(private readonly reception: Reception) {}

  @Post(':hookId')
  async take(
    @Param('hookId') hookId: string,
    @Headers(TOKEN_HEADER) token: string | undefined,
    @Ip() address: string,
    @Headers('content-encoding') encoding: string | undefined,
    @Body() body: Uint8Array | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const said = { encoding: encoding ?? '', body: body ?? new Uint8Array() };
    send(reply, await this.reception.receive({ hookId, token: token ?? '', address, ...said }));
  }
}
