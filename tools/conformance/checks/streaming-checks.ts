import type { BrokerSession } from '../broker-session.ts';
import type { ConformanceCheck } from '../conformance-check.ts';
import { barsOfTrades, differences, MINUTE } from '../rules/bar-rules.ts';
import {
  lateLines,
  linesOf,
  parsedLine,
  silences,
  timesGoingBack,
  unreadable,
  type StreamLine,
} from '../rules/line-rules.ts';
import { symbolRows } from '../rules/symbol-rules.ts';
import { isOpenAt } from '../rules/trading-day.ts';
import { advised, judged, skipped, UnfitAnswer, type Fault, type Verdict } from '../verdict.ts';
import type { WireRecording } from '../wire.ts';
import { askBars } from './per-symbol.ts';

const READERS = 4;
/** Shorter than this, a quiet symbol may have had nothing to say. */
const TELLING_MS = 60_000;
/** Share of minutes that may differ between stream and history. */
const DIFFERENT_MAX = 0.05;

interface Heard {
  readonly recordings: readonly WireRecording[];
  readonly lines: readonly StreamLine[];
  readonly untilMs: number;
}

/** Four readers at a time, once for all checks; every line of the first is looked at for its form. */
const heard = (session: BrokerSession): Promise<Heard> =>
  session.once('the stream', async () => {
    const { client, options } = session;
    const recordings = await Promise.all(
      Array.from({ length: READERS }, () => client.listen('streaming', options.effort.streamMs)),
    );
    const [one] = recordings;
    if (!one || one.status !== 200)
      throw new UnfitAnswer({ expected: 'HTTP 200', got: `HTTP ${one?.status}`, at: 'GET /streaming' });
    for (const { text } of one.lines) client.log.body('streaming', parsedLine(text), one.at);
    return { recordings, lines: linesOf(one), untilMs: client.wire.nowMs() };
  });

type Find = (heard: Heard, session: BrokerSession) => readonly Fault[] | Promise<readonly Fault[]>;

const check = (name: string, title: string, why: string, find: Find, judge = judged): ConformanceCheck => ({
  id: `streaming.${name}`,
  title,
  why,
  run: async (session) => {
    if (session.options.data === null) return skipped('the broker has no data part');
    const all = await heard(session);
    const faults = await find(all, session);
    return judge(faults.slice(0, 10), `${all.lines.length} lines in ${session.options.effort.streamMs / 1_000} s`);
  },
});

const header: Find = ({ recordings }) =>
  recordings.slice(0, 1).flatMap(({ headers }) => {
    const [transfer, encoding] = [headers['transfer-encoding'] ?? 'none', headers['content-encoding']];
    return [
      ...(transfer.includes('chunked') ? [] : [{ expected: 'Transfer-Encoding: chunked', got: transfer }]),
      ...(encoding === undefined ? [] : [{ expected: 'no compression: it holds messages back', got: encoding }]),
    ];
  });

const open: Find = ({ recordings }) =>
  recordings.flatMap(({ closedMs, startedMs }) =>
    closedMs === undefined
      ? []
      : [
          {
            expected: 'a stream that the server does not end',
            got: `an end after ${(closedMs - startedMs) / 1_000} s`,
          },
        ],
  );

const readers: Find = ({ recordings }) =>
  recordings
    .map(({ status, lines }, index) => ({ status, lines, index }))
    .filter(({ status, lines }) => status !== 200 || lines.length === 0)
    .map(({ status, lines, index }) => ({
      expected: `${READERS} readers that hear`,
      got: `reader ${index + 1}: HTTP ${status}, ${lines.length} lines`,
    }));

const known: Find = async ({ lines }, session) => {
  const tickers = new Set(symbolRows(await session.symbols()).map(({ ticker }) => ticker));
  const strangers = new Set(lines.flatMap(({ id }) => (id === undefined || tickers.has(id) ? [] : [id])));
  return [...strangers].map((id) => ({ expected: 'ids of /symbol_info', got: id }));
};

async function everySymbol(session: BrokerSession): Promise<Verdict> {
  if (session.options.data === null) return skipped('the broker has no data part');
  const { lines, untilMs } = await heard(session);
  const second = Math.floor(untilMs / 1_000);
  const rows = symbolRows(await session.symbols()).filter((row) => isOpenAt(row, second));
  const faults = (['t', 'q'] as const).flatMap((kind) => {
    const ticking = new Set(lines.filter(({ f }) => f === kind).map(({ id }) => id));
    return rows
      .filter(({ ticker }) => !ticking.has(ticker))
      .map(({ ticker }) => ({ expected: `${kind === 't' ? 'trades' : 'quotes'} of ${ticker}`, got: 'none' }));
  });
  if (lines.every(({ f }) => f === undefined) && rows.length > 0) return judged(faults.slice(0, 10));
  const judge = session.options.effort.streamMs >= TELLING_MS ? judged : advised;
  return judge(faults.slice(0, 10), `${rows.length} symbols in session`);
}

const trades = (lines: readonly StreamLine[], of: string) =>
  lines.flatMap(({ f, id, t, p, s }) =>
    f === 't' && id === of && t !== undefined && p !== undefined && s !== undefined ? [{ t, p, s }] : [],
  );

/** Minutes that were heard from their first second to their last. */
async function equalsHistory(session: BrokerSession): Promise<Verdict> {
  if (session.options.data === null) return skipped('the broker has no data part');
  const { recordings, lines, untilMs } = await heard(session);
  const from = Math.ceil((recordings[0]?.startedMs ?? 0) / 60_000) * MINUTE;
  const to = Math.floor(untilMs / 60_000) * MINUTE - 1;
  if (to <= from) return skipped('no minute was heard wholly: listen longer (--stream-seconds)');
  await session.client.wire.wait(5_000);
  const rows = symbolRows(await session.symbols()).slice(0, session.options.effort.symbols);
  const faults: Fault[] = [];
  let bars = 0;
  for (const row of rows) {
    const made = barsOfTrades(trades(lines, row.ticker)).filter(({ t }) => t >= from && t < to);
    const told = await askBars(session, row, { from, to });
    bars += Math.max(made.length, told.length);
    for (const fault of differences(told, made)) faults.push({ ...fault, at: row.symbol });
  }
  const judge = faults.length > DIFFERENT_MAX * bars ? judged : advised;
  return judge(faults.slice(0, 10), `${bars} bars`);
}

const daily: Find = async ({ lines }, session) => {
  const promised = symbolRows(await session.symbols()).some(({ hasDaily }) => hasDaily);
  return !promised || lines.some(({ f }) => f === 'd') ? [] : [{ expected: 'a daily bar', got: 'none' }];
};

export const streamingChecks: readonly ConformanceCheck[] = [
  check('header', 'The stream comes in chunks, uncompressed', 'A proxy would hold ticks back.', header),
  check('lines', 'A line is a message', 'What is no JSON is dropped.', ({ recordings }) =>
    recordings.flatMap(unreadable),
  ),
  check('stays-open', 'The server never ends the stream', 'Ticks are lost until it is opened again.', open),
  check('heartbeat', 'Something is said every five seconds', 'Silence is taken for a broken line.', (all) =>
    all.recordings.flatMap((recording) => silences(recording, all.untilMs)),
  ),
  check('readers', 'Four readers hear at the same time', 'TradingView opens as many.', readers),
  check('symbols', 'Every id is a symbol that was announced', 'Others are errors at TradingView.', known),
  check('times', 'Times never go back', 'A tick of the past changes a bar that was drawn.', ({ lines }) =>
    timesGoingBack(lines),
  ),
  check('delay', 'Ticks come within five seconds', 'Charts lag behind the market.', ({ lines }) =>
    lateLines(lines, 5_000),
  ),
  check(
    'delay-of-a-second',
    'Ticks come within a second',
    'It is what the manual asks for.',
    ({ lines }) => lateLines(lines, 1_000),
    advised,
  ),
  {
    id: 'streaming.every-symbol',
    title: 'Every symbol in session has trades and quotes',
    why: 'A symbol that is silent has a dead chart.',
    run: everySymbol,
  },
  {
    id: 'streaming.equals-history',
    title: 'Bars made of trades are those of the history',
    why: 'A chart would change when the page is loaded again; 5 % of the minutes may.',
    run: equalsHistory,
  },
  check('daily', 'Daily bars are told', 'The chart of days moves by them.', daily, advised),
];
