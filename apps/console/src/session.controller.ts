import { KeptText } from '@core/contracts/primitives';
import { passOf, type Operator } from '@core/operations/console-link';
import { Registry } from '@core/registry/registry';
import { LoginSettings } from '@core/service/login-settings';
import { PasswordDesk, type NoLogin } from '@core/service/password-desk';
import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  HttpException,
  Param,
  Post,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { LinkSettings, OperatorSessionSettings } from './config.ts';
import { Replays } from './replays.ts';
import { keepSession, sessionToken } from './session-cookie.ts';
import { OperatorGuard } from './session.guard.ts';
import { OperatorSessions } from './sessions.ts';
import { SimulatorControl } from './simulator-control.ts';

/** Who is logged in, and what there is to be shown beside the system. */
export interface GreetingAnswer extends Operator {
  readonly hasSimulator: boolean;
  /** Whether the log can be played in a sandbox from here. */
  readonly hasReplay: boolean;
}

export const LoginForm = z.strictObject({ name: KeptText.min(1).max(128), password: z.string().min(1).max(1_024) });

const REFUSALS: Readonly<Record<NoLogin, readonly [status: number, text: string]>> = {
  failed: [401, 'There is no operator of this name and password.'],
  throttled: [429, 'Too many logins have failed: wait a few minutes.'],
  busy: [429, 'Too many people log in at this moment: try again.'],
};

/** How people come in, and go. */
@Controller()
export class SessionController {
  private readonly desk: PasswordDesk<Operator>;

  constructor(
    private readonly sessions: OperatorSessions,
    private readonly link: LinkSettings,
    private readonly settings: OperatorSessionSettings,
    private readonly simulator: SimulatorControl,
    private readonly replays: Replays,
    registry: Registry,
    limits: LoginSettings,
  ) {
    this.desk = new PasswordDesk(limits, (name, password) => registry.operators.verify(name, password));
  }

  /** A link's address: it lets in once and leads to the pages; one that does not is told on the page. */
  @Get('enter/:token')
  async enter(@Param('token') token: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const pass = this.link.key === undefined ? null : await passOf(token, this.link.key);
    const session = pass && (await this.sessions.beginByLink(pass));
    if (session) keepSession(request, reply, session, this.settings.maxAgeMs);
    await reply.header('cache-control', 'no-store').redirect(session ? '/' : '/login?link=used', 303);
  }

  /** By an operator's name and password. */
  @Post('api/session')
  @HttpCode(200)
  async login(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<GreetingAnswer> {
    const { name, password } = LoginForm.parse(body);
    const checked = await this.desk.check(name, password, request.ip);
    if (checked.outcome !== 'ok') {
      const [status, text] = REFUSALS[checked.outcome];
      throw new HttpException(text, status);
    }
    const operator = { name: checked.who.name, role: checked.who.role };
    keepSession(request, reply, await this.sessions.beginByPassword(operator), this.settings.maxAgeMs);
    return this.greeting(operator);
  }

  /** Nobody is an answer too: a page asks before anybody is logged in, and a browser complains of what it is refused. */
  @Get('api/session')
  async who(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<GreetingAnswer | undefined> {
    const operator = await this.sessions.asking(request);
    if (operator) return this.greeting(operator);
    reply.code(204);
    return undefined;
  }

  @Delete('api/session')
  @UseGuards(OperatorGuard)
  @HttpCode(204)
  async leave(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const token = sessionToken(request);
    if (token) await this.sessions.end(token);
    keepSession(request, reply, '', 0);
  }

  private greeting(operator: Operator): GreetingAnswer {
    return { ...operator, hasSimulator: this.simulator.isThere, hasReplay: this.replays.isThere };
  }
}
