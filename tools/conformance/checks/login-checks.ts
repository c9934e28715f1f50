import { shown } from '../answer-judge.ts';
import { supports } from '../broker-words.ts';
import type { BrokerSession } from '../broker-session.ts';
import type { ConformanceCheck } from '../conformance-check.ts';
import { exchangeCode, guessTokens, refreshTokens } from '../oauth-grant.ts';
import { repeated } from '../rules/order-rules.ts';
import { judged, skipped, type Fault, type Verdict } from '../verdict.ts';

interface Granted {
  readonly access_token: string;
  readonly expiration: number;
}

const LIFETIME_MAX_MS = 2_147_483_647;
const NO_PASSWORD = skipped('the run logs in without a password');

async function logIn(session: BrokerSession): Promise<Granted | null> {
  const { credentials, locales } = session.options;
  if (!('login' in credentials)) return null;
  return session.client.must<Granted>('authorize', { form: { ...credentials, locale: locales[0] } });
}

/** The first check of every run: everything after it asks with this token. */
async function token(session: BrokerSession): Promise<Verdict> {
  const { client, options } = session;
  if ('token' in options.credentials) {
    client.token = options.credentials.token;
    await client.must('getAccounts');
    return judged([], 'the given token is taken');
  }
  if ('oauth' in options.credentials) {
    const tokens = await exchangeCode(client, options.credentials.oauth);
    client.token = tokens.access_token;
    client.refreshToken = tokens.refresh_token ?? null;
    await client.must('getAccounts');
    return judged([], 'a code was exchanged');
  }
  const granted = await logIn(session);
  if (granted === null) return NO_PASSWORD;
  client.token = granted.access_token;
  return judged(lifetimeFaults(granted.expiration, client.wire.nowMs()));
}

function lifetimeFaults(expiration: number, nowMs: number): readonly Fault[] {
  const leftMs = expiration * 1_000 - nowMs;
  const got = shown(expiration);
  if (!Number.isInteger(expiration)) return [{ expected: 'expiration as an integer', got }];
  if (leftMs <= 0) return [{ expected: 'expiration in the future', got }];
  if (leftMs > LIFETIME_MAX_MS) return [{ expected: 'expiration in seconds, at most 24.8 days from now', got }];
  return [];
}

async function different(session: BrokerSession): Promise<Verdict> {
  if (!('login' in session.options.credentials)) return NO_PASSWORD;
  const tokens: string[] = [];
  for (let n = 0; n < session.options.effort.logins; n += 1) {
    const granted = await logIn(session);
    if (granted) tokens.push(granted.access_token);
  }
  const faults = repeated(tokens).map(() => ({ expected: 'a new token for every login', got: 'the same token twice' }));
  return judged(faults, `${tokens.length} logins`);
}

async function earlier(session: BrokerSession): Promise<Verdict> {
  if (!('login' in session.options.credentials)) return NO_PASSWORD;
  const { client } = session;
  const before = client.token;
  await logIn(session);
  const { status, at } = await client.ask('getAccounts', { token: before });
  return judged(status === 200 ? [] : [{ expected: 'an earlier token to be good still', got: `HTTP ${status}`, at }]);
}

async function wrongPassword({ client, options }: BrokerSession): Promise<Verdict> {
  if (!('login' in options.credentials)) return NO_PASSWORD;
  const form = { login: options.credentials.login, password: 'not the password', locale: options.locales[0] };
  const { status, body, at } = await client.ask('authorize', { form });
  const { s } = body as { s?: unknown };
  return judged(
    status === 200 && s === 'error'
      ? []
      : [{ expected: 'HTTP 200 with s = error and a text for the user', got: `HTTP ${status}, s = ${shown(s)}`, at }],
  );
}

/** The old token is good until the new one is used for the first time; the run goes on with the new one. */
async function refresh({ client, options: { credentials } }: BrokerSession): Promise<Verdict> {
  if (!('oauth' in credentials)) return skipped('the run does not log in by OAuth 2.0');
  if (client.refreshToken === null) return skipped('the server gave no refresh_token');
  const before = client.token;
  const renewed = await refreshTokens(client, credentials.oauth, client.refreshToken);
  const { status, at } = await client.ask('getAccounts', { token: before });
  client.token = renewed.access_token;
  await client.must('getAccounts');
  const faults: Fault[] = [];
  if (status !== 200)
    faults.push({ expected: 'the old token to be good until the new one is used', got: `HTTP ${status}`, at });
  if (renewed.access_token === before) faults.push({ expected: 'a new token', got: 'the old one' });
  return judged(faults);
}

/** With a login of its own: the run goes on with the first one. */
async function logout(session: BrokerSession): Promise<Verdict> {
  const { client } = session;
  if (!(await session.accounts()).some((account) => supports(account, 'Logout')))
    return skipped('no account has a flag that asks for it');
  const granted = await logIn(session);
  if (granted === null) return NO_PASSWORD;
  if (granted.access_token === client.token) return skipped('logins share one token, and this run needs it');
  await client.must('logout', { token: granted.access_token });
  const { status, at } = await client.ask('getAccounts', { token: granted.access_token });
  return judged(status === 401 ? [] : [{ expected: 'HTTP 401 after logging out', got: `HTTP ${status}`, at }]);
}

export const loginChecks: readonly ConformanceCheck[] = [
  {
    id: 'login.token',
    title: 'Logging in gives a token that lasts',
    why: 'Without it nobody gets in; TradingView never renews this token.',
    run: token,
  },
  {
    id: 'login.different-tokens',
    title: 'Every login gives a token of its own',
    why: 'TradingView compares ten of them.',
    run: different,
  },
  {
    id: 'login.earlier-token',
    title: 'A new login leaves earlier tokens good',
    why: 'A user has the chart open on two devices.',
    run: earlier,
  },
  {
    id: 'login.wrong-password',
    title: 'A wrong password is an error with a text',
    why: 'The user reads that text; another HTTP status shows as "Failed to fetch".',
    run: wrongPassword,
  },
  {
    id: 'login.refresh',
    title: 'A token is renewed while the old one still works',
    why: 'Requests that are on their way carry the old one.',
    run: refresh,
  },
  {
    id: 'login.oauth-strangers',
    title: 'Who guesses a secret, a code or a token of OAuth 2.0 is given none',
    why: 'The address stands open to everybody, and a token of it trades.',
    run: async ({ client, options: { oauth } }) =>
      oauth === null ? skipped('the client of OAuth 2.0 is not known') : judged(await guessTokens(client, oauth)),
  },
  {
    id: 'login.logout',
    title: 'A token that was logged out is good no more',
    why: 'Whoever leaves a shared computer logs out for that.',
    run: logout,
  },
];
