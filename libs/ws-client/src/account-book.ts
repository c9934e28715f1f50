import type { Account, PendingPosition, Position } from './models.ts';
import type { SessionEvent } from './session-event.ts';

/** What stands, kept by applying events in the order in which a client yields them. */
export class AccountBook {
  private readonly accountsById = new Map<string, Account>();
  private readonly positionsById = new Map<string, Position>();
  private readonly pendingsById = new Map<string, PendingPosition>();

  get accounts(): readonly Account[] {
    return [...this.accountsById.values()];
  }

  /** The open ones. */
  positions(accountId: string): readonly Position[] {
    return [...this.positionsById.values()].filter(({ account_id: id }) => id === accountId);
  }

  pendings(accountId: string): readonly PendingPosition[] {
    return [...this.pendingsById.values()].filter(({ account_id: id }) => id === accountId);
  }

  apply(event: SessionEvent): void {
    switch (event.type) {
      case 'snapshot': {
        for (const id of event.accountIds) this.forget(id);
        for (const account of event.accounts) this.accountsById.set(account.id, account);
        for (const position of event.positions) this.positionsById.set(position.id, position);
        for (const pending of event.pendings) this.pendingsById.set(pending.id, pending);
        return;
      }
      case 'account_event.account_added':
      case 'account_event.account_update':
        this.accountsById.set(event.account.id, event.account);
        return;
      case 'position.created':
      case 'position.updated':
        this.positionsById.set(event.position.id, event.position);
        return;
      case 'position.closed':
        this.positionsById.delete(event.position.id);
        return;
      case 'pending_position.created':
      case 'pending_position.updated':
        this.pendingsById.set(event.pending.id, event.pending);
        return;
      case 'pending_position.canceled':
      case 'pending_position.failed':
      case 'pending_position.executed':
        this.pendingsById.delete(event.pending.id);
        return;
      case 'replayed':
      case 'bid_ask':
      case 'request_update':
      case 'notice':
      case 'connected':
      case 'disconnected':
        return;
    }
  }

  private forget(accountId: string): void {
    this.accountsById.delete(accountId);
    for (const { id } of this.positions(accountId)) this.positionsById.delete(id);
    for (const { id } of this.pendings(accountId)) this.pendingsById.delete(id);
  }
}
