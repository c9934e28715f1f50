import { meaningOf } from '@core/xapi/translate/error-reason';
import type { CommandArguments, CommandName } from '@core/xapi/wire/commands';
import { encodeCommand } from '@core/xapi/wire/encode-frames';
import { decodeReply, type Reply } from '@core/xapi/wire/frames';
import type { JsonObject } from '@core/xapi/wire/json-splitter';
import type { Written } from '@core/xapi/wire/wire-types';
import { openSocket, type BrokerAddress, type BrokerSocket, type SocketLimits } from './broker-socket.ts';
import { BrokerFailure, NoAnswer, QuestionRefused } from '@core/connector/broker-failure';
import { Pacer, type PacerOptions } from '@core/connector/pacing/pacer';
import { NOTHING } from '@core/connector/pacing/clock';
import { Silence } from '@core/connector/pacing/silence';
import type { Priority } from '@core/connector/pacing/waiting-line';

export interface MainOptions extends SocketLimits {
  readonly pacing: PacerOptions;
  readonly replyTimeoutMs: number;
  readonly pingMs: number;
}

export interface MainListener {
  /** A reply to something sent by `transmit`, however late. */
  replied(tag: string, reply: Reply): void;
  closed(reason: string): void;
}

/** Begins the tags of questions; their answers are worth nothing once nobody waits for them. */
const QUERY = 'q';

interface Asked {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** The request-reply connection of one session. Replies are matched by tag and by nothing else. */
export class MainConnection {
  readonly pacer: Pacer;
  private readonly asked = new Map<string, Asked>();
  private counter = 0;
  private silence: Silence | null = null;
  private socket!: BrokerSocket;
  /** An error that answers nothing: the broker did not want the connection (EX008). Only counts before the login. */
  refusal: string | null = null;

  private constructor(
    private readonly options: MainOptions,
    private readonly listener: MainListener,
  ) {
    this.pacer = new Pacer(options.pacing);
  }

  static async open(
    address: BrokerAddress,
    options: MainOptions,
    listener: MainListener,
    signal?: AbortSignal,
  ): Promise<MainConnection> {
    const connection = new MainConnection(options, listener);
    const heard = {
      message: (message: JsonObject) => connection.take(message),
      closed: (reason: string) => connection.end(reason),
    };
    connection.socket = await openSocket(address, options, heard, signal);
    return connection;
  }

  get isOpen(): boolean {
    return this.socket.isOpen;
  }

  /**
   * Keeps the session awake, and notices a broker that is gone without a word. What was just answered needs no ping,
   * which would take the turn of an order.
   */
  keepAwake(): void {
    this.silence = new Silence(this.options.pingMs, () => {
      this.ask('ping', {}, 'ping').catch((error: unknown) => {
        if (error instanceof NoAnswer) this.destroy('no answer to a ping');
        else if (!(error instanceof BrokerFailure)) throw error;
      });
    });
  }

  /**
   * Sends a command when its turn comes, which `onTurn` tells, and gives what it returns; rejects with `QuestionRefused`,
   * `NoAnswer`, `NoTurn`.
   */
  async ask<Name extends CommandName>(
    command: Name,
    takes: Written<CommandArguments<Name>>,
    priority: Priority = 'query',
    onTurn: () => void = NOTHING,
  ): Promise<unknown> {
    const reply = await this.exchange(command, takes, priority, onTurn);
    if (reply.status) return reply.returnData;
    this.endWith(reply.errorCode);
    throw refusalOf(command, reply.errorCode, reply.errorDescr);
  }

  /** Like `ask`, with the whole reply, refusals included: for logging in. */
  async exchange<Name extends CommandName>(
    command: Name,
    takes: Written<CommandArguments<Name>>,
    priority: Priority,
    onTurn: () => void = NOTHING,
  ): Promise<Reply> {
    this.counter += 1;
    const tag = `${QUERY}${this.counter}`;
    const text = encodeCommand(command, takes, tag);
    let reply: Promise<Reply> | undefined;
    await this.pacer.turn(priority, () => {
      onTurn();
      reply = this.expect(command, tag);
      reply.catch(() => undefined); // it is thrown where it is awaited
      if (!this.socket.send(text)) this.settle(tag)?.reject(new NoAnswer(`${command}: the connection is gone`));
    });
    if (!reply) throw new NoAnswer(`${command}: never sent`);
    return reply;
  }

  /** Writes within a turn of the pacer. The reply goes to the listener; false when nothing was written. */
  transmit(text: string): boolean {
    return this.socket.send(text);
  }

  destroy(reason: string): void {
    this.socket.destroy(reason);
  }

  private expect(command: string, tag: string): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.asked.delete(tag);
        reject(new NoAnswer(`${command}: no reply within ${this.options.replyTimeoutMs} ms`));
      }, this.options.replyTimeoutMs);
      this.asked.set(tag, { resolve, reject, timer });
    });
  }

  private take(message: JsonObject): void {
    this.silence?.heard();
    const reply = decodeReply(message);
    if (reply?.customTag === undefined) {
      if (reply?.status === false && this.silence === null) this.refusal = reply.errorCode;
      if (this.refusal !== null) this.destroy(`the broker refused the connection: ${this.refusal}`);
      return;
    }
    const asked = this.settle(reply.customTag);
    if (asked) return asked.resolve(reply);
    if (reply.customTag.startsWith(QUERY)) return;
    this.listener.replied(reply.customTag, reply);
    if (!reply.status) this.endWith(reply.errorCode);
  }

  /** Some errors end the session, whatever they answer. */
  private endWith(errorCode: string): void {
    if (meaningOf(errorCode).means === 'session') this.destroy(`the broker ended the session: ${errorCode}`);
  }

  private settle(tag: string): Asked | undefined {
    const asked = this.asked.get(tag);
    clearTimeout(asked?.timer);
    this.asked.delete(tag);
    return asked;
  }

  private end(reason: string): void {
    this.silence?.stop();
    this.pacer.close(reason);
    for (const tag of [...this.asked.keys()]) this.settle(tag)?.reject(new NoAnswer(reason));
    this.listener.closed(reason);
  }
}

/** The broker's error to a question; the command's range was too large with EX009, its period unknown with BE105. */
function refusalOf(command: string, errorCode: string, errorDescr: string): QuestionRefused {
  return new QuestionRefused(reasonOf(errorCode), `${command}: ${errorCode} ${errorDescr}`);
}

function reasonOf(errorCode: string): QuestionRefused['reason'] {
  if (errorCode === 'EX009') return 'too-large';
  if (errorCode === 'BE105') return 'unknown-period';
  const meaning = meaningOf(errorCode);
  const isUnknown = meaning.means === 'rejected' && meaning.reason === 'unknown-instrument';
  return isUnknown ? 'unknown-instrument' : 'broker-error';
}
