import { UnixSeconds } from '@core/tradingview/wire/envelope';
import { Body, Controller, Header, HttpCode, Post } from '@nestjs/common';
import { z } from 'zod';
import { TextField } from '../http/fields.ts';
import { formPipe } from '../http/form.pipe.ts';
import { DataLogins } from './data-logins.ts';

export class SignedLoginForm {
  @TextField('client_id', 64)
  readonly client_id: string;

  @TextField('client_secret', 256)
  readonly client_secret: string;

  @TextField('assertion', 8_192)
  readonly assertion: string;
}

/** The flat answer of OAuth2 with what the published test asks for beside it. */
export const TokenAnswer = z.strictObject({
  s: z.literal('ok'),
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  /** Seconds. */
  expires_in: z.int(),
  expiration: UnixSeconds,
});
type TokenAnswer = z.output<typeof TokenAnswer>;

/** `token_url` of ServerOAuth2Bearer. */
@Controller()
export class DataTokenController {
  constructor(private readonly logins: DataLogins) {}

  @Post('data/token')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async token(@Body(formPipe) form: SignedLoginForm): Promise<TokenAnswer> {
    const { client_id: clientId, client_secret: clientSecret, assertion } = form;
    const { token, expiresAt } = await this.logins.bySignature({ clientId, clientSecret, assertion });
    const expiration = Math.floor(expiresAt.getTime() / 1000);
    return {
      ...{ s: 'ok', access_token: token, token_type: 'Bearer', expiration },
      expires_in: expiration - Math.ceil(Date.now() / 1000),
    };
  }
}
