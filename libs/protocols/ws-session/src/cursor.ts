/**
 * A place in the stream of events, opaque to clients: which log, and the position in it.
 * A log that was replaced (another environment, a restored backup) has another epoch, so its cursors do not fit.
 */
export interface Cursor {
  readonly epoch: string;
  readonly position: number;
}

const PATTERN = /^([0-9a-z]{1,16})\.([0-9a-z]{1,10})$/;

export const encodeCursor = ({ epoch, position }: Cursor): string => `${epoch}.${position.toString(36)}`;

/** Null for what no server of ours ever wrote. */
export function decodeCursor(text: string): Cursor | null {
  const [, epoch, position] = PATTERN.exec(text) ?? [];
  if (epoch === undefined || position === undefined) return null;
  return { epoch, position: Number.parseInt(position, 36) };
}
