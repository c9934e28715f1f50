import { encodeError } from '@core/xapi/wire/encode-frames';
import { errorCodes } from '@core/xapi/wire/error-codes';
import { JsonSplitter, parseObject, type JsonObject } from '@core/xapi/wire/json-splitter';
import type { FaultBook, FaultOf } from '../core/faults.ts';
import type { Knobs } from '../core/knobs.ts';
import type { Scheduler } from '../core/scheduler.ts';
import { Connection, type ConnectionOwner } from './connection.ts';
import type { SocketKind, Transport } from './transport.ts';

/** A client that has so many bytes to read is one of those who may be too many. */
const MUCH_BYTES = 1_048_576;

/** What happens on connections that keep the rules. */
export interface ConnectionEvents {
  command(connection: Connection, message: JsonObject): void;
  closed(connection: Connection): void;
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
export class Connections implements ConnectionOwner {
  private readonly open = new Set<Connection>();
  private readonly waiting = new Set<Connection>();
  private lastId = 0;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly knobs: () => Knobs,
    private readonly faults: FaultBook,
    private readonly events: ConnectionEvents,
  ) {}

  all(): ReadonlySet<Connection> {
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
  accept(transport: Transport): Line {
    const maintenance = this.maintenance();
    if (maintenance !== null) {
      if (maintenance !== 'hang') transport.destroy(maintenance === 'refuse');
      return SILENCE;
    }
    const { scheduler, knobs, faults } = this;
    const connection = new Connection(++this.lastId, transport, scheduler, knobs, faults, this);
    if (this.countFrom(transport.address) >= knobs().maxConnectionsPerAddress) {
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
    const { maxBufferedBytes, maxBufferedBytesInAll } = this.knobs().wire;
    if (bufferedBytes <= MUCH_BYTES) return bufferedBytes > maxBufferedBytes;
    let inAll = 0;
    for (const connection of this.open) inAll += connection.bufferedBytes;
    return bufferedBytes > maxBufferedBytes || inAll > maxBufferedBytesInAll;
  }

  wake(connection: Connection): void {
    this.waiting.add(connection);
  }

  over(connection: Connection): void {
    this.waiting.delete(connection);
    if (this.open.delete(connection)) this.events.closed(connection);
  }

  private lineOf(connection: Connection): Line {
    const splitter = new JsonSplitter(this.knobs().maxCommandBytes);
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
        const message = Buffer.byteLength(text) <= this.knobs().maxCommandBytes ? parseObject(text) : undefined;
        if (message) this.command(connection, message);
        else connection.destroy();
      },
      answersPings: () => this.knobs().wire.pong && !connection.isFrozen(),
      gone: () => connection.gone(),
    };
  }

  private command(connection: Connection, message: JsonObject): void {
    if (connection.closed) return;
    if (this.keepsPace(connection)) this.events.command(connection, message);
    else connection.destroy();
  }

  /** Commands are to come 200 ms apart; the sixth in a row that does not ends the connection. */
  private keepsPace(connection: Connection): boolean {
    const { enforce, minMs, strikes } = this.knobs().pacing;
    const { now } = this.scheduler;
    connection.strikes = now - connection.lastCommandAt < minMs ? connection.strikes + 1 : 0;
    connection.lastCommandAt = now;
    return !enforce || connection.strikes < strikes;
  }

  private requireFirstData(connection: Connection): void {
    const withinMs = this.knobs().firstDataMs[connection.kind];
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
