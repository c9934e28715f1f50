import { Command, InvalidArgumentError, Option } from 'commander';
import { readFileSync } from 'node:fs';
import { DocumentJudge } from './document-judge.ts';
import { UsageError } from './usage-error.ts';
import { EFFORTS, type OAuthClient, type RunOptions } from './run-options.ts';

/** What a person or a CI typed. */
export interface CommandLine {
  readonly options: RunOptions;
  readonly effort: keyof typeof EFFORTS;
  readonly document: DocumentJudge | null;
  /** Folder for the reports that are files. */
  readonly report: string | null;
}

interface Typed {
  readonly url: string;
  readonly login?: string;
  readonly password?: string;
  readonly token?: string;
  readonly oauthTokenUrl?: string;
  readonly oauthClientId?: string;
  readonly oauthClientSecret?: string;
  readonly oauthCode?: string;
  readonly oauthRedirectUri?: string;
  readonly spec?: string;
  readonly data: boolean;
  readonly dataUrl?: string;
  readonly dataAuthorization?: string;
  readonly accounts?: readonly string[];
  readonly locales: readonly [string, string];
  readonly staging: boolean;
  readonly only?: readonly string[];
  readonly report?: string;
  readonly live?: true;
  readonly instrument?: string;
  readonly quantity?: number;
  readonly quick?: true;
  readonly full?: true;
  readonly streamSeconds?: number;
}

const words = (text: string): readonly string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);

const address = (text: string): string => {
  if (!/^https?:\/\/[^/]+/.test(text) || !URL.canParse(text)) throw new InvalidArgumentError('not an http(s) address');
  const { username, password, search, hash } = new URL(text);
  if (username + password !== '') throw new InvalidArgumentError('a login is given by --login and --password');
  if (search + hash !== '') throw new InvalidArgumentError('an address that others are beneath has no ? and no #');
  return text.replace(/\/+$/, '');
};

const twoLocales = (text: string): readonly string[] => {
  const two = words(text);
  if (two.length !== 2) throw new InvalidArgumentError('two locales are needed');
  return two;
};

const countOfSeconds = (text: string): number => {
  const seconds = Number(text);
  if (!Number.isInteger(seconds) || seconds < 5 || seconds > 86_400)
    throw new InvalidArgumentError('5 to 86400 seconds are possible');
  return seconds;
};

const quantity = (text: string): number => {
  if (!(Number(text) > 0)) throw new InvalidArgumentError('not a quantity');
  return Number(text);
};

const conformanceProgram = (): Command =>
  new Command('conformance')
    .description("checks any implementation of TradingView's Broker REST API 1.4; trades only with --live")
    .requiredOption('--url <address>', 'where the trading part is', address)
    .option('--login <name>', 'PasswordBearer: who logs in')
    .addOption(new Option('--password <text>', 'PasswordBearer: the password').env('CONFORMANCE_PASSWORD'))
    .addOption(new Option('--token <text>', 'an access token instead of a login').env('CONFORMANCE_TOKEN'))
    .option('--oauth-token-url <address>', 'OAuth 2.0: where codes are exchanged', address)
    .option('--oauth-client-id <id>', 'OAuth 2.0: the client')
    .addOption(new Option('--oauth-client-secret <text>', 'OAuth 2.0: its secret').env('CONFORMANCE_CLIENT_SECRET'))
    .option('--oauth-code <text>', 'OAuth 2.0: the code that the login page gave; with it, the login of this run')
    .option('--oauth-redirect-uri <address>', 'OAuth 2.0: where the login page sent it')
    .option('--spec <file>', 'an OpenAPI document of the API, JSON or YAML: every answer is validated by it, too')
    .option('--no-data', "the broker has no data part: it shows TradingView's own data")
    .option('--data-url <address>', 'where the data part is, if it is elsewhere', address)
    .addOption(
      new Option(
        '--data-authorization <header>',
        'the Authorization header of the data part; without it, it is public',
      ).env('CONFORMANCE_DATA_AUTHORIZATION'),
    )
    .option('--accounts <ids>', 'only these accounts, separated by commas', words)
    .option('--locales <two>', 'two locales that are spoken', twoLocales, ['en', 'de_DE'])
    .option('--no-staging', "TradingView's staging origins need not be let in")
    .option('--live', 'trades a demo account: a dozen orders of the smallest quantity, and closes what it opened')
    .option(
      '--instrument <name>',
      'with --live: what is traded; otherwise the first with a price that nothing is open of',
    )
    .option('--quantity <number>', 'with --live: instead of the smallest quantity', quantity)
    .option('--only <checks>', 'only checks whose ids begin so, separated by commas', words)
    .option('--report <folder>', 'writes report.txt, report.html and junit.xml there')
    .addOption(new Option('--quick', 'half a minute: fewer polls, a short look at the stream').conflicts('full'))
    .option('--full', "as TradingView's own data tests: two hours of the stream, every symbol")
    .option('--stream-seconds <count>', 'how long the stream of the data part is listened to', countOfSeconds)
    .exitOverride();

/** Throws a usage error with words for whoever typed it. */
export function commandLineOf(args: readonly string[]): CommandLine {
  const program = conformanceProgram();
  const typed = program.parse([...args], { from: 'user' }).opts<Typed>();
  const effort = typed.quick ? 'quick' : typed.full ? 'full' : 'usual';
  const streamMs = typed.streamSeconds === undefined ? {} : { streamMs: typed.streamSeconds * 1_000 };
  return {
    effort,
    document: typed.spec === undefined ? null : documentIn(typed.spec),
    report: typed.report ?? null,
    options: {
      url: typed.url,
      credentials: credentialsOf(typed),
      oauth: oauthClientOf(typed),
      data: typed.data ? { url: typed.dataUrl ?? typed.url, authorization: typed.dataAuthorization ?? null } : null,
      accounts: typed.accounts ?? [],
      locales: typed.locales,
      staging: typed.staging,
      live: typed.live ? { instrument: typed.instrument ?? null, qty: typed.quantity ?? null } : null,
      only: typed.only ?? [],
      effort: { ...EFFORTS[effort], ...streamMs },
    },
  };
}

function credentialsOf({ login, password, token, oauthCode: code, ...typed }: Typed): RunOptions['credentials'] {
  if (token !== undefined) return { token };
  const client = oauthClientOf(typed);
  if (client !== null && code !== undefined) return { oauth: { ...client, code } };
  if (login !== undefined && password !== undefined) return { login, password };
  throw new UsageError('either --login and --password, or --token, or the --oauth options with a code are needed');
}

function oauthClientOf({
  oauthTokenUrl: tokenUrl,
  oauthClientId: clientId,
  oauthClientSecret: clientSecret,
  oauthRedirectUri: redirectUri,
}: Omit<Typed, 'login' | 'password' | 'token' | 'oauthCode'>): OAuthClient | null {
  if (tokenUrl === undefined) return null;
  if (clientId && clientSecret && redirectUri) return { tokenUrl, clientId, clientSecret, redirectUri };
  throw new UsageError('beside --oauth-token-url, id, secret and redirect address of the client are needed');
}

function documentIn(path: string): DocumentJudge {
  try {
    return DocumentJudge.read(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`--spec ${path}: ${(error as Error).message}`);
  }
}
