import { pathOf, type ConformanceClient } from './conformance-client.ts';
import { shown } from './answer-judge.ts';
import type { OAuthCode } from './run-options.ts';
import { UnfitAnswer } from './verdict.ts';

export interface OAuthTokens {
  readonly access_token: string;
  readonly token_type: string;
  readonly expires_in?: number;
  readonly refresh_token?: string;
}

export const exchangeCode = (client: ConformanceClient, oauth: OAuthCode): Promise<OAuthTokens> =>
  askForTokens(client, oauth, {
    grant_type: 'authorization_code',
    client_id: oauth.clientId,
    client_secret: oauth.clientSecret,
    code: oauth.code,
    redirect_uri: oauth.redirectUri,
  });

/** As TradingView asks: without the id of the client. */
export const refreshTokens = (client: ConformanceClient, oauth: OAuthCode, token: string): Promise<OAuthTokens> =>
  askForTokens(client, oauth, {
    grant_type: 'refresh_token',
    client_secret: oauth.clientSecret,
    refresh_token: token,
  });

async function askForTokens(
  client: ConformanceClient,
  { tokenUrl }: OAuthCode,
  form: Readonly<Record<string, string>>,
): Promise<OAuthTokens> {
  const at = `POST ${pathOf(tokenUrl)}, ${form['grant_type']}`;
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  const body = new URLSearchParams(form).toString();
  const answer = await client.send({ method: 'POST', url: tokenUrl, headers, body }, at);
  const told = parsed(answer.body);
  const { access_token: token, token_type: type, expires_in: lasts } = told;
  const isFit = typeof token === 'string' && token !== '' && String(type).toLowerCase() === 'bearer';
  if (answer.status !== 200 || !isFit || (lasts !== undefined && !Number.isInteger(lasts))) {
    const expected = 'access_token, token_type bearer and whole seconds in expires_in, in flat JSON';
    throw new UnfitAnswer({ expected, got: `HTTP ${answer.status}, ${shown(told)}`, at });
  }
  return { ...told, access_token: token, token_type: String(type) };
}

function parsed(body: string): Partial<OAuthTokens> {
  try {
    return JSON.parse(body) as Partial<OAuthTokens>;
  } catch {
    return {};
  }
}
