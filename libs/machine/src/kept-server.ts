import type { Kept } from './keeper.ts';
import type { LivesWith } from './server-process.ts';

/** A server program of this machine, as far as its keeper cares. */
export interface Keepable {
  readonly pid: number | undefined;
  answers(): Promise<void>;
  /** Ends it by force. */
  kill(): Promise<void>;
  start(livesWith: LivesWith): Promise<void>;
}

export const keptServer = (name: string, server: Keepable, livesWith: LivesWith): Kept => ({
  name,
  isRunning: () => server.pid !== undefined,
  answers: () => server.answers(),
  async replace() {
    await server.kill();
    await server.start(livesWith);
  },
});
