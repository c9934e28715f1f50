import { PageFiles, sendPageFile } from '@core/service/page-files';
import { Controller, Get, NotFoundException, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Pages have addresses of their own, and are all drawn by the same script. */
const SHELL = 'index.html';

/** The files of the pages. They say nothing of the system: what the pages show is read by whoever is logged in. */
@Controller()
export class PageController {
  constructor(private readonly files: PageFiles) {}

  @Get('*')
  async file(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const name = (request.url.split('?', 1)[0] ?? '/').slice(1);
    if (name.startsWith('api/')) throw new NotFoundException('there is nothing at this address');
    const file = this.files.get(name) ?? (name.includes('.') ? undefined : this.files.get(SHELL));
    if (file === undefined) throw new NotFoundException('there is nothing at this address');
    await sendPageFile(request, reply, file);
  }
}
