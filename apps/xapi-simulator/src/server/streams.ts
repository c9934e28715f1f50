import { encodeRecord } from '@core/xapi/wire/encode-frames';
import type { StreamName, StreamRecord } from '@core/xapi/wire/streams';
import type { Written } from '@core/xapi/wire/wire-types';
import type { FaultBook } from '../core/faults.ts';
import type { BehaviourSettings } from '../core/behaviour-settings.ts';
import type { Random } from '../core/random.ts';
import type { Scheduler } from '../core/scheduler.ts';
import type { ClientConnection } from './client-connection.ts';
import type { ClientSession } from './client-sessions.ts';

/** What one session wants on one streaming connection; a connection may carry several sessions (seed §6). */
export interface Subscriber {
  readonly connection: ClientConnection;
  readonly session: ClientSession;
  readonly wants: Set<StreamName>;
  /** Instruments whose candles it wants. */
  readonly candles: Set<string>;
}

/** Who listens to what, ticks aside. A record is written once, however many listen. */
export class Streams {
  private readonly subscribers = new Map<ClientConnection, Map<ClientSession, Subscriber>>();
  private readonly byUser = new Map<string, Set<Subscriber>>();

  constructor(
    private readonly scheduler: Scheduler,
    private readonly random: Random,
    private readonly behaviour: () => BehaviourSettings,
    private readonly faults: FaultBook,
  ) {}

  /** The session's subscriptions on this connection, empty at first. */
  subscriber(connection: ClientConnection, session: ClientSession): Subscriber {
    const sessions = this.subscribers.get(connection) ?? new Map<ClientSession, Subscriber>();
    this.subscribers.set(connection, sessions);
    const known = sessions.get(session);
    if (known) return known;
    const { userId } = session.account;
    const subscriber: Subscriber = { connection, session, wants: new Set(), candles: new Set() };
    sessions.set(session, subscriber);
    this.byUser.set(userId, (this.byUser.get(userId) ?? new Set()).add(subscriber));
    connection.userId ??= userId;
    return subscriber;
  }

  /** All of a connection; of one session where a command named it. */
  on(connection: ClientConnection, token?: string | null): readonly Subscriber[] {
    const all = [...(this.subscribers.get(connection)?.values() ?? [])];
    return token ? all.filter(({ session }) => session.token === token) : all;
  }

  /** Users who are subscribed to something. */
  users(): Iterable<string> {
    return this.byUser.keys();
  }

  wanted(userId: string, stream: StreamName): boolean {
    for (const { wants } of this.byUser.get(userId) ?? NOBODY) if (wants.has(stream)) return true;
    return false;
  }

  /** To everyone who is subscribed for this user, after the delay and whatever behaviour and faults do to it. */
  publish<Name extends StreamName>(
    userId: string,
    stream: Name,
    record: Written<StreamRecord<Name>>,
    delayMs = 0,
    copies = 1,
  ): void {
    const listeners = [...(this.byUser.get(userId) ?? NOBODY)].filter(({ wants }) => wants.has(stream));
    if (listeners.length > 0) this.deliver(listeners, stream, encodeRecord(stream, record), delayMs, copies);
  }

  /** To everyone who is subscribed, whoever it is. */
  broadcast<Name extends StreamName>(
    stream: Name,
    record: Written<StreamRecord<Name>>,
    wants: (subscriber: Subscriber) => boolean = (subscriber) => subscriber.wants.has(stream),
  ): void {
    let message: string | null = null;
    for (const subscribers of this.byUser.values()) {
      for (const subscriber of subscribers) {
        if (!wants(subscriber)) continue;
        message ??= encodeRecord(stream, record);
        this.deliver([subscriber], stream, message, 0, 1);
      }
    }
  }

  dropConnection(connection: ClientConnection): readonly Subscriber[] {
    const dropped = this.on(connection);
    this.subscribers.delete(connection);
    this.forget(dropped);
    return dropped;
  }

  dropSession(session: ClientSession): readonly Subscriber[] {
    const dropped = [...(this.byUser.get(session.account.userId) ?? NOBODY)].filter((each) => each.session === session);
    for (const { connection } of dropped) this.subscribers.get(connection)?.delete(session);
    this.forget(dropped);
    return dropped;
  }

  private deliver(
    listeners: readonly Subscriber[],
    stream: StreamName,
    message: string,
    delayMs: number,
    copies: number,
  ): void {
    const { streamDelayMs, reorderWindowMs } = this.behaviour();
    for (let copy = 0; copy < copies; copy++) {
      const wait = delayMs + streamDelayMs + (reorderWindowMs > 0 ? this.random.below(reorderWindowMs + 1) : 0);
      const send = (): void => {
        for (const { connection, session } of listeners) {
          const { userId } = session.account;
          if (!this.faults.strike('mute', userId, (mute) => mute.stream === stream)) connection.send(message);
        }
      };
      if (wait === 0) send();
      else this.scheduler.after(wait, send);
    }
  }

  private forget(dropped: readonly Subscriber[]): void {
    for (const subscriber of dropped) {
      const { userId } = subscriber.session.account;
      const others = this.byUser.get(userId);
      others?.delete(subscriber);
      if (others?.size === 0) this.byUser.delete(userId);
    }
  }
}

const NOBODY: ReadonlySet<Subscriber> = new Set<Subscriber>();
