import type { Answer, Command } from '@core/contracts/command';
import { anEvent, exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import type { Event, RecordedEvent } from '@core/contracts/event';
import { refusal } from '@core/contracts/refusal';
import {
  applySpan,
  askSpan,
  brokerSpan,
  commitSpan,
  decisionSpan,
  requestSpan,
  showSpan,
  stepsAmong,
} from './story-spans.ts';
import { spanIdOf } from './trace-context.ts';
import type { Span } from './tracing.ts';

const order = exampleId(1);
const took = { beganMs: 1, endedMs: 2 };
const command = (commandid: string): Command => ({
  type: 'HaltTrading',
  ...{ commandid, source: 'spec@0', subject: exampleAccount, time: '2026-01-05T10:00:00.000000Z' },
  ...{ correlationid: order, data: { operator: 'ada', note: 'x' } },
});
const recorded = (event: Event): RecordedEvent => ({
  ...event,
  ...{ correlationid: order, position: 7, version: 1, recordedtime: '2026-01-05T10:00:00.000000Z' },
});
const ok: Answer = { ok: true, position: 7, eventIds: [] };

/** Each of these goes back to one of the others, but for the first. */
const isOneTree = (spans: readonly Span[]): boolean =>
  spans.filter(({ after }) => after === null).length === 1 &&
  spans.every(({ after }) => after === null || spans.some(({ id }) => id === after));

describe('the steps of a story', () => {
  const place = command(order);
  const claim = command(exampleId(2));
  const requested = recorded({ ...anEvent('OrderRequested'), id: exampleId(3), causationid: order });
  const dispatched = recorded({ ...anEvent('RequestDispatched'), id: exampleId(4), causationid: requested.id });
  const opened = recorded({ ...anEvent('PositionOpened'), id: exampleId(5), causationid: dispatched.id });
  const asked = { event: undefined, correlation: order };
  const claiming = { event: requested.id, correlation: order };
  const about = { correlation: order, claim: dispatched.id, kind: 'order', requestId: order, account: exampleAccount };

  const story: readonly Span[] = [
    requestSpan({ request: 'place', accountId: exampleAccount, correlation: order, failure: null }, took),
    askSpan(place, asked, ok, took),
    decisionSpan(place, spanIdOf(order, 'ask'), ok, took),
    commitSpan(requested, took),
    applySpan(requested, 3),
    askSpan(claim, claiming, ok, took),
    decisionSpan(claim, spanIdOf(claim.commandid, 'ask'), ok, took),
    commitSpan(dispatched, took),
    brokerSpan({ ...about, failure: null }, took),
    commitSpan(opened, took),
    showSpan(opened, 'positions', 3),
  ];

  it('are one tree, though each process knows nothing of the others', () => {
    expect(isOneTree(story)).toBe(true);
    for (const [index, { id }] of story.entries()) {
      const without = story.toSpliced(index, 1);
      const isLeadingOn = id !== null && without.some(({ after }) => after === id);
      expect([index, isOneTree(without)]).toEqual([index, !isLeadingOn && index > 0]);
    }
    expect(new Set(story.flatMap(({ id }) => id ?? [])).size).toBe(story.filter(({ id }) => id !== null).length);
  });

  it('say why they came to nothing', () => {
    const refused: Answer = { ok: false, refusal: refusal('trading-halted') };
    expect(decisionSpan(place, null, refused, took).failure).toBe('trading-halted');
    expect(askSpan(place, asked, refused, took).failure).toBe('trading-halted');
    expect(askSpan(place, asked, null, took).failure).toBe('no answer');
  });

  it('begin where nobody of ours asked', () => {
    expect(askSpan(place, { event: undefined, correlation: undefined }, ok, took).after).toBeNull();
    expect(commitSpan(recorded({ ...anEvent('PositionOpened'), causationid: null }), took).after).toBeNull();
  });

  it('are not samples of equity', () => {
    expect(stepsAmong([recorded(anEvent('EquityMarked')), opened])).toEqual([opened]);
  });
});
