import type { AuthorizeAnswer } from '@core/tradingview/wire/authorize';
import { Body, Controller, HttpCode, Ip, Post, UseGuards } from '@nestjs/common';
import { OptionalText, TextField } from '../http/fields.ts';
import { formPipe } from '../http/form.pipe.ts';
import { CurrentCaller, SessionGuard, type LoggedIn } from './session.guard.ts';
import { Logins } from '../auth/logins.ts';
import { Passwords } from '../auth/passwords.ts';
import { DataLogins } from '../data/data-logins.ts';

export class AuthorizeForm {
  @TextField({ key: 'field.login' }, 256)
  readonly login: string;

  @TextField({ key: 'field.password' }, 256)
  readonly password: string;

  @OptionalText('locale', 16)
  readonly locale?: string;
}

@Controller()
export class AuthController {
  constructor(
    private readonly passwords: Passwords,
    private readonly logins: Logins,
    private readonly dataLogins: DataLogins,
  ) {}

  @Post('authorize')
  @HttpCode(200)
  async authorize(@Body(formPipe) form: AuthorizeForm, @Ip() address: string): Promise<AuthorizeAnswer> {
    const { login, password } = form;
    const ofData = this.passwords.mayTry(login, address) ? await this.dataLogins.byPassword(login, password) : null;
    const { token, expiresAt } =
      ofData ?? (await this.logins.begin(await this.passwords.verify(login, password, address)));
    return { s: 'ok', d: { access_token: token, expiration: Math.floor(expiresAt.getTime() / 1000) } };
  }

  @Post('logout')
  @HttpCode(200)
  @UseGuards(SessionGuard)
  async logout(@CurrentCaller() { token }: LoggedIn): Promise<{ s: 'ok' }> {
    await this.logins.logout(token);
    return { s: 'ok' };
  }
}
