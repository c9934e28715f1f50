import { present } from '@core/kernel/present';
import { parseObject, type JsonObject } from '@core/xapi/wire/json-splitter';
import type { Simulator } from '../simulator.ts';
import { MemorySocket } from './memory-socket.ts';

/** Well above the pace that servers ask for. */
const PACE_MS = 250;

/** An xAPI client on the simulated clock. It keeps the pace: every command takes a quarter of a second. */
export class MemoryClient {
  readonly main: MemorySocket;
  readonly stream: MemorySocket;
  token = '';

  constructor(
    private readonly simulator: Simulator,
    readonly userId: string,
    address?: string,
  ) {
    this.main = new MemorySocket(simulator, 'main', address);
    this.stream = new MemorySocket(simulator, 'stream', address);
  }

  login(password: string): JsonObject {
    const reply = this.ask('login', { userId: this.userId, password });
    if (typeof reply.streamSessionId === 'string') this.token = reply.streamSessionId;
    return reply;
  }

  /** Logs in and subscribes to what trading needs. */
  enter(password: string): void {
    this.login(password);
    for (const command of ['getTrades', 'getTradeStatus', 'getBalance']) this.subscribe(command);
  }

  /** Sends a command and gives what came back within the pace; an empty object when nothing did. */
  ask(command: string, given?: JsonObject, more: JsonObject = {}): JsonObject {
    const text = this.askForText(command, given, more);
    return text === '' ? {} : present(parseObject(text), `not an object: ${text}`);
  }

  /** The same, as it stood on the wire. */
  askForText(command: string, given?: JsonObject, more: JsonObject = {}): string {
    return this.send(JSON.stringify({ command, ...(given ? { arguments: given } : {}), ...more }));
  }

  /** A command as it stands; empty when nothing came back. */
  send(command: string): string {
    const before = this.main.received.length;
    this.main.write(command);
    this.wait(PACE_MS);
    return this.main.received[before]?.message ?? '';
  }

  subscribe(command: string, more: JsonObject = {}): void {
    this.stream.write(JSON.stringify({ command, streamSessionId: this.token, ...more }));
    this.wait(PACE_MS);
  }

  /** Data of the stream's frames of one kind, in the order they came. */
  frames(command: string): readonly JsonObject[] {
    return this.stream.received.flatMap(({ message }) => {
      const frame = parseObject(message);
      return frame?.command === command ? [frame.data as JsonObject] : [];
    });
  }

  /** Lets simulated time pass, event by event. */
  wait(ms: number): void {
    const { simulator } = this;
    const until = simulator.scheduler.now + ms;
    for (;;) {
      const next = simulator.scheduler.nextAt;
      if (next === null || next > until) break;
      simulator.advanceTo(next);
    }
    simulator.advanceTo(until);
  }
}
