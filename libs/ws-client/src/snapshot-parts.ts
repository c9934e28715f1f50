import type { Envelope } from './envelope.ts';
import type { Account, PendingPosition, Position } from './models.ts';
import type { Snapshot } from './session-event.ts';

interface Part {
  readonly account_ids: readonly string[];
  readonly items: readonly unknown[];
}

/** A snapshot while it arrives, in frames of bounded size. */
export class SnapshotParts {
  private readonly accountIds = new Set<string>();
  private readonly items: Record<string, unknown[]> = {};

  /** Whether the envelope was a part of it. */
  take({ name, body }: Envelope): boolean {
    const [family = '', variant] = name.split('.');
    if (variant !== 'snapshot') return false;
    const { account_ids: ids, items } = body as Part;
    for (const id of ids) this.accountIds.add(id);
    (this.items[family] ??= []).push(...items);
    return true;
  }

  whole(cursor: string): Snapshot {
    return {
      type: 'snapshot',
      accountIds: [...this.accountIds],
      accounts: (this.items['account_event'] ?? []) as Account[],
      positions: (this.items['position'] ?? []) as Position[],
      pendings: (this.items['pending_position'] ?? []) as PendingPosition[],
      cursor,
    };
  }
}
