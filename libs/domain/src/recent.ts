/**
 * The last ids of something that is over, so that what arrives late meets an answer and not a stranger.
 * Two generations: when the young one is full it becomes the old one, and the old one is forgotten.
 * So at least `capacity` ids are remembered and at most twice as many, each in constant time. Plain JSON.
 */
export interface Recent {
  young: Record<string, true>;
  /** How many are in `young`. */
  count: number;
  old: Record<string, true>;
}

export const noneRecent = (): Recent => ({ young: {}, count: 0, old: {} });

export function remember(recent: Recent, id: string, capacity: number): void {
  if (recent.young[id] === true) return;
  if (recent.count === capacity) {
    recent.old = recent.young;
    recent.young = {};
    recent.count = 0;
  }
  recent.young[id] = true;
  recent.count += 1;
}

export const remembers = ({ young, old }: Recent, id: string): boolean => young[id] === true || old[id] === true;
