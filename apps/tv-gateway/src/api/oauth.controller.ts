import { acceptedLanguage, type Language } from '@core/kernel/language';
import { Controller, Get, HttpCode, Ip, Logger, NotFoundException, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PasswordRefused, Passwords } from '../auth/passwords.ts';
import { AuthorizationServer, type Visit } from '../oauth/authorization-server.ts';
import { PageBrand } from '../oauth/page-brand.ts';
import { loginPage, noticePage, type LoginFault, type LoginPage, type Page } from '../oauth/pages.ts';

type OfVisit = FastifyRequest<{ Params: { uid: string } }>;

/** OAuth 2.0 and its pages: the library's addresses, and those that people see. */
@Controller('oauth')
export class OauthController {
  private readonly log = new Logger(OauthController.name);

  constructor(
    private readonly server: AuthorizationServer,
    private readonly passwords: Passwords,
    private readonly brand: PageBrand,
  ) {}

  @Get(['authorize', 'authorize/:uid'])
  authorize(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.server.authorize(request, reply);
  }

  @Post('token')
  token(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.server.token(request, reply);
  }

  @Get('login/:uid')
  async show(@Req() request: OfVisit, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.server.visit(request, reply);
    if (!visit) return this.notice(request, reply, 'expired');
    send(reply, 200, loginPage(this.brand.is, pageOf(visit, request)));
  }

  @Post('login/:uid')
  async logIn(@Req() request: OfVisit, @Ip() address: string, @Res() reply: FastifyReply): Promise<void> {
    const visit = isOwn(request, this.brand.is.origin) ? await this.server.visit(request, reply) : null;
    if (!visit) return this.notice(request, reply, 'expired');
    const [login, password] = [fieldOf(request.body, 'login'), fieldOf(request.body, 'password')];
    const wrong = await this.attempt(request, reply, { login, password, address });
    if (wrong) send(reply, 200, loginPage(this.brand.is, { ...pageOf(visit, request), login, wrong }));
  }

  @Get('logout')
  @HttpCode(200)
  async logout(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const done = isNavigation(request) ? await this.server.logout(request, reply) : null;
    if (!done) return this.notice(request, reply, 'badLink');
    if (done.returnTo === null) return this.notice(request, reply, 'loggedOut');
    void reply.header('cache-control', 'no-store').redirect(done.returnTo, 303);
  }

  @Get('logo')
  logo(@Res() reply: FastifyReply): void {
    const { logo } = this.brand;
    if (!logo) throw new NotFoundException();
    void reply
      .headers({
        'content-type': logo.type,
        'cache-control': 'public, max-age=3600',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      })
      .send(logo.bytes);
  }

  /** Sends who is right on; tells what is wrong with anybody else. */
  private async attempt(
    request: FastifyRequest,
    reply: FastifyReply,
    { login, password, address }: { readonly login: string; readonly password: string; readonly address: string },
  ): Promise<LoginFault | null> {
    if (login === '') return 'loginMissing';
    if (password === '') return 'passwordMissing';
    try {
      const trader = await this.passwords.verify(login, password, address);
      void reply.redirect(await this.server.admit(request, reply, trader), 303);
      return null;
    } catch (error) {
      if (error instanceof PasswordRefused) return error.reason;
      this.log.error({ err: error, msg: 'a login failed' });
      return 'broken';
    }
  }

  private notice(request: FastifyRequest, reply: FastifyReply, what: 'expired' | 'badLink' | 'loggedOut'): void {
    const page = noticePage(this.brand.is, languageFor(request), what, `${what}Help`);
    send(reply, what === 'loggedOut' ? 200 : 400, page);
  }
}

function send(reply: FastifyReply, status: number, { html, headers }: Page): void {
  void reply.code(status).headers(headers).send(html);
}

const pageOf = ({ language, redirectUri }: Visit, request: FastifyRequest): LoginPage => ({
  language: language ?? languageFor(request),
  redirectUri,
});

const languageFor = ({ headers }: FastifyRequest): Language => acceptedLanguage(headers['accept-language']) ?? 'en';

/** Whether our own page sent a form; an old browser does not say. */
const isOwn = ({ headers }: FastifyRequest, { origin }: URL): boolean =>
  headers.origin === undefined || headers.origin === origin;

/** Whether somebody goes there, rather than a picture or a script of another page. */
const isNavigation = ({ headers }: FastifyRequest): boolean => (headers['sec-fetch-dest'] ?? 'document') === 'document';

/** Text of a field as somebody typed it; empty for what nobody can have typed. */
function fieldOf(body: unknown, name: string): string {
  const value: unknown = Object(body)[name];
  return typeof value === 'string' && value.length <= 256 && !value.includes('\0') ? value : '';
}
