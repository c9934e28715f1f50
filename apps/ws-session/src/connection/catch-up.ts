import type { Broadcast } from './broadcast.ts';

/** Events that happen while a session is told what came before: they wait in order, and are bounded in bytes. */
export class CatchUp {
  private readonly held: Broadcast[] = [];
  private heldBytes = 0;

  /** `isCovered` says which events what is being sent will contain anyway. */
  constructor(
    private readonly bytesMax: number,
    private readonly isCovered: (broadcast: Broadcast) => boolean = () => false,
  ) {}

  /** False when too much waits. */
  hold(broadcast: Broadcast): boolean {
    if (this.isCovered(broadcast)) return true;
    this.held.push(broadcast);
    this.heldBytes += broadcast.numbered.length;
    return this.heldBytes <= this.bytesMax;
  }

  /** The next that waited, in order. */
  next(): Broadcast | undefined {
    return this.held.shift();
  }
}
