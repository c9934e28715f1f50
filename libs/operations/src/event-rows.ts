import type { RecordedEvent } from '@core/contracts/event';

/** The columns of an exported event; `data` is JSON text. */
export const EVENT_COLUMNS = [
  ...(['position', 'version', 'recordedtime', 'time', 'subject', 'type', 'schemaversion'] as const),
  ...(['id', 'correlationid', 'causationid', 'source', 'data'] as const),
] as const;

type EventColumn = (typeof EVENT_COLUMNS)[number];

/** What stands in a column; null where there is no cause. */
export const cellOf = (event: RecordedEvent, column: EventColumn): string | number | null =>
  column === 'data' ? JSON.stringify(event.data) : event[column];

export const csvHead = (): string => EVENT_COLUMNS.join(',');

/** One line of RFC 4180; what is not there is empty. */
export const csvLine = (event: RecordedEvent): string =>
  EVENT_COLUMNS.map((column) => csvCell(cellOf(event, column))).join(',');

function csvCell(cell: string | number | null): string {
  const text = String(cell ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
