import type { Instant } from '@core/contracts/primitives';
import { instantFromMs } from '@core/kernel/instant';
import { loginFailureOf } from '@core/xapi/translate/error-reason';
import type { Redirect, Reply } from '@core/xapi/wire/frames';
import type { JsonObject } from '@core/xapi/wire/json-splitter';
import type { BrokerAddress } from './broker-socket.ts';
import { MainConnection, type MainOptions } from './main-connection.ts';
import type { Credentials } from '@core/registry/registry';
import { LoginRefused, NoTurn } from '@core/connector/broker-failure';
import { StreamConnection, type StreamListener, type StreamOptions } from './stream-connection.ts';

/** One broker server: two addresses of the same kind. */
export interface BrokerServer {
  readonly main: BrokerAddress;
  readonly stream: BrokerAddress;
}

export interface LoginOptions {
  readonly main: MainOptions;
  readonly stream: StreamOptions;
  /** Hosts a login may be redirected to; any other is refused. */
  readonly redirectHosts: readonly string[];
}

export interface LoginListener {
  record(stream: string, data: JsonObject): void;
  replied(tag: string, reply: Reply): void;
  /** Once: both connections are gone. */
  closed(reason: string): void;
}

/** What every account listens to; the records that may move an order come first. */
const SUBSCRIPTIONS = [{ command: 'getTrades' }, { command: 'getTradeStatus' }, { command: 'getBalance' }];
const REDIRECTS_MAX = 3;
const APP_NAME = 'trading-core';

/**
 * One login with its two connections, subscribed and alive (wire-behaviour §9, step 1). When either ends, both do:
 * the stream's session id dies with the main connection, and a stream alone cannot be resumed without a snapshot.
 */
export class Login {
  main!: MainConnection;
  streamSessionId = '';
  /** The server that took the login. */
  server: BrokerServer;
  private stream: StreamConnection | null = null;
  private isOver = false;
  /** The broker's clock less ours. */
  private offsetMs = 0;

  private constructor(
    server: BrokerServer,
    private readonly options: LoginOptions,
    private readonly listener: LoginListener,
    private readonly signal: AbortSignal,
  ) {
    this.server = server;
  }

  /**
   * Rejects with `LoginRefused`, `BrokerUnavailable`, `NoAnswer` or `NoTurn`; nothing is left open then.
   * `signal` ends it at any moment, while it is being opened too.
   */
  static async open(
    server: BrokerServer,
    credentials: Credentials,
    options: LoginOptions,
    listener: LoginListener,
    signal: AbortSignal,
  ): Promise<Login> {
    const session = new Login(server, options, listener, signal);
    try {
      await session.logIn(credentials);
      session.main.keepAwake();
      await session.measureClock();
      await session.openStream();
      return session;
    } catch (error) {
      session.isOver = true;
      session.destroy('not opened');
      throw error;
    }
  }

  get isOpen(): boolean {
    return !this.isOver;
  }

  /** Now, in the broker's clock. */
  get serverNow(): Instant {
    return instantFromMs(Math.round(performance.now() + this.offsetMs));
  }

  close(reason: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.destroy(reason);
    this.listener.closed(reason);
  }

  private async logIn({ login, password }: Credentials): Promise<void> {
    for (let hops = 0; ; hops += 1) {
      const heard = {
        replied: (tag: string, reply: Reply) => this.listener.replied(tag, reply),
        closed: (reason: string) => this.close(reason),
      };
      this.main = await MainConnection.open(this.server.main, this.options.main, heard, this.signal);
      const takes = { userId: login, password, appName: APP_NAME };
      const reply = await this.main.exchange('login', takes, 'query').catch((error: unknown) => {
        const { refusal } = this.main;
        throw refusal === null ? error : new LoginRefused(loginFailureOf(refusal), refusal);
      });
      if (reply.status) {
        if (reply.streamSessionId === undefined) throw new LoginRefused('passing', 'no stream session');
        this.streamSessionId = reply.streamSessionId;
        return;
      }
      if (!reply.redirect) throw new LoginRefused(loginFailureOf(reply.errorCode), reply.errorCode);
      this.server = this.redirected(reply.redirect, hops);
      this.isOver = true;
      this.main.destroy('redirected');
      this.isOver = false;
    }
  }

  private redirected({ address, mainPort, streamingPort }: Redirect, hops: number): BrokerServer {
    if (hops >= REDIRECTS_MAX) throw new LoginRefused('passing', 'too many redirects');
    const { main, stream } = this.server;
    if (!this.options.redirectHosts.includes(address) || !'tcp tls'.split(' ').includes(main.transport))
      throw new LoginRefused('disabled', 'redirect to a host that is not allowed');
    return {
      main: { ...main, address: `${address}:${mainPort}` },
      stream: { ...stream, address: `${address}:${streamingPort}` },
    };
  }

  /** Half of the round trip is taken for the way back. */
  private async measureClock(): Promise<void> {
    const askedMs = performance.now();
    const answer = await this.main.ask('getServerTime', {});
    if (hasTime(answer)) this.offsetMs = answer.time - (askedMs + performance.now()) / 2;
  }

  private async openStream(): Promise<void> {
    const heard: StreamListener = {
      record: (stream, data) => {
        if (stream === 'keepAlive' && typeof data['timestamp'] === 'number')
          this.offsetMs = data['timestamp'] - performance.now();
        else this.listener.record(stream, data);
      },
      closed: (reason) => this.close(`stream: ${reason}`),
    };
    const { stream: options } = this.options;
    this.stream = await StreamConnection.open(this.server.stream, this.streamSessionId, options, heard, this.signal);
    // The main connection may have ended meanwhile, when there was no stream yet to end with it.
    if (this.isOver) throw new NoTurn('the connection ended while the stream was opened');
    await this.stream.start(SUBSCRIPTIONS);
  }

  private destroy(reason: string): void {
    (this.main as MainConnection | undefined)?.destroy(reason);
    this.stream?.destroy(reason);
  }
}

const hasTime = (answer: unknown): answer is { time: number } =>
  typeof answer === 'object' && answer !== null && 'time' in answer && typeof answer.time === 'number';
