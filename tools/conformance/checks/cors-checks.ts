import type { BrokerSession } from '../broker-session.ts';
import { ORIGIN } from '../conformance-client.ts';
import type { ConformanceCheck } from '../conformance-check.ts';
import type { OperationName } from '../operations.ts';
import { advised, judged, type Fault, type Verdict } from '../verdict.ts';
import type { WireAnswer } from '../wire.ts';

/** Of an origin with several spellings one must do: the document names no scheme for localhost. */
const PRODUCTION = [[ORIGIN], ['https://de.tradingview.com']];
const STAGING = [['https://beta-rest.xstaging.tv'], ['http://localhost:6285', 'https://localhost:6285']];
const STRANGERS = ['https://tradingview.com.example.org', 'https://example.org', 'https://eviltradingview.com'];

const METHODS: Readonly<Record<string, OperationName>> = {
  GET: 'getOrders',
  POST: 'placeOrder',
  PUT: 'modifyOrder',
  DELETE: 'cancelOrder',
};

function preflight({ client }: BrokerSession, method: string, origin: string): Promise<WireAnswer> {
  const name = METHODS[method] ?? 'getOrders';
  const { url } = client.requestOf(name, { params: { accountId: 'x', orderId: 'x' }, token: null });
  const headers = {
    origin,
    'access-control-request-method': method,
    'access-control-request-headers': 'authorization,content-type',
  };
  return client.send({ method: 'OPTIONS', url, headers }, `OPTIONS for ${method} from ${origin}`);
}

const listed = (header: string | undefined): readonly string[] =>
  (header ?? '').split(',').map((word) => word.trim().toLowerCase());

function preflightFaults({ status, headers }: WireAnswer, method: string, origin: string): readonly Fault[] {
  const at = `OPTIONS for ${method} from ${origin}`;
  const faults: Fault[] = [];
  if (status < 200 || status > 299) faults.push({ expected: 'HTTP 200 or 204', got: `HTTP ${status}`, at });
  const allowed = headers['access-control-allow-origin'];
  if (allowed !== origin)
    faults.push({ expected: `Access-Control-Allow-Origin ${origin}`, got: allowed ?? 'none', at });
  const methods = headers['access-control-allow-methods'];
  if (!listed(methods).includes(method.toLowerCase()))
    faults.push({ expected: `Access-Control-Allow-Methods with ${method}`, got: methods ?? 'none', at });
  const fields = headers['access-control-allow-headers'];
  if (!['authorization', 'content-type'].every((field) => listed(fields).includes(field)))
    faults.push({ expected: 'Access-Control-Allow-Headers Authorization, Content-Type', got: fields ?? 'none', at });
  return faults;
}

async function preflights(session: BrokerSession): Promise<Verdict> {
  const origins = session.options.staging ? [...PRODUCTION, ...STAGING] : PRODUCTION;
  const faults: Fault[] = [];
  for (const method of Object.keys(METHODS))
    for (const spellings of origins) {
      const found: (readonly Fault[])[] = [];
      for (const origin of spellings)
        found.push(preflightFaults(await preflight(session, method, origin), method, origin));
      if (found.every((each) => each.length > 0)) faults.push(...(found[0] ?? []));
    }
  return judged(faults, `${origins.length} origins, ${Object.keys(METHODS).length} methods`);
}

async function strangers(session: BrokerSession): Promise<Verdict> {
  const faults: Fault[] = [];
  for (const origin of STRANGERS) {
    const { headers } = await preflight(session, 'GET', origin);
    const allowed = headers['access-control-allow-origin'];
    if (allowed === origin || allowed === '*')
      faults.push({ expected: 'nobody else to be let in', got: `Access-Control-Allow-Origin ${allowed}`, at: origin });
  }
  return judged(faults, `${STRANGERS.length} origins`);
}

async function remembered(session: BrokerSession): Promise<Verdict> {
  const { headers } = await preflight(session, 'GET', ORIGIN);
  const seconds = Number(headers['access-control-max-age'] ?? 0);
  return advised(
    seconds >= 60 ? [] : [{ expected: 'Access-Control-Max-Age of a minute or more', got: `${seconds}` }],
    `${seconds} s`,
  );
}

/** Answers to ordinary calls, well or not, and from another subdomain. */
async function answers(session: BrokerSession): Promise<Verdict> {
  const faults: Fault[] = [];
  for (const origin of [ORIGIN, 'https://de.tradingview.com'])
    for (const accountId of [(await session.accounts())[0]?.id ?? 'x', 'no-such-account']) {
      const { at, headers } = await session.client.ask('getState', { params: { accountId }, headers: { origin } });
      const allowed = headers['access-control-allow-origin'];
      if (allowed !== origin)
        faults.push({ expected: `Access-Control-Allow-Origin ${origin}`, got: allowed ?? 'none', at });
      if (!listed(headers['vary']).includes('origin'))
        faults.push({ expected: 'Vary: Origin', got: headers['vary'] ?? 'none', at });
    }
  return judged(faults);
}

export const corsChecks: readonly ConformanceCheck[] = [
  {
    id: 'cors.preflight',
    title: "Browsers may call from TradingView's origins",
    why: 'Localized sites are subdomains of their own: a fixed origin locks their users out.',
    run: preflights,
  },
  {
    id: 'cors.strangers',
    title: 'Browsers may not call from other origins',
    why: 'A page of somebody else could trade with a token that it got hold of.',
    run: strangers,
  },
  {
    id: 'cors.answers',
    title: 'Every answer may be read, an error too',
    why: 'Without the header the user reads "Failed to fetch" instead of the text.',
    run: answers,
  },
  {
    id: 'cors.max-age',
    title: 'Browsers need not ask again and again',
    why: 'They remember permission for 5 s otherwise, and polling costs twice the requests.',
    run: remembered,
  },
];
