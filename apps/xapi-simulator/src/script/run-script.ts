import { parseObject, type JsonObject } from '@core/xapi/wire/json-splitter';
import { unreachable } from '@core/kernel/unreachable';
import { BrokerControl } from '../control/broker-control.ts';
import { performers } from '../control/perform.ts';
import { toUnits } from '../core/units.ts';
import { MemoryClient } from '../in-memory/memory-client.ts';
import type { MemorySocket } from '../in-memory/memory-socket.ts';
import { Simulator } from '../simulator.ts';
import { ScriptStep, type Script } from './script.ts';

/** A step could not be done, or did not do what the script expects. `step` counts from 1. */
export class ScriptFailed extends Error {
  readonly code = 'script-failed';

  constructor(
    readonly step: number,
    message: string,
  ) {
    super(`step ${step}: ${message}`);
    this.name = 'ScriptFailed';
  }
}

/** Runs a scenario from beginning to end and prints, line by line, what its clients received. Throws `ScriptFailed`. */
export function runScript(script: Script, print: (line: string) => void): void {
  new ScriptRun(script, print).run();
}

class ScriptRun {
  private readonly simulator: Simulator;
  private readonly control: BrokerControl;
  private readonly clients = new Map<string, MemoryClient>();
  private readonly names = new Map<string, number>();
  private readonly printed = new Map<MemorySocket, number>();
  private readonly expected = new Map<MemoryClient, number>();
  private readonly startMs: number;

  constructor(
    private readonly script: Script,
    private readonly print: (line: string) => void,
  ) {
    this.startMs = Date.parse(script.start);
    const accounts = script.accounts.map((account) => ({ ...account, balance: toUnits(account.balance, 2) }));
    this.simulator = new Simulator({ seed: script.seed, startMs: this.startMs, accounts, behaviour: script.knobs });
    this.control = new BrokerControl(this.simulator);
  }

  run(): void {
    this.simulator.pulse.start();
    this.script.steps.forEach((written, index) => {
      try {
        this.take(ScriptStep.parse(this.resolve(written)));
      } catch (error) {
        throw new ScriptFailed(index + 1, error instanceof Error ? error.message : String(error));
      }
      this.printNew();
    });
  }

  private take(step: ScriptStep): void {
    if ('login' in step) return this.login(step.login);
    if ('ask' in step) return this.ask(step.ask);
    if ('subscribe' in step) return this.subscribe(step.subscribe);
    if ('write' in step) return this.client(step.write.client)[step.write.socket].write(step.write.text);
    if ('wait' in step) return this.wait(step.wait);
    if ('act' in step) return this.act(step.act);
    if ('knobs' in step) return void this.simulator.changeBehaviour(step.knobs);
    if ('fault' in step) return void this.simulator.faults.set(step.fault);
    if ('liftFaults' in step) return this.simulator.faults.liftAll();
    if ('remember' in step) return this.remember(step.remember);
    if ('hangUp' in step) return this.client(step.hangUp.client)[step.hangUp.socket].hangUp();
    if ('expect' in step) return this.expect(step.expect);
    if ('expectClosed' in step) return this.expectClosed(step.expectClosed);
    return unreachable(step);
  }

  private login({ client, userId, password }: { client: string; userId: string; password: string }): void {
    const connected = new MemoryClient(this.simulator, userId);
    this.clients.set(client, connected);
    connected.login(password);
  }

  private ask(asked: Extract<ScriptStep, { ask: unknown }>['ask']): void {
    const { client, command, arguments: given, customTag, expect } = asked;
    const reply = this.client(client).ask(command, given, customTag === undefined ? {} : { customTag });
    if (expect && !matches(reply, expect)) throw new Error(`${command} was answered ${JSON.stringify(reply)}`);
  }

  private subscribe({ client, command, ...more }: { client: string; command: string }): void {
    this.client(client).subscribe(command, more);
  }

  /** Event by event, so that every frame is printed with its own time. */
  private wait(ms: number): void {
    const { scheduler } = this.simulator;
    const until = scheduler.now + ms;
    for (let next = scheduler.nextAt; next !== null && next <= until; next = scheduler.nextAt) {
      this.simulator.advanceTo(next);
    }
    this.simulator.advanceTo(until);
  }

  private act(deeds: Extract<ScriptStep, { act: unknown }>['act']): void {
    for (const [name, perform] of Object.entries(performers)) {
      const input: unknown = Reflect.get(deeds, name);
      if (input !== undefined) perform(this.control, input);
    }
    this.simulator.connections.flush();
  }

  private remember({ as, userId, newest }: { as: string; userId: string; newest: 'position' | 'order' }): void {
    const { positions, pendings } = this.simulator.broker.account(userId);
    const number = [...(newest === 'position' ? positions : pendings).keys()].at(-1);
    if (number === undefined) throw new Error(`account ${userId} has no ${newest}`);
    this.names.set(as, number);
  }

  private expect({ client: name, frame, where }: { client: string; frame: string; where: JsonObject }): void {
    const client = this.client(name);
    const from = this.expected.get(client) ?? 0;
    const frames = client.stream.received.slice(from).map(({ message }) => parseObject(message));
    const found = frames.findIndex((each) => each?.command === frame && matches(each.data, where));
    if (found === -1) throw new Error(`no ${frame} frame ${JSON.stringify(where)} came to ${name}`);
    this.expected.set(client, from + found + 1);
  }

  private expectClosed({ client, socket }: { client: string; socket: 'main' | 'stream' }): void {
    if (this.client(client)[socket].ended === null) throw new Error(`${client}'s ${socket} connection is open`);
  }

  private client(name: string): MemoryClient {
    const client = this.clients.get(name);
    if (!client) throw new Error(`no client ${name} has logged in`);
    return client;
  }

  /** `$name` becomes the number that was remembered under it. */
  private resolve(value: unknown): unknown {
    if (typeof value === 'string' && value.startsWith('$')) return this.names.get(value.slice(1)) ?? value;
    if (Array.isArray(value)) return value.map((each) => this.resolve(each));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([field, each]) => [field, this.resolve(each)]));
  }

  private printNew(): void {
    const lines: { at: number; line: string }[] = [];
    for (const [name, client] of this.clients) {
      for (const socket of [client.main, client.stream]) {
        const from = this.printed.get(socket) ?? 0;
        this.printed.set(socket, socket.received.length);
        for (const { at, message } of socket.received.slice(from)) {
          const command = parseObject(message)?.command;
          if (typeof command === 'string' && !this.script.show.includes(command)) continue;
          lines.push({ at, line: `${clock(at - this.startMs)} ${name} ${socket.kind} ${message}` });
        }
      }
    }
    for (const { line } of lines.sort((left, right) => left.at - right.at)) this.print(line);
  }
}

/** Whether every field that is asked for is there with that value; others may be too. */
function matches(value: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return Object.is(value, wanted);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(wanted).every(([field, each]) => matches(Reflect.get(value, field), each));
}

/** Since the start: `00:01:30.250`, and `49:00:00.000` on the third day. */
const clock = (ms: number): string =>
  `${String(Math.floor(ms / HOUR_MS)).padStart(2, '0')}${new Date(ms).toISOString().slice(13, 23)}`;

const HOUR_MS = 3_600_000;
