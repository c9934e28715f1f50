import { NotSentCause, RejectionReason } from '@core/contracts/events/request';
import { SignalRefusal } from '@core/contracts/events/signal';
import { LimitKind } from '@core/contracts/limit';
import { isPassing, RefusalReason } from '@core/contracts/refusal';
import { problemOfRefusal, problemOfSignal, refusalOfRejection, type Problem } from '@core/proquant/problem';
import en from '@core/tradingview/texts/en.json';
import { closeCodes, type CloseName } from '@core/ws-session/close-code';
import { errorCodeOf } from '@core/ws-session/error-code';
import { closeMeanings, sessionErrorMeanings, type Meaning } from '@core/ws-session/error-meaning';
import type { HttpOperation } from '@core/service/http-api';
import { markdownTable } from './event-catalogue.ts';
import type { GeneratedFile } from './generated-file.ts';
import { oauthMeanings } from './oauth-meanings.ts';
import { httpApiOf } from './openapi.ts';
import { expiryMeanings, notSentMeanings, refusalMeanings, rejectionMeanings } from './reason-meanings.ts';

const texts: Readonly<Record<string, string>> = en;

/** What begins alike in our texts fails alike. */
export const TEXT_FAMILIES: Readonly<Record<string, Meaning>> = {
  form: { cause: 'A field is missing or is not what it must be.', remedy: 'Correct it.' },
  request: {
    cause: 'The request as a whole, or our side.',
    remedy: 'As it says; an outcome that is unknown is no rejection.',
  },
  login: {
    cause: 'Who calls is not known, or not any more. HTTP 401 where a token is needed.',
    remedy: 'Log in again.',
  },
  account: { cause: 'There is no account to show yet.', remedy: 'Ask again later, or ask the operator.' },
  market: { cause: 'Nobody stands by a price.', remedy: 'Ask again when the market is open.' },
  data: { cause: 'What TradingView’s servers asked of the data is not there, or not yet.', remedy: 'As it says.' },
  order: { cause: 'This kind of order, or of change, is not offered.', remedy: 'Ask for one that is.' },
  position: { cause: 'The position cannot be changed in this way.', remedy: 'As it says.' },
  leverage: { cause: 'The broker fixes it.', remedy: 'Nothing.' },
  preview: { cause: 'The order is not the one that was previewed.', remedy: 'Preview again.' },
  limit: { cause: 'A limit that an operator set.', remedy: 'Ask for less.' },
};

/** Labels of a preview, which are no errors. */
const LABELS = [
  'preview.estimated',
  'preview.price',
  'preview.lots',
  'preview.value',
  'preview.spread',
  'preview.pipValue',
];

/** Answers of proquant-webhook without a name, which leave its sender's user with a general notification. */
export const UNNAMED_STATUSES: Readonly<Record<number, Meaning>> = {
  400: { cause: 'The body is no event of version 1.', remedy: 'Mend it; it is kept among the dead letters.' },
  401: {
    cause: 'Token and integration do not fit; named `InvalidCredentials`.',
    remedy: 'Send the token that the operator gave.',
  },
  409: {
    cause: 'The same entry was just made, and the operator’s guard against duplicates takes it once.',
    remedy: 'Nothing, if it was meant once; otherwise send it again later.',
  },
  413: { cause: 'The body is too large.', remedy: 'Send less.' },
  415: {
    cause: 'The body is compressed by other than gzip, deflate or brotli.',
    remedy: 'Compress it by one of these.',
  },
  422: { cause: 'The signal was too old to be traded.', remedy: 'Send signals as they arise.' },
  429: {
    cause: 'Too much at once: requests, refused tokens, or a limit on the pace of orders.',
    remedy: 'Send it again later.',
  },
  500: { cause: 'We failed.', remedy: 'Tell us the `requestId`.' },
  502: {
    cause: 'The signal came to nothing at the broker, or an operator does not let it be traded.',
    remedy: 'Look at the account.',
  },
  503: {
    cause: 'Something that is needed is away, or an earlier signal has no outcome yet.',
    remedy: 'Send it again: a duplicate costs nothing.',
  },
  504: {
    cause: 'No outcome within the time that the sender waits. It is no rejection.',
    remedy: 'Send it again: it is answered with what became of it.',
  },
};

/** Every error and refusal of every edge: what it is called there, its cause, and what to do. */
export function errorCatalogue(): GeneratedFile {
  const text = [
    '<!-- Generated from the tables that the code uses by `npm run generate`; do not edit. -->',
    '',
    '# Errors and refusals',
    '',
    'Whatever is asked of an account comes to the same ledger and the same broker, so one table says why it may come to nothing, and what each edge calls that.',
    'A timeout is no rejection, on any edge: ask again under the same id, and nothing is done twice.',
    '',
    '## Refused by the ledger',
    '',
    'Nothing was sent to the broker. Where it passes, the same request may be taken later.',
    '',
    ...reasons(
      RefusalReason.options,
      refusalMeanings,
      'refusal',
      (reason) => problemOfRefusal({ reason, text: null }),
      isPassing,
    ),
    '',
    'A limit (`limit-exceeded`) has a text and an answer to ProQuant for each kind of limit:',
    '',
    ...limits(),
    '',
    '## Rejected by the broker',
    '',
    ...reasons(RejectionReason.options, rejectionMeanings, 'rejection', (reason) =>
      problemOfSignal(refusalOfRejection(reason)),
    ),
    '',
    '## Recorded, and not sent',
    '',
    ...reasons(NotSentCause.options, notSentMeanings, 'unsent'),
    '',
    '## Ended without a trade',
    '',
    ...reasons(['not-sent', 'not-executed'] as const, expiryMeanings, 'note'),
    '',
    '## TradingView',
    '',
    'A failure is HTTP 200 with `{"s":"error","errmsg":"…"}` in the language of `locale`, and HTTP 401 where the token is missing, wrong or ended.',
    'Beside the sentences above there are these, in their English wording:',
    '',
    ...tradingViewTexts(),
    '',
    '## OAuth 2.0',
    '',
    'Addresses under `/oauth/` that answer programs answer with `error` and a status; people read pages, which say the same in their language.',
    '',
    ...markdownTable(
      ['`error`', 'cause', 'what to do'],
      Object.entries(oauthMeanings).map(([code, { cause, remedy }]) => [`\`${code}\``, cause, remedy]),
    ),
    '',
    '## WebSocket: codes of a session',
    '',
    'In `error.code`, and in `error` of an answer, beside the codes above.',
    '',
    ...markdownTable(
      ['code', 'cause', 'what to do'],
      Object.entries(sessionErrorMeanings).map(([code, { cause, remedy }]) => [`\`${code}\``, cause, remedy]),
    ),
    '',
    '## WebSocket: how a connection ends',
    '',
    ...markdownTable(
      ['code', 'reason', 'cause', 'what to do'],
      Object.entries(closeMeanings).map(([name, { cause, remedy }]) => [
        String(closeCodes[name as CloseName]),
        `\`${name}\``,
        cause,
        remedy,
      ]),
    ),
    '',
    '## ProQuant: names',
    '',
    'A problem that the sender knows a name for has it as `type`, and the header `x-proquant-error: 1`.',
    '',
    ...proquantNames(),
    '',
    '## ProQuant: answers without a name',
    '',
    ...markdownTable(
      ['status', 'cause', 'what to do'],
      Object.entries(UNNAMED_STATUSES).map(([status, { cause, remedy }]) => [status, cause, remedy]),
    ),
    '',
    '## Console',
    '',
    'A failure is `{"error":"…"}`, a sentence that says what was wrong with this question, or what does not work now.',
    '',
    ...byStatus('console'),
    '',
    '## The simulator’s control API',
    '',
    'A failure is `{"error":"…"}`; one of fields names each of them in `fields`.',
    '',
    ...byStatus('xapi-simulator'),
  ];
  return { path: 'docs/errors.md', text: `${text.join('\n')}\n` };
}

function reasons<Reason extends Parameters<typeof errorCodeOf>[0]>(
  all: readonly Reason[],
  meanings: Readonly<Record<Reason, Meaning>>,
  texted: string,
  problemOf?: (reason: Reason) => Problem,
  passes?: (reason: Reason) => boolean,
): readonly string[] {
  const head = [
    'reason',
    'cause',
    'what to do',
    ...(passes ? ['passes'] : []),
    'TradingView says',
    'WebSocket',
    ...(problemOf ? ['ProQuant'] : []),
  ];
  const rows = all.map((reason) => [
    ...[`\`${reason}\``, meanings[reason].cause, meanings[reason].remedy],
    ...(passes ? [passes(reason) ? 'yes' : 'no'] : []),
    texts[`${texted}.${reason}`] ?? texts[`${texted}.other`] ?? '–',
    `\`${errorCodeOf(reason)}\``,
    ...(problemOf ? [problemText(problemOf(reason))] : []),
  ]);
  return markdownTable(head, rows);
}

const limits = (): readonly string[] =>
  markdownTable(
    ['limit', 'TradingView says', 'ProQuant'],
    LimitKind.options.map((limit) => {
      const breach = { limit, of: 'account', allowed: '1', found: '2' } as const;
      return [
        `\`${limit}\``,
        texts[`limit.${limit}`] ?? '',
        problemText(problemOfRefusal({ reason: 'limit-exceeded', text: null, breach })),
      ];
    }),
  );

/** The failures of an app's table, each as it is said there first. */
function byStatus(app: string): readonly string[] {
  const answers = Object.values<HttpOperation>(httpApiOf(app).operations).flatMap((operation) =>
    Object.entries(operation.answers),
  );
  const failures = new Map(
    answers.flatMap(([status, { meaning }]) => (Number(status) >= 400 ? [[status, meaning] as const] : [])),
  );
  return markdownTable(
    ['status', 'cause'],
    [...failures].toSorted(([one], [two]) => Number(one) - Number(two)),
  );
}

const problemText = ({ status, type }: Problem): string => (type === null ? String(status) : `${status} \`${type}\``);

const tradingViewTexts = (): readonly string[] =>
  markdownTable(
    ['text', 'cause', 'what to do'],
    Object.entries(texts).flatMap(([key, said]) => {
      const [family = ''] = key.split('.');
      const meaning = family === 'limit' || LABELS.includes(key) ? undefined : TEXT_FAMILIES[family];
      return meaning ? [[said, meaning.cause, meaning.remedy]] : [];
    }),
  );

function proquantNames(): readonly string[] {
  const byName = new Map<string, string[]>();
  for (const reason of SignalRefusal.options) {
    const problem = problemOfSignal(reason);
    if (problem.type !== null)
      byName.set(problemText(problem), [...(byName.get(problemText(problem)) ?? []), `\`${reason}\``]);
  }
  return markdownTable(
    ['status and type', 'of a signal that was refused for'],
    [...byName].map(([name, of]) => [name, of.join(', ')]),
  );
}
