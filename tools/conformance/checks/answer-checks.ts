import { supports, type BrokerAccount, type BrokerQuote } from '../broker-words.ts';
import type { BrokerSession } from '../broker-session.ts';
import { ORIGIN, type Asked } from '../conformance-client.ts';
import type { ConformanceCheck } from '../conformance-check.ts';
import type { OperationName } from '../operations.ts';
import { judged, skipped, type Fault, type Verdict } from '../verdict.ts';
import { perAccount } from './per-account.ts';

const both = async (session: BrokerSession, name: OperationName, asked: Asked = {}): Promise<void> => {
  for (const locale of session.options.locales) await session.client.must(name, { ...asked, locale });
};

type Of = (account: BrokerAccount, session: BrokerSession) => Promise<Asked>;

const ofAccount: Of = async ({ id }) => ({ params: { accountId: id } });

const firstInstruments = async (account: BrokerAccount, session: BrokerSession, most: number): Promise<string[]> =>
  (await session.instruments(account))
    .filter(({ hasQuotes }) => hasQuotes !== false)
    .slice(0, most)
    .map(({ name }) => name);

const ofInstrument: Of = async (account, session) => {
  const [instrument = ''] = await firstInstruments(account, session, 1);
  return { params: { accountId: account.id }, query: { instrument } };
};
const ofQuotes: Of = async (account, session) => {
  const symbols = await firstInstruments(account, session, 10);
  return { query: { accountId: account.id, symbols: symbols.join(',') } };
};
const ofDepth: Of = async (account, session) => {
  const [symbol = ''] = await firstInstruments(account, session, 1);
  return { query: { accountId: account.id, symbol } };
};
const ofTicket: Of = async (account, session) => {
  const [instrument = ''] = await firstInstruments(account, session, 1);
  return { params: { accountId: account.id }, form: { instrument, side: 'buy', orderType: 'market' } };
};

/** A preview has no effect. */
const ofPreview: Of = async (account, session) => {
  const [instrument] = (await session.instruments(account)).filter(({ hasQuotes }) => hasQuotes !== false);
  const { name = '', minQty = 1 } = instrument ?? {};
  const query = { accountId: account.id, symbols: name };
  const [quote] = await session.client.must<readonly BrokerQuote[]>('getQuotes', { query });
  const { ask = 0, bid = 0 } = quote?.v ?? {};
  const form = { instrument: name, side: 'buy', type: 'market', qty: String(minQty) };
  return { params: { accountId: account.id }, form: { ...form, currentAsk: String(ask), currentBid: String(bid) } };
};

const netting = (account: BrokerAccount): boolean => supports(account, 'PositionNetting');
const having = (what: string) => (account: BrokerAccount) => supports(account, what);

/** Reading operations of an account, and which accounts must have them. */
const READING: readonly (readonly [OperationName, Of, ((account: BrokerAccount) => boolean)?])[] = [
  ['getInstruments', ofAccount],
  ['getState', ofAccount],
  ['getOrders', ofAccount],
  ['getPositions', ofAccount, (account) => supports(account, 'Positions') && !netting(account)],
  ['getNetPositions', ofAccount, netting],
  ['getIndividualPositions', ofAccount, netting],
  ['getBalances', ofAccount, having('Balances')],
  ['getOrdersHistory', ofAccount, having('OrdersHistory')],
  ['getExecutions', ofInstrument, having('Executions')],
  ['getQuotes', ofQuotes],
  ['getDepth', ofDepth, having('Level2Data')],
  ['getLeverage', ofTicket, having('Leverage')],
  ['previewOrder', ofPreview, having('PlaceOrderPreview')],
];

const WHY = "TradingView's own tests call it, and validate what it says.";

const brokerWide = (name: 'getConfiguration' | 'getAccounts' | 'getMapping'): ConformanceCheck => ({
  id: `answers.${name}`,
  title: `${name} answers in both locales`,
  why: WHY,
  run: async (session) => {
    await both(session, name, name === 'getMapping' ? { token: null } : {});
    return judged([]);
  },
});

const ofEachAccount = ([name, asked, concerns]: (typeof READING)[number]): ConformanceCheck => ({
  id: `answers.${name}`,
  title: `${name} answers for every account in both locales`,
  why: WHY,
  run: (session): Promise<Verdict> =>
    perAccount(
      session,
      async (account) => {
        await both(session, name, await asked(account, session));
        return [];
      },
      concerns,
    ),
});

/** TradingView sends what a browser had before; a server without tags answers as ever. */
async function notModified(session: BrokerSession): Promise<Verdict> {
  const [account] = await session.accounts();
  const params = { accountId: account?.id ?? '' };
  const { headers } = await session.client.ask('getOrders', { params });
  const { etag } = headers;
  if (etag === undefined) return skipped('answers have no ETag: they need not');
  const again = session.client.requestOf('getOrders', { params, headers: { 'if-none-match': etag } });
  const { status, headers: second } = await session.client.send(again, 'getOrders with If-None-Match');
  const at = 'getOrders with If-None-Match';
  if (status === 200 && second['etag'] !== etag) return judged([]);
  const origin = second['access-control-allow-origin'];
  const faults: Fault[] = [];
  if (status !== 304) faults.push({ expected: 'HTTP 304', got: `HTTP ${status}`, at });
  if (origin !== ORIGIN) faults.push({ expected: `Access-Control-Allow-Origin ${ORIGIN}`, got: origin ?? 'none', at });
  return judged(faults);
}

/** Clients of old send a form's content type with everything. */
async function formTypeOnGet(session: BrokerSession): Promise<Verdict> {
  await session.client.must('getAccounts', { headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  return judged([]);
}

async function permissionsAnswer(session: BrokerSession): Promise<Verdict> {
  const { status } = await session.client.ask('getGroups');
  if (session.options.data === null || status !== 200) return skipped('there are no groups');
  const { groups = [] } = await session.client.must<{ groups?: readonly { id: string }[] }>('getGroups');
  const { groups: mine } = await session.client.must<{ groups: readonly string[] }>('getPermissions');
  const unknown = mine.filter((id) => !groups.some((group) => group.id === id));
  return judged(unknown.map((id) => ({ expected: 'only groups that /groups knows', got: id })));
}

export const answerChecks: readonly ConformanceCheck[] = [
  ...(['getConfiguration', 'getAccounts', 'getMapping'] as const).map(brokerWide),
  ...READING.map(ofEachAccount),
  {
    id: 'answers.getPermissions',
    title: 'The permissions of a trader name groups that exist',
    why: 'They decide whose charts show which symbols.',
    run: permissionsAnswer,
  },
  {
    id: 'answers.not-modified',
    title: 'What did not change is told by 304, where answers have an ETag',
    why: 'A tag that is never taken costs and saves nothing.',
    run: notModified,
  },
  {
    id: 'answers.form-type-on-get',
    title: 'A GET may carry the content type of a form',
    why: "TradingView's browser code was seen sending it.",
    run: formTypeOnGet,
  },
];
