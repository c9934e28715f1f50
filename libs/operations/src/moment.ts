/** A date, or a date and a time of day; the year 0000 is none of Postgres'. */
const MOMENT = /^((?!0000)\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[+-]\d\d:\d\d)?)?$/;

/**
 * The moment that an operator writes, in milliseconds: in UTC unless it names a zone, wherever the terminal stands.
 * Null for what is none, such as the 30th of February.
 */
export function momentFromText(text: string): number | null {
  const [, date = '', time = '00:00', zone = 'Z'] = MOMENT.exec(text) ?? [];
  const day = Date.parse(`${date}T00:00Z`);
  if (Number.isNaN(day) || !new Date(day).toISOString().startsWith(date)) return null;
  const ms = Date.parse(`${date}T${time}${zone}`);
  return Number.isNaN(ms) ? null : ms;
}
