import { commandLineOf } from './command-line.ts';

const URL_ONLY = ['--url', 'https://broker.example/api/'];
const LOGIN = [...URL_ONLY, '--login', 'ada', '--password', 'p'];

const quietly = (args: readonly string[]): unknown => {
  const silent = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    return commandLineOf(args);
  } finally {
    silent.mockRestore();
  }
};

it('reads only, some minutes long, unless it is told otherwise', () => {
  const { effort, report, document, options } = commandLineOf(LOGIN);
  expect({ effort, report, document }).toEqual({ effort: 'usual', report: null, document: null });
  expect(options).toMatchObject({
    url: 'https://broker.example/api',
    credentials: { login: 'ada', password: 'p' },
    data: { url: 'https://broker.example/api', authorization: null },
    live: null,
    staging: true,
  });
});

it('takes what is said', () => {
  const words =
    '--live --instrument EURUSD --quantity 1000 --quick --no-data --no-staging --accounts a,b --locales en,pl';
  const { options } = commandLineOf([...LOGIN, ...words.split(' '), '--stream-seconds', '30']);
  expect(options).toMatchObject({
    live: { instrument: 'EURUSD', qty: 1_000 },
    data: null,
    staging: false,
    accounts: ['a', 'b'],
    locales: ['en', 'pl'],
    effort: { logins: 3, streamMs: 30_000 },
  });
});

it('knows a client of OAuth 2.0 without logging in by it, and logs in by it with a code', () => {
  const client =
    '--oauth-token-url https://x/token --oauth-client-id c --oauth-client-secret s --oauth-redirect-uri https://r';
  const oauth = { tokenUrl: 'https://x/token', clientId: 'c', clientSecret: 's', redirectUri: 'https://r' };
  const beside = commandLineOf([...LOGIN, ...client.split(' ')]);
  expect(beside.options).toMatchObject({ credentials: { login: 'ada' }, oauth });
  const by = commandLineOf([...LOGIN, ...client.split(' '), '--oauth-code', 'o']);
  expect(by.options).toMatchObject({ credentials: { oauth: { ...oauth, code: 'o' } }, oauth });
});

it.each<[string, readonly string[]]>([
  ['no address', ['--login', 'ada', '--password', 'p']],
  ['an address that is none', ['--url', 'broker', '--token', 't']],
  ['an address with a login in it', ['--url', 'https://ada:p@broker.example', '--token', 't']],
  ['an address with a query', ['--url', 'https://broker.example/api?v=1', '--token', 't']],
  ['no login', URL_ONLY],
  ['half of OAuth 2.0', [...LOGIN, '--oauth-token-url', 'https://x/token']],
  ['both efforts', [...LOGIN, '--quick', '--full']],
  ['one locale', [...LOGIN, '--locales', 'en']],
  ['no quantity', [...LOGIN, '--live', '--quantity', '0']],
  ['a document that is not there', [...LOGIN, '--spec', '/no/such/file']],
  ['a word of no meaning', [...LOGIN, '--what']],
])('says what is wrong with %s', (_, args) => {
  expect(() => quietly(args)).toThrow(/\w/);
});
