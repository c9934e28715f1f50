import { encodeError } from '@core/xapi/wire/encode-frames';
import { errorCodes } from '@core/xapi/wire/error-codes';
import { JsonSplitter, parseObject, type JsonObject } from '@core/xapi/wire/json-splitter';
import type { FaultBook, FaultOf } from '../core/faults.ts';
import type { BehaviourSettings } from '../core/behaviour-settings.ts';
import type { Scheduler } from '../core/scheduler.ts';
import { ClientConnection, type ConnectionOwner } from './client-connection.ts';
import type { SocketKind, ClientTransport } from './client-transport.ts';
import { Traffic } from './traffic.ts';

/** A client that has so many bytes to read is one of those who may be too many. */
const MUCH_BYTES = 1_048_576;

/** What happens on connections that keep the rules. */
export interface ConnectionEvents {
  command(connection: ClientConnection, message: JsonObject): void;
  closed(connection: ClientConnection): void;
}

/** What a transport tells about its socket. */
export interface Line {
  /** Bytes of a raw socket, cut anywhere. */
  bytes(chunk: Uint8Array): void;
  /** A WebSocket frame: one message. */
  frame(text: string): void;
  /** Whether a WebSocket ping is to be answered. */
  answersPings(): boolean;
  /** The client ended, or its socket is gone. */
  gone(): void;
}

/** All open sockets, and the connection rules of seed §4.1: who breaks one is dropped without a word. */
export class ClientConnections implements ConnectionOwner {
  readonly traffic: Traffic;
  private readonly open = new Set<ClientConnection>();
  private readonly waiting = new Set<ClientConnection>();
  private lastId = 0;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly behaviour: () => BehaviourSettings,
    private readonly faults: FaultBook,
    private readonly events: ConnectionEvents,
  ) {
    this.traffic = new Traffic(() => scheduler.now);
  }

  all(): ReadonlySet<ClientConnection> {
    return this.open;
  }

  count(kind: SocketKind): number {
    let count = 0;
    for (const connection of this.open) if (connection.kind === kind) count++;
    return count;
  }

  /** What a client meets while the broker is under maintenance; null when it is open to all. */
  maintenance(): FaultOf<'maintenance'>['mode'] | null {
    return this.faults.strike('maintenance', null)?.mode ?? null;
  }

  /** A client connected. One that is turned away has a line too, so that its end is noticed; nothing comes of it. */
  accept(transport: ClientTransport): Line {
    const maintenance = this.maintenance();
    if (maintenance !== null) {
      if (maintenance !== 'hang') transport.destroy(maintenance === 'refuse');
      return SILENCE;
    }
    const { scheduler, behaviour, faults, traffic } = this;
    const connection = new ClientConnection(++this.lastId, transport, scheduler, behaviour, faults, this, traffic);
    if (this.countFrom(transport.address) >= behaviour().maxConnectionsPerAddress) {
      connection.send(encodeError('EX008', errorCodes.EX008));
      connection.end();
      return SILENCE;
    }
    this.open.add(connection);
    this.requireFirstData(connection);
    return this.lineOf(connection);
  }

  /** Sends everything queued. To be called whenever the simulator has done something. */
  flush(): void {
    for (const connection of this.waiting) {
      this.waiting.delete(connection);
      connection.flush();
    }
  }

  isTooMuch(bufferedBytes: number): boolean {
    const { maxBufferedBytes, maxBufferedBytesInAll } = this.behaviour().wire;
    if (bufferedBytes <= MUCH_BYTES) return bufferedBytes > maxBufferedBytes;
    let inAll = 0;
    for (const connection of this.open) inAll += connection.bufferedBytes;
    return bufferedBytes > maxBufferedBytes || inAll > maxBufferedBytesInAll;
  }

  wake(connection: ClientConnection): void {
    this.waiting.add(connection);
  }

  over(connection: ClientConnection): void {
    this.waiting.delete(connection);
    if (this.open.delete(connection)) this.events.closed(connection);
  }

  private lineOf(connection: ClientConnection): Line {
    const splitter = new JsonSplitter(this.behaviour().maxCommandBytes);
    return {
      bytes: (chunk) => {
        if (connection.closed || connection.isFrozen()) return;
        connection.spoke = true;
        const { messages, fault } = splitter.push(chunk);
        for (const message of messages) this.command(connection, message);
        if (fault) connection.destroy();
      },
      frame: (text) => {
        if (connection.closed || connection.isFrozen()) return;
        connection.spoke = true;
        const message = Buffer.byteLength(text) <= this.behaviour().maxCommandBytes ? parseObject(text) : undefined;
        if (message) this.command(connection, message);
        else connection.destroy();
      },
      answersPings: () => this.behaviour().wire.pong && !connection.isFrozen(),
      gone: () => connection.gone(),
    };
  }

  private command(connection: ClientConnection, message: JsonObject): void {
    if (connection.closed) return;
    if (this.traffic.isWatched) connection.note('in', JSON.stringify(message));
    if (this.keepsPace(connection)) this.events.command(connection, message);
    else connection.destroy();
  }

  /** Commands are to come 200 ms apart; the sixth in a row that does not ends the connection. */
  private keepsPace(connection: ClientConnection): boolean {
    const { enforce, minMs, strikes } = this.behaviour().pacing;
    const { now } = this.scheduler;
    connection.strikes = now - connection.lastCommandAt < minMs ? connection.strikes + 1 : 0;
    connection.lastCommandAt = now;
    return !enforce || connection.strikes < strikes;
  }

  private requireFirstData(connection: ClientConnection): void {
    const withinMs = this.behaviour().firstDataMs[connection.kind];
    if (withinMs === 0) return;
    this.scheduler.after(withinMs, () => {
      if (!connection.spoke) connection.destroy();
    });
  }

  private countFrom(address: string): number {
    let count = 0;
    for (const connection of this.open) if (connection.address === address) count++;
    return count;
  }
}

/** A socket that nobody listens to. */
const SILENCE: Line = {
  bytes: () => undefined,
  frame: () => undefined,
  answersPings: () => false,
  gone: () => undefined,
};
