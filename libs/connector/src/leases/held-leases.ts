import type { Lease, LeaseStore } from './lease-store.ts';

/** Leases of one kind: what this instance holds of it, and what it is letting go. */
export class HeldLeases<Id extends string> {
  private readonly leases = new Map<Id, Lease>();
  private readonly leaving = new Map<Id, Promise<void>>();

  constructor(
    private readonly store: LeaseStore,
    /** Begins the keys of this kind. */
    readonly prefix: string,
    private readonly troubled: (error: unknown) => void,
  ) {}

  get count(): number {
    return this.leases.size;
  }

  ids(): readonly Id[] {
    return [...this.leases.keys()];
  }

  has(id: Id): boolean {
    return this.leases.has(id);
  }

  isLeaving(id: Id): boolean {
    return this.leaving.has(id);
  }

  /** The fencing token of a lease; 0 without one. */
  token(id: Id): number {
    return this.leases.get(id)?.token ?? 0;
  }

  /** False where somebody else was faster. */
  async take(id: Id): Promise<boolean> {
    const lease = await this.store.take(this.prefix + id);
    if (lease) this.leases.set(id, lease);
    return lease !== null;
  }

  /** Renews all of them; `goodbye` is said for those that somebody else has. */
  async renew(goodbye: (id: Id) => Promise<void>): Promise<void> {
    const renewing = [...this.leases].map(async ([id, lease]) => {
      const renewed = await this.store.renew(this.prefix + id, lease);
      if (!this.leases.has(id)) return; // given up meanwhile
      if (renewed) this.leases.set(id, renewed);
      else if (this.leases.delete(id)) this.letGo(id, () => goodbye(id));
    });
    await Promise.all(renewing);
  }

  /** Gives one up by our own will: it is held until its goodbye is said. */
  giveUp(id: Id, goodbye: (id: Id) => Promise<void>): void {
    this.letGo(id, () => this.parted(id, goodbye));
  }

  /** Resolves when everything that is being let go is gone. */
  async settled(): Promise<void> {
    await Promise.all(this.leaving.values());
  }

  /** Frees everything at once but for what is in use: that runs out by itself. */
  async free(): Promise<void> {
    const unused = this.ids().filter((id) => !this.leaving.has(id));
    await Promise.all(unused.map((id) => this.store.give(this.prefix + id)));
  }

  private async parted(id: Id, goodbye: (id: Id) => Promise<void>): Promise<void> {
    await goodbye(id);
    if (this.leases.delete(id)) await this.store.give(this.prefix + id);
  }

  /** Once, whatever the reasons. */
  private letGo(id: Id, going: () => Promise<void>): void {
    if (this.leaving.has(id)) return;
    const gone = going()
      .catch(this.troubled)
      .finally(() => this.leaving.delete(id));
    this.leaving.set(id, gone);
  }
}
