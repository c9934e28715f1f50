import { anEvent, exampleId, recorded } from '@core/contracts/examples.fixture';
import type { Event, RecordedEvent } from '@core/contracts/event';
import { present } from '@core/kernel/present';
import { sessionBook } from '@core/views/ws-session/session-book';
import fc from 'fast-check';
import { anyCalmRun } from './calm-run.fixture.ts';
import { checkRun } from './check-run.ts';
import type { HeardFrame, RunRecord } from './run-record.ts';
import { violationText, type RuleName } from './violation.ts';

const BOUNDS = { healedWithinMs: 10_000 };
const NOBODY = exampleId(0xdead);

const broken = (record: RunRecord): RuleName[] => [...new Set(checkRun(record, BOUNDS).map(({ rule }) => rule))];

const last = <Thing>(things: readonly Thing[]): Thing => present(things.at(-1), 'a run has some');

/** One more event at the end of the log, which no state has seen. */
function oneMore({ log, ...rest }: RunRecord, event: Event, place: Partial<RecordedEvent> = {}): RunRecord {
  const { position } = last(log);
  const versions = log.filter(({ subject }) => subject === event.subject).map(({ version }) => version);
  const [next] = recorded([{ ...event, id: NOBODY }]);
  const placed = { ...present(next, 'one'), position: position + 1, version: Math.max(0, ...versions) + 1, ...place };
  return { ...rest, log: [...log, placed as RecordedEvent] };
}

/** The frames of the first reader, changed. */
const hearing = (run: RunRecord, change: (frames: readonly HeardFrame[]) => readonly HeardFrame[]): RunRecord => ({
  ...run,
  heard: run.heard.map((each) => ({ ...each, frames: change(each.frames) })),
});

/** The position of the event that a frame tells. */
function placeOf({ log }: RunRecord, frame: HeardFrame | undefined): number | undefined {
  const book = sessionBook.initial();
  return log.find((event) => {
    if (event.subject !== frame?.account) return false;
    sessionBook.evolve(book, event);
    return book.sequence >= frame.sequence;
  })?.position;
}

const withIntake = (run: RunRecord, intake: Partial<RunRecord['intake']>): RunRecord => ({
  ...run,
  intake: { ...run.intake, ...intake },
});

/** Whoever tells nothing of it is what an added event must be. */
const silent = anEvent('AccountReconciled');

/** A way to break a run, and what it breaks. */
const BREAKS: readonly (readonly [rule: RuleName, how: string, change: (run: RunRecord) => RunRecord])[] = [
  [
    'acknowledged',
    'an order that was taken is gone',
    (run) => ({
      ...run,
      acknowledged: [...run.acknowledged, { of: 'order', by: 'tv-gateway', wish: 'w', requestId: NOBODY }],
    }),
  ],
  [
    'acknowledged',
    'a signal that was taken is gone',
    (run) => ({
      ...run,
      acknowledged: [...run.acknowledged, { of: 'signal', by: 'proquant-webhook', externalPositionId: 'nobody' }],
    }),
  ],
  [
    'acknowledged',
    'an event stands elsewhere than its sender was told',
    (run) => ({
      ...run,
      acknowledged: [...run.acknowledged, { of: 'event', by: 'the feed', id: last(run.log).id, position: 1 }],
    }),
  ],
  ['once', 'an id stands twice', (run) => oneMore(run, silent, { id: last(run.log).id })],
  ['gap-free', 'a position is left out', (run) => oneMore(run, silent, { position: run.log.length + 2 })],
  [
    'gap-free',
    'a position comes twice',
    (run) => oneMore({ ...run, states: [], acknowledged: [] }, silent, { position: run.log.length }),
  ],
  ['versions', 'a version is left out', (run) => oneMore(run, silent, { version: 1_000 })],
  ['heard', 'a reader misses one', (run) => hearing(run, (frames) => frames.filter((_, index) => index !== 1))],
  [
    'heard',
    'a reader hears one twice',
    (run) => hearing(run, ([first, ...rest]) => (first ? [first, first, ...rest] : [])),
  ],
  [
    'heard',
    'a reader hears two in the wrong order',
    (run) => hearing(run, ([first, second, ...rest]) => (first && second ? [second, first, ...rest] : [])),
  ],
  ['heard', 'a reader misses the end', (run) => hearing(run, (frames) => frames.slice(0, -1))],
  [
    'heard',
    'a reader hears what nobody tells',
    (run) =>
      hearing(run, (frames) => [...frames, { account: last(frames).account, sequence: last(frames).sequence + 1 }]),
  ],
  [
    'fold',
    'a state is not the fold',
    (run) => ({
      ...run,
      states: run.states.map((kept, index) =>
        index === 0 ? { ...kept, state: { ...(kept.state as object), sequence: 7_777 } } : kept,
      ),
    }),
  ],
  [
    'fold',
    'a state says that it has more events in it',
    (run) => ({
      ...oneMore(run, anEvent('BalanceChanged')),
      heard: [],
      states: run.states.map((kept) => ({ ...kept, position: kept.position + 1 })),
    }),
  ],
  [
    'fold',
    'a row is not what the log makes of it',
    (run) => ({
      ...run,
      tables: run.tables.map((each) => ({ ...each, differing: [{ account: NOBODY, what: 'json.qty' }] })),
    }),
  ],
  [
    'chain',
    'the digests do not fit',
    (run) => ({ ...run, chain: { ok: false, position: 1, why: 'it is not what was committed' } }),
  ],
  [
    'checkpoints',
    'a checkpoint is ahead of the log',
    (run) => ({
      ...run,
      checkpoints: [...run.checkpoints, { reader: 'tv-gateway', position: 10_000, head: run.log.length }],
    }),
  ],
  [
    'checkpoints',
    'a checkpoint goes back',
    (run) => ({
      ...run,
      checkpoints: [...run.checkpoints, { reader: 'ws-session', position: run.log.length - 1, head: run.log.length }],
    }),
  ],
  [
    'accounted',
    'an event that was received is nowhere',
    (run) => withIntake(run, { messages: [...run.intake.messages, { sequence: 1, eventIds: [NOBODY], cases: [] }] }),
  ],
  ['accounted', 'poison was not set aside', (run) => withIntake(run, { quarantined: new Set() })],
  ['accounted', 'a message waits for ever', (run) => withIntake(run, { last: 2 })],
  [
    'agreement',
    'two instances say different things',
    (run) => ({
      ...run,
      answers: run.answers.map((each, index) => (index === 1 ? { ...each, answer: { orders: [] } } : each)),
    }),
  ],
  [
    'caught-up',
    'it never heals',
    (run) => ({ ...run, healings: [{ fault: 'kill ledger', afterMs: null, quietMs: null }] }),
  ],
  [
    'caught-up',
    'it heals too late',
    (run) => ({ ...run, healings: [{ fault: 'kill ledger', afterMs: 10_001, quietMs: 10_001 }] }),
  ],
  [
    'sent-once',
    'a request reaches the broker twice',
    (run) => ({
      ...run,
      broker: { ...run.broker, sent: [...run.broker.sent, { ...last(run.broker.sent), place: 'again' }] },
    }),
  ],
  [
    'sent-once',
    'a request reaches the broker without a claim',
    (run) => ({
      ...run,
      broker: { ...run.broker, sent: [...run.broker.sent, { requestId: NOBODY, place: 'first' }] },
    }),
  ],
  [
    'outcome',
    'a request is open for ever',
    (run) => oneMore(run, anEvent('AmendmentRequested', { requestId: NOBODY })),
  ],
  [
    'one-order',
    'one wish makes two orders',
    (run) => ({
      ...run,
      acknowledged: [
        ...run.acknowledged,
        ...[0x3000, 0x4000].map((id) => ({
          ...({ of: 'order', by: 'tv-gateway', wish: 'the same' } as const),
          requestId: exampleId(id),
        })),
      ],
    }),
  ],
  [
    'broker-agrees',
    'the broker holds what we do not know',
    (run) => ({
      ...run,
      broker: {
        ...run.broker,
        open: run.broker.open.map((each) => ({ ...each, brokerPositions: [...each.brokerPositions, '7'] })),
      },
    }),
  ],
  [
    'broker-agrees',
    'we hold what the broker does not',
    (run) => ({
      ...run,
      broker: { ...run.broker, open: run.broker.open.map((each) => ({ ...each, brokerPositions: [] })) },
    }),
  ],
];

describe('the checker', () => {
  it('finds nothing in a run in which all invariants held', () => {
    fc.assert(
      fc.property(anyCalmRun, (run) => expect(checkRun(run, BOUNDS)).toEqual([])),
      { numRuns: 30 },
    );
  });

  it.each(BREAKS)('names %s, and nothing else, where %s', (rule, _, change) => {
    fc.assert(
      fc.property(anyCalmRun, (run) => expect(broken(change(run))).toEqual([rule])),
      { numRuns: 5 },
    );
  });

  it('lets a reader who was cut off within an event hear that event again', () => {
    fc.assert(
      fc.property(anyCalmRun, (run) => {
        const again = hearing(run, (frames) =>
          frames.flatMap((frame, index) => {
            const next = frames[index + 1];
            const isWithin = next !== undefined && placeOf(run, frame) === placeOf(run, next);
            return isWithin && placeOf(run, frames[index - 1]) !== placeOf(run, frame) ? [frame, frame] : [frame];
          }),
        );
        expect(checkRun(again, BOUNDS)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('says where in the log it is', () => {
    const [run] = fc.sample(anyCalmRun, { numRuns: 1, seed: 1 });
    const twice = oneMore(present(run, 'one'), silent, { id: exampleId(0x9000) });
    expect(checkRun(twice, BOUNDS).map(violationText)).toEqual([
      `once: position ${twice.log.length}: event ${exampleId(0x9000)} stands at 1 already`,
    ]);
  });
});
