import { meaningOf } from '@core/xapi/translate/error-reason';
import { encodeStreamCommand } from '@core/xapi/wire/encode-frames';
import { decodeStreamFrame } from '@core/xapi/wire/frames';
import type { JsonObject } from '@core/xapi/wire/json-splitter';
import { openSocket, type BrokerAddress, type BrokerSocket, type SocketLimits } from './broker-socket.ts';
import { NoTurn } from '@core/connector/broker-failure';
import { Pacer, type PacerOptions } from '@core/connector/pacing/pacer';
import type { Priority } from '@core/connector/pacing/waiting-line';

export interface StreamOptions extends SocketLimits {
  readonly pacing: PacerOptions;
  readonly pingMs: number;
  /** The first keep-alive must come this soon after subscribing: a stale session id may be met with silence. */
  readonly firstKeepAliveMs: number;
  /** Three missing keep-alives: dead. */
  readonly keepAliveMs: number;
}

export interface StreamListener {
  /** A record: the name of its stream and its data. */
  record(stream: string, data: JsonObject): void;
  closed(reason: string): void;
}

/** A subscription, as the command that starts it. */
export interface Subscription {
  readonly command: string;
  readonly symbol?: string;
  readonly minArrivalTime?: number;
  readonly maxLevel?: number;
}

/** A streaming connection of one session: subscriptions out, records in, watched by its keep-alives. */
export class StreamConnection {
  private readonly pacer: Pacer;
  private socket!: BrokerSocket;
  private watch: NodeJS.Timeout | undefined;
  private pinging: NodeJS.Timeout | undefined;
  private onKeepAlive: (() => void) | null = null;
  private rejectEnded: (error: NoTurn) => void = () => undefined;
  private readonly ended = new Promise<never>((_, reject) => (this.rejectEnded = reject));

  private constructor(
    private readonly streamSessionId: string,
    private readonly options: StreamOptions,
    private readonly listener: StreamListener,
  ) {
    this.pacer = new Pacer(options.pacing);
    this.ended.catch(() => undefined); // only `start` waits for it
  }

  static async open(
    address: BrokerAddress,
    streamSessionId: string,
    options: StreamOptions,
    listener: StreamListener,
    signal?: AbortSignal,
  ): Promise<StreamConnection> {
    const connection = new StreamConnection(streamSessionId, options, listener);
    const heard = {
      message: (message: JsonObject) => connection.take(message),
      closed: (reason: string) => connection.end(reason),
    };
    connection.socket = await openSocket(address, options, heard, signal);
    return connection;
  }

  /** Resolves when everything is subscribed and the first keep-alive has come; rejects with `NoTurn` when it ended first. */
  async start(subscriptions: readonly Subscription[]): Promise<void> {
    const alive = new Promise<void>((resolve) => (this.onKeepAlive = resolve));
    await this.subscribe({ command: 'getKeepAlive' });
    this.expectKeepAlive(this.options.firstKeepAliveMs);
    for (const subscription of subscriptions) await this.subscribe(subscription);
    await Promise.race([alive, this.ended]);
    this.pinging = setInterval(() => {
      this.subscribe({ command: 'ping' }, 'ping').catch((error: unknown) => {
        if (!(error instanceof NoTurn)) throw error;
      });
    }, this.options.pingMs);
  }

  /** Sends a command when its turn comes; rejects with `NoTurn`. Nothing says whether the broker took it. */
  async subscribe({ command, ...fields }: Subscription, priority: Priority = 'query'): Promise<void> {
    const text = encodeStreamCommand(command, { streamSessionId: this.streamSessionId, ...fields });
    await this.pacer.turn(priority, () => {
      if (!this.socket.send(text)) throw new NoTurn('the connection is gone');
    });
  }

  destroy(reason: string): void {
    this.socket.destroy(reason);
  }

  private take(message: JsonObject): void {
    const frame = decodeStreamFrame(message);
    if (frame?.kind === 'data') {
      if (frame.command === 'keepAlive') {
        this.onKeepAlive?.();
        this.expectKeepAlive(this.options.keepAliveMs);
      }
      this.listener.record(frame.command, frame.data);
    } else if (frame?.reply.status === false && meaningOf(frame.reply.errorCode).means === 'session') {
      this.destroy(`the broker refused the session: ${frame.reply.errorCode}`);
    }
  }

  private expectKeepAlive(withinMs: number): void {
    clearTimeout(this.watch);
    this.watch = setTimeout(() => this.destroy(`no keep-alive within ${withinMs} ms`), withinMs);
  }

  private end(reason: string): void {
    clearTimeout(this.watch);
    clearInterval(this.pinging);
    this.pacer.close(reason);
    this.rejectEnded(new NoTurn(reason));
    this.listener.closed(reason);
  }
}
