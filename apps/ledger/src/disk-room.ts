import { hasDatabaseRoom } from '@core/event-log/database-room';
import { DatabaseSettings } from '@core/service/service-settings';
import { Health } from '@core/service/health';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { statfs } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Gauge, Registry } from 'prom-client';
import { RoomSettings } from './config.ts';

/** It goes on where there is so much more than the least, so that it does not stop again at once. */
const MARGIN = 1.25;
const MEGABYTE = 1_048_576;

/** There is no room for what would be recorded. The process ends, and the next one waits for room before it begins. */
class NoRoom extends Error {
  readonly code = 'no-room';
}

/**
 * Whether there is room to record anything. Nothing is decided without it: what was decided and could only be committed
 * an hour later would be sent to a broker an hour late.
 */
@Injectable()
export class DiskRoom {
  private readonly logger = new Logger('Room');
  private readonly free: Gauge;
  private readonly stopping = new AbortController();

  constructor(
    @Inject(DatabaseSettings) private readonly database: DatabaseSettings,
    @Inject(RoomSettings) private readonly settings: RoomSettings,
    @Inject(Health) private readonly health: Health,
    @Inject(Registry) registry: Registry,
  ) {
    this.free = new Gauge({
      name: 'ledger_room_bytes',
      help: 'Room on the disk of ROOM_FOLDER; 0 where Postgres says that it has none',
      registers: [registry],
    });
  }

  /** Resolves when there is room, however long that takes; until then readiness says that there is none. */
  async there(): Promise<void> {
    const { leastBytes, lookMs } = this.settings;
    for (let isTold = false; ; isTold = true) {
      const why = await this.whyNone(leastBytes * MARGIN);
      this.health.waiting(why);
      if (why === null) return;
      if (!isTold) this.logger.error(why);
      await pause(lookMs);
    }
  }

  /** Until `stop`; rejects where room runs out, which is nobody's to handle and ends the process. */
  async watch(): Promise<void> {
    const { signal } = this.stopping;
    while (await passes(this.settings.lookMs, signal)) {
      const why = await this.whyFolderFull(this.settings.leastBytes);
      if (why !== null) throw new NoRoom(why);
    }
  }

  stop(): void {
    this.stopping.abort();
  }

  private async whyNone(leastBytes: number): Promise<string | null> {
    const folder = await this.whyFolderFull(leastBytes);
    if (folder !== null) return folder;
    if (await hasDatabaseRoom(this.database.url)) return null;
    this.free.set(0);
    return 'the disk of Postgres is full: nothing is recorded until there is room';
  }

  private async whyFolderFull(leastBytes: number): Promise<string | null> {
    const { folder } = this.settings;
    if (folder === undefined) return null;
    const { bavail, bsize } = await statfs(folder);
    const bytes = bavail * bsize;
    this.free.set(bytes);
    if (bytes >= leastBytes) return null;
    const left = `${Math.floor(bytes / MEGABYTE)} MB`;
    return `the disk of ${folder} is full (${left} left): nothing is recorded until there are ${Math.ceil(leastBytes / MEGABYTE)} MB`;
  }
}

/** False when it was stopped in the meantime. */
const passes = (ms: number, signal: AbortSignal): Promise<boolean> =>
  pause(ms, undefined, { signal, ref: false }).then(
    () => true,
    () => false,
  );
