import type { RecordedEvent } from '@core/contracts/event';
import type { Uuid } from '@core/contracts/primitives';
import { describeEvent } from '@core/operations/describe-event';
import { setTimeout as pause } from 'node:timers/promises';
import { shortTime } from './output.ts';
import type { OperatedSystem } from './system.ts';

const WAIT_MS = 10_000;
const PAUSE_MS = 200;

/** How a signal stands after them. */
const OUTCOMES: ReadonlySet<string> = new Set([
  'SignalExecuted',
  'SignalRefused',
  'SignalOutcomeUnknown',
  'SignalHalfDone',
  'SignalShadowed',
]);

/** What the log has of a signal, a line for each event. */
export const storyOf = async (system: OperatedSystem, signalId: Uuid): Promise<string[]> =>
  (await system.log.readCorrelation(signalId)).map(
    (event) => `${shortTime(event.recordedtime)}  ${event.type}  ${describeEvent(event)}`,
  );

/** What was done for a signal, or would have been in shadow; null where the log says nothing of it. */
export const effectOf = async (system: OperatedSystem, signalId: Uuid): Promise<string | null> =>
  (await system.log.readCorrelation(signalId)).flatMap(done).join(', ') || null;

function done(event: RecordedEvent): string[] {
  switch (event.type) {
    case 'PositionOpened': {
      const { side, volumeLots, instrument, price } = event.data;
      return [`opened ${side} ${volumeLots} ${instrument} at ${price}`];
    }
    case 'PositionClosed':
      return [`closed ${event.data.volumeLots} at ${event.data.price}`];
    case 'SignalShadowed':
      return [describeEvent(event)];
    default:
      return [];
  }
}

/** What a signal came to after a position of the log; null where nothing did in time. */
export async function outcomeAfter(
  system: OperatedSystem,
  signalId: Uuid,
  position: number,
): Promise<RecordedEvent | null> {
  for (const end = Date.now() + WAIT_MS; Date.now() < end; await pause(PAUSE_MS)) {
    const story = await system.log.readCorrelation(signalId);
    const outcome = story.find((event) => event.position > position && OUTCOMES.has(event.type));
    if (outcome) return outcome;
  }
  return null;
}
