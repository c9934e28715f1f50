/**
 * The last few ids of something that is over, so that what arrives late meets an answer and not a stranger.
 * Bounded: the oldest gives way. Plain JSON, one slot overwritten per entry.
 */
export interface Recent {
  ids: string[];
  /** The slot that the next id takes once all are in use. */
  next: number;
}

export const noneRecent = (): Recent => ({ ids: [], next: 0 });

export function remember(recent: Recent, id: string, capacity: number): void {
  if (recent.ids.includes(id)) return;
  recent.ids[recent.next] = id;
  recent.next = (recent.next + 1) % capacity;
}

export const remembers = (recent: Recent, id: string): boolean => recent.ids.includes(id);
