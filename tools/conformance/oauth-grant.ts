import { pathOf, type ConformanceClient } from './conformance-client.ts';
import { shown } from './answer-judge.ts';
import type { OAuthClient, OAuthCode } from './run-options.ts';
import { UnfitAnswer, type Fault } from './verdict.ts';

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

/** What a stranger hears who guesses: with a secret, a code or a token that nobody was given. Spends nothing. */
export async function guessTokens(client: ConformanceClient, oauth: OAuthClient): Promise<readonly Fault[]> {
  const { clientId, clientSecret, redirectUri } = oauth;
  const exchange = { grant_type: 'authorization_code', client_id: clientId, redirect_uri: redirectUri, code: GUESSED };
  const guesses: readonly (readonly [string, Form])[] = [
    ['a secret of nobody', { ...exchange, client_secret: GUESSED }],
    ['no secret', exchange],
    ['a code of nobody', { ...exchange, client_secret: clientSecret }],
    ['a refresh token of nobody', { grant_type: 'refresh_token', client_secret: clientSecret, refresh_token: GUESSED }],
  ];
  const faults: Fault[] = [];
  for (const [guess, form] of guesses) {
    const { answer, at } = await post(client, oauth, form);
    const { error } = parsed(answer.body) as { readonly error?: unknown };
    if ([400, 401].includes(answer.status) && typeof error === 'string') continue;
    const expected = 'HTTP 400 or 401 with an error in flat JSON';
    faults.push({ expected, got: `HTTP ${answer.status}, ${shown(error ?? answer.body)}`, at: `${at}, ${guess}` });
  }
  return faults;
}

const GUESSED = 'a-word-that-nobody-was-given';

type Form = Readonly<Record<string, string>>;

async function post(client: ConformanceClient, { tokenUrl }: OAuthClient, form: Form) {
  const at = `POST ${pathOf(tokenUrl)}, ${form['grant_type']}`;
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  const body = new URLSearchParams(form).toString();
  return { answer: await client.send({ method: 'POST', url: tokenUrl, headers, body }, at), at };
}

async function askForTokens(client: ConformanceClient, oauth: OAuthClient, form: Form): Promise<OAuthTokens> {
  const { answer, at } = await post(client, oauth, form);
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
