import type { Uuid } from '@core/contracts/primitives';
import { UNTOLD_OF_ACCOUNT, UNTOLD_OF_ALL, UntoldRefusals, type UntoldRefusal } from '@core/edge/untold-refusals';

/** What a process that ends leaves to the next one, as a table does. */
export class MemoryUntoldRefusals extends UntoldRefusals {
  private kept: readonly UntoldRefusal[] = [];

  override keep(refusal: UntoldRefusal): Promise<boolean> {
    if (this.kept.some(({ id }) => id === refusal.id)) return Promise.resolve(true);
    const ofAccount = this.kept.filter(({ account }) => account === refusal.account);
    if (this.kept.length >= UNTOLD_OF_ALL || ofAccount.length >= UNTOLD_OF_ACCOUNT) return Promise.resolve(false);
    this.kept = [...this.kept, refusal];
    return Promise.resolve(true);
  }

  override oldest(count: number): Promise<readonly UntoldRefusal[]> {
    return Promise.resolve(this.kept.slice(0, count));
  }

  override forget(id: Uuid): Promise<void> {
    this.kept = this.kept.filter((refusal) => refusal.id !== id);
    return Promise.resolve();
  }
}
