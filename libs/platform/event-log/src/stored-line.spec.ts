import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { anEvent, exampleId, recorded } from '@core/contracts/examples.fixture';
import type { RecordedEvent } from '@core/contracts/event';
import { decodeLine, encodeLine } from './stored-line.ts';

const EVENTS = 1_000;
const TEXTS = ['id', 'type', 'subject', 'time', 'correlationid', 'causationid', 'source', 'recordedtime'] as const;

const halted = anEvent('TradingHalted', { operator: 'ada', note: 'x'.repeat(10_000) }, { causationid: exampleId(7) });
const [event] = recorded([halted]) as [RecordedEvent];

/** As a database sends it: one text. */
const aLine = (): string => Buffer.from(encodeLine(event)).toString();

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heldBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

it.each(TEXTS)('whoever keeps the %s of an event does not keep all of it', (text) => {
  const before = heldBytes();
  const kept = Array.from({ length: EVENTS }, () => decodeLine(aLine(), {})[text]);
  expect(heldBytes() - before).toBeLessThan((EVENTS * encodeLine(event).length) / 4);
  expect(new Set(kept)).toEqual(new Set([event[text]]));
});
