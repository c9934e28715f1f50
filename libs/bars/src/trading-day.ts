const DAY_MS = 86_400_000;

/** Calendars of zones; making one is dear. */
const calendars = new Map<string, Intl.DateTimeFormat>();

function calendarOf(zone: string): Intl.DateTimeFormat {
  const known = calendars.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  calendars.set(zone, made);
  return made;
}

/** 00:00 UTC of the day that a zone's calendar has at a moment: its bar's time, whenever that day begins. */
export const tradingDayOf = (atMs: number, zone: string): number => Date.parse(calendarOf(zone).format(atMs));

/** When the zone's clock begins that day: the first moment of it, to the minute. */
export function dayBegins(dayMs: number, zone: string): number {
  // Zones are at most fourteen hours from UTC, and change their clocks by quarters of an hour.
  let [before, after] = [dayMs - DAY_MS, dayMs + DAY_MS];
  while (after - before > 60_000) {
    const middle = before + Math.floor((after - before) / 120_000) * 60_000;
    if (tradingDayOf(middle, zone) < dayMs) before = middle;
    else after = middle;
  }
  return after;
}
