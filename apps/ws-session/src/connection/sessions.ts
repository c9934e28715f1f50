import type { AccountId, Uuid } from '@core/contracts/primitives';
import { BoundedMap } from '@core/kernel/bounded-map';
import { Injectable } from '@nestjs/common';
import type { Broadcast, ToldMessage } from './broadcast.ts';
import { AdmissionSettings } from '../config.ts';
import type { Connection } from './connection.ts';
import type { Session } from './session.ts';

/** Revoked keys are remembered so that one that was being checked at that moment stays out. */
const REVOKED_MAX = 10_000;

/** Everyone who is connected to this process, and who of them hears of which account. */
@Injectable()
export class Sessions {
  private readonly connections = new Set<Connection>();
  private readonly perAddress = new Map<string, number>();
  private readonly revoked = new BoundedMap<Uuid, true>(REVOKED_MAX);
  private readonly audiences = new Map<AccountId, readonly Session[]>();

  constructor(private readonly settings: AdmissionSettings) {}

  /** Whether one more connection is within the limits; it counts from now on, until `leave`. */
  join(connection: Connection): boolean {
    const { connectionsMax, connectionsPerAddress } = this.settings;
    const fromThere = this.perAddress.get(connection.address) ?? 0;
    if (this.connections.size >= connectionsMax || fromThere >= connectionsPerAddress) return false;
    this.connections.add(connection);
    this.perAddress.set(connection.address, fromThere + 1);
    return true;
  }

  isRevoked(keyId: Uuid): boolean {
    return this.revoked.has(keyId);
  }

  begin(connection: Connection, session: Session): void {
    connection.welcome(session);
    this.audiences.clear();
  }

  leave(connection: Connection): void {
    if (!this.connections.delete(connection)) return;
    decrement(this.perAddress, connection.address);
    if (connection.session) this.audiences.clear();
  }

  /** Sends what happened to an account to everyone who wants it and may see it. */
  tell(broadcasts: readonly Broadcast[]): void {
    const [first] = broadcasts;
    if (first === undefined) return;
    for (const session of this.audienceOf(first.told)) session.hear(broadcasts);
  }

  /** Every live session. */
  *live(): Iterable<Session> {
    for (const { session } of this.connections) if (session) yield session;
  }

  all(): Iterable<Connection> {
    return this.connections;
  }

  /** The right is gone: so is everyone who used it. */
  revoke(keyId: Uuid): void {
    this.revoked.set(keyId, true);
    for (const { session, queue } of this.connections) if (session?.key.id === keyId) queue.end('unauthorized');
  }

  /** A key opens another cell now: whoever comes back is told which. */
  goElsewhere(keyId: Uuid): void {
    for (const { session, queue } of this.connections) if (session?.key.id === keyId) queue.end('try_again_later');
  }

  get count(): { readonly connections: number; readonly sessions: number } {
    return { connections: this.connections.size, sessions: [...this.live()].length };
  }

  /** Who may see an account; known again after every coming and going. */
  private audienceOf({ accountId, traderId }: ToldMessage): readonly Session[] {
    const known = this.audiences.get(accountId);
    if (known) return known;
    const audience = [...this.live()].filter((session) => session.maySee(accountId, traderId));
    this.audiences.set(accountId, audience);
    return audience;
  }
}

function decrement(counts: Map<string, number>, key: string): void {
  const left = (counts.get(key) ?? 0) - 1;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
}
