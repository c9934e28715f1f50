import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { jsonAs } from '@core/kernel/json-as';
import { SingleFlight } from '@core/kernel/single-flight';
import { inBackground } from '@core/service/in-background';
import { BrokerState } from './core/state.ts';

/** It holds passwords. */
const OWNER_ONLY = { mode: 0o600 };

/** What the broker must remember over restarts, in one file that is replaced whole. */
export class StateFile {
  private readonly saving = new SingleFlight();

  constructor(private readonly path: string) {}

  /** Null when there is none yet. Throws `UnreadableJson` on a file that is no state: deleting someone's accounts silently is worse. */
  read(): BrokerState | null {
    if (!existsSync(this.path)) return null;
    return jsonAs(this.path, readFileSync(this.path, 'utf8'), BrokerState);
  }

  /** Saves unless a save is under way. */
  save(capture: () => BrokerState): void {
    const saved = this.saving.run(async () => {
      const next = `${this.path}.next`;
      mkdirSync(dirname(this.path), { recursive: true });
      await writeFile(next, JSON.stringify(capture()), OWNER_ONLY);
      await rename(next, this.path);
    });
    inBackground('saving the accounts', saved);
  }

  /** The last save of a run; nothing comes after it. */
  async saveLast(state: BrokerState): Promise<void> {
    await this.saving.idle();
    mkdirSync(dirname(this.path), { recursive: true });
    writeFileSync(`${this.path}.last`, JSON.stringify(state), OWNER_ONLY);
    renameSync(`${this.path}.last`, this.path);
  }
}
