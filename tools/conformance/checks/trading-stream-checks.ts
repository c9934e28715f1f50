import { isFailure } from '../answer-judge.ts';
import { supports, type BrokerAccount } from '../broker-words.ts';
import type { BrokerSession } from '../broker-session.ts';
import type { ConformanceCheck } from '../conformance-check.ts';
import type { OperationName } from '../operations.ts';
import { parsedLine, silences, unreadable } from '../rules/line-rules.ts';
import { judged, skipped, type Fault, type Verdict } from '../verdict.ts';
import type { WireRecording } from '../wire.ts';

/** Long enough for a ping after five seconds of silence. */
const LISTENED_MS = 7_000;

interface HeardStream {
  readonly name: OperationName;
  readonly recording: WireRecording;
  readonly untilMs: number;
}

const namesFor = (account: BrokerAccount): readonly OperationName[] => [
  ...(['streamState', 'streamOrders', 'streamQuotes'] as const),
  ...(supports(account, 'PositionNetting')
    ? (['streamNetPositions', 'streamIndividualPositions'] as const)
    : (['streamPositions'] as const)),
];

/** What was heard of the first account; whether a broker has streams is agreed with TradingView and not told by a flag. */
const heardStreams = (session: BrokerSession): Promise<readonly HeardStream[]> =>
  session.once('the streams of an account', async () => {
    const { client } = session;
    const account = (await session.accounts())[0];
    if (!account) return [];
    const symbols = (await session.instruments(account)).slice(0, 5).map(({ name }) => name);
    const quotes = { accountId: account.id, symbols: symbols.join(',') };
    const all = await Promise.all(
      namesFor(account).map(async (name) => {
        const query = name === 'streamQuotes' ? quotes : {};
        const recording = await client.listen(name, LISTENED_MS, { params: { accountId: account.id }, query });
        return { name, recording, untilMs: client.wire.nowMs() };
      }),
    );
    const served = all.filter(({ recording: { status, lines } }) => {
      const [first] = lines;
      return status === 200 && first !== undefined && !isFailure(parsedLine(first.text));
    });
    for (const { name, recording } of served)
      for (const { text } of recording.lines) client.log.body(name, parsedLine(text), `GET ${name}`);
    return served;
  });

const check = (
  name: string,
  title: string,
  why: string,
  find: (heard: HeardStream) => readonly Fault[],
): ConformanceCheck => ({
  id: `trading-streams.${name}`,
  title,
  why,
  run: async (session): Promise<Verdict> => {
    const heard = await heardStreams(session);
    if (heard.length === 0) return skipped('the server has none: TradingView polls instead');
    const faults = heard.flatMap((each) => find(each).map((fault) => ({ ...fault, at: each.name })));
    return judged(faults, heard.map((each) => each.name).join(', '));
  },
});

const snapshot = ({ name, recording }: HeardStream): readonly Fault[] => {
  const first = parsedLine(recording.lines[0]?.text ?? '');
  const isWhole = name === 'streamState' ? typeof first === 'object' && !('s' in (first ?? {})) : Array.isArray(first);
  return isWhole ? [] : [{ expected: 'everything in the first message', got: recording.lines[0]?.text ?? 'nothing' }];
};

const endless = ({ recording: { closedMs, startedMs } }: HeardStream): readonly Fault[] =>
  closedMs === undefined
    ? []
    : [{ expected: 'a stream that the server does not end', got: `an end after ${(closedMs - startedMs) / 1_000} s` }];

export const tradingStreamChecks: readonly ConformanceCheck[] = [
  check('lines', 'A line is a message', 'What is no JSON is dropped.', ({ recording }) => unreadable(recording)),
  check('snapshot', 'The first message is everything', 'What comes later is changes alone.', snapshot),
  check('ping', 'Something is said every five seconds', 'Silence is taken for a broken line.', (heard) =>
    silences(heard.recording, heard.untilMs),
  ),
  check('stays-open', 'The server does not end them', 'What happens meanwhile would be missed.', endless),
];
