// Runs in which every invariant held, to be broken one by one.
import type { Event, RecordedEvent } from '@core/contracts/event';
import { anEvent, exampleId, recorded } from '@core/contracts/examples.fixture';
import { fold } from '@core/kernel/projection';
import { snapshotKeyOf } from '@core/projection-runner/releases';
import { anyHistory } from '@core/projections/histories.fixture';
import { accountPositions } from '@core/projections/positions';
import { openRequests } from '@core/projections/requests';
import { sessionBook } from '@core/views/ws-session/session-book';
import fc from 'fast-check';
import { grouped } from './grouped.ts';
import type { Acknowledgement, HeardFrame, RunRecord } from './run-record.ts';

export const anyCalmRun: fc.Arbitrary<RunRecord> = anyHistory(5).map((history) => {
  const accounts = [...new Set([exampleId(0xacc1), ...history.map(({ subject }) => subject)])];
  const begun = [
    ...accounts.map((subject) => of(subject, anEvent('AccountRegistered'))),
    ...history,
    ...anOrder(0x3000),
  ];
  begun.push(...anOrder(0x4000), anEvent('SignalReceived'));
  const told = [...begun, ...ended(begun)].map((event, index) => ({ ...event, id: exampleId(0x9000 + index) }));
  return calmRunOf(recorded(told));
});

/** What reached the broker, so that every run has something of everything. */
const anOrder = (n: number): readonly Event[] => [
  anEvent('OrderRequested', { orderId: exampleId(n) }),
  anEvent('RequestDispatched', { requestId: exampleId(n) }),
  anEvent('OrderFilled', { orderId: exampleId(n), positionId: exampleId(n + 1) }),
  anEvent('PositionOpened', { orderId: exampleId(n), positionId: exampleId(n + 1), brokerPosition: `6${n}` }),
];

const of = (subject: string, event: Event): Event => ({ ...event, subject });

/** Every request comes to an end. */
const ended = (events: readonly Event[]): Event[] =>
  [...grouped(recorded(events), ({ subject }) => subject)].flatMap(([subject, own]) =>
    Object.keys(fold(openRequests, own)).map((requestId) => of(subject, anEvent('RequestExpired', { requestId }))),
  );

function calmRunOf(log: readonly RecordedEvent[]): RunRecord {
  const head = log.length;
  const accounts = [...grouped(log, ({ subject }) => subject)];
  const claimed = log.flatMap((event) => (event.type === 'RequestDispatched' ? [event.data.requestId] : []));
  const frames = accounts.flatMap(([account, events]) => framesOf(account, fold(sessionBook, events).sequence));
  return {
    log,
    chain: {
      ok: true,
      events: head,
      batches: 1,
      digest: '',
      signedTo: null,
      forgotten: { ids: 0, answers: 0 },
      detachedTo: 0,
    },
    acknowledged: log.flatMap(acknowledgementsOf),
    heard: [{ reader: 'reader 1', from: {}, frames }],
    intake: {
      messages: [{ sequence: 1, eventIds: log.map(({ id }) => id), cases: ['case 1'] }],
      ...{ last: 1, taken: 1, quarantined: new Set(['case 1']) },
    },
    states: accounts.map(([account, events]) => ({
      ...{ owner: 'ws-session', ...snapshotKeyOf(sessionBook.name, { version: sessionBook.version, build: 0 }) },
      ...{ account, position: head, state: fold(sessionBook, events) },
    })),
    tables: [{ owner: 'tv-gateway', name: 'history', position: head, differing: [] }],
    checkpoints: [
      { reader: 'ws-session', position: 1, head: 1 },
      { reader: 'ws-session', position: head, head },
    ],
    answers: accounts.flatMap(([account]) =>
      ['first', 'second'].map((instance) => ({
        ...{ edge: 'tv-gateway', instance, account, position: head, answer: { orders: [{ id: account }] } },
      })),
    ),
    broker: {
      sent: [...new Set(claimed)].map((requestId, index) => ({ requestId, place: `#${index}` })),
      open: accounts.map(([account, events]) => ({ account, brokerPositions: brokerPositionsOf(events) })),
    },
    healings: [{ fault: 'kill ledger', afterMs: 60_000, quietMs: 1_000 }],
  };
}

const framesOf = (account: string, count: number): HeardFrame[] =>
  Array.from({ length: count }, (_, index) => ({ account, sequence: index + 1 }));

const acknowledgementsOf = (event: RecordedEvent): Acknowledgement[] => {
  const { id, position } = event;
  const told: Acknowledgement = { of: 'event', by: 'the feed', id, position };
  if (event.type === 'OrderRequested')
    return [told, { of: 'order', by: 'tv-gateway', wish: event.data.orderId, requestId: event.data.orderId }];
  if (event.type !== 'SignalReceived') return [told];
  return [told, { of: 'signal', by: 'proquant-webhook', externalPositionId: event.data.signal.externalPositionId }];
};

const brokerPositionsOf = (events: readonly RecordedEvent[]): string[] =>
  Object.values(fold(accountPositions, events).positions)
    .filter(({ status }) => status === 'open')
    .map(({ brokerPosition }) => brokerPosition);
