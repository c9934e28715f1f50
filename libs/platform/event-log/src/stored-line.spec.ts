import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { anEvent, exampleId, recorded } from '@core/contracts/examples.fixture';
import type { RecordedEvent } from '@core/contracts/event';
import { LINE } from '@core/log-proof/line';
import { decodeLines, encodeLine } from './stored-line.ts';

const PAGES = 16;
const PAGE_BYTES = 1_000_000;
const TEXTS = ['id', 'type', 'subject', 'time', 'correlationid', 'causationid', 'source', 'recordedtime'] as const;

const halted = anEvent('TradingHalted', { operator: 'ada', note: 'x'.repeat(10_000) }, { causationid: exampleId(7) });
const [event] = recorded([halted]) as [RecordedEvent];

/** As a database sends it: one text. */
function aPage(): string {
  const line = encodeLine(event);
  const lines = Array<string>(Math.ceil(PAGE_BYTES / line.length)).fill(line);
  return Buffer.from(lines.join(LINE)).toString();
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heldBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

it.each(TEXTS)('whoever keeps the %s of an event does not keep the page that it was read in', (text) => {
  const before = heldBytes();
  const kept = Array.from({ length: PAGES }, () => decodeLines(aPage(), {})[0]?.[text]);
  expect(heldBytes() - before).toBeLessThan((PAGES * PAGE_BYTES) / 4);
  expect(new Set(kept)).toEqual(new Set([event[text]]));
});
