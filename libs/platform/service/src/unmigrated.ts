/** Postgres' codes for a schema and a table that are not there: no service has made them yet. */
const UNMIGRATED: readonly unknown[] = ['3F000', '42P01'];

export const isUnmigrated = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && UNMIGRATED.includes(error.code);
