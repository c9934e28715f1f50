import type { Command, Answer } from '@core/contracts/command';
import type { IntakeCheckpoint } from '@core/event-log/event-log';
import type { IntakeMessage } from './intake-message.ts';
import type { DeadLetter } from './dead-letter.ts';

export interface WaitingCommand {
  readonly command: Command;
  readonly answered: (answer: Answer) => void;
}

export interface WaitingMessage {
  readonly message: IntakeMessage;
  /** Where the intake stands once this message is committed. */
  readonly checkpoint: IntakeCheckpoint;
}

/** What goes into one transaction. */
export interface Work {
  readonly commands: readonly WaitingCommand[];
  readonly messages: readonly WaitingMessage[];
  readonly deadLetters: readonly DeadLetter[];
}

export interface WriteQueueLimits {
  readonly batchEventsMax: number;
  readonly batchBytesMax: number;
  readonly batchCommandsMax: number;
  readonly waitingEventsMax: number;
}

/**
 * Where commands and facts meet and wait for the next transaction.
 * Nothing waits for a timer: who takes gets all there is, within limits; while that is committed the next piles up.
 */
export class WriteQueue {
  private commands: WaitingCommand[] = [];
  private messages: WaitingMessage[] = [];
  private deadLetters: DeadLetter[] = [];
  private waitingEvents = 0;
  private closed = false;
  private taker: (() => void) | null = null;
  private readonly senders: (() => void)[] = [];

  constructor(private readonly limits: WriteQueueLimits) {}

  /** Everything that waits: commands and facts, in things to be recorded. */
  get depth(): number {
    return this.commands.length + this.waitingEvents + this.deadLetters.length;
  }

  get isEmpty(): boolean {
    return this.commands.length === 0 && this.messages.length === 0 && this.deadLetters.length === 0;
  }

  addCommand(waiting: WaitingCommand): void {
    this.commands.push(waiting);
    this.wake();
  }

  addDeadLetters(deadLetters: readonly DeadLetter[]): void {
    if (deadLetters.length === 0) return;
    this.deadLetters.push(...deadLetters);
    this.wake();
  }

  /** Resolves when the next message may come: this is what makes the intake wait. */
  async addMessage(waiting: WaitingMessage): Promise<void> {
    this.messages.push(waiting);
    this.waitingEvents += weightOf(waiting);
    this.wake();
    while (this.waitingEvents >= this.limits.waitingEventsMax && !this.closed) {
      await new Promise<void>((resolve) => this.senders.push(resolve));
    }
  }

  /** The next transaction's work, as soon as there is some; null once the queue is closed and empty. */
  async take(): Promise<Work | null> {
    while (this.isEmpty) {
      if (this.closed) return null;
      await new Promise<void>((resolve) => (this.taker = resolve));
      // What has come to this process by now goes together.
      await new Promise(setImmediate);
    }
    const { batchCommandsMax, batchEventsMax } = this.limits;
    return {
      commands: this.commands.splice(0, batchCommandsMax),
      messages: this.takeMessages(),
      deadLetters: this.deadLetters.splice(0, batchEventsMax),
    };
  }

  /** Lets what waits go through, and nobody wait any longer. */
  close(): void {
    this.closed = true;
    this.wake();
    for (const sender of this.senders.splice(0)) sender();
  }

  private takeMessages(): WaitingMessage[] {
    const { batchEventsMax, batchBytesMax } = this.limits;
    let [count, events, bytes] = [0, 0, 0];
    for (const waiting of this.messages) {
      events += weightOf(waiting);
      bytes += waiting.message.bytes;
      if (count > 0 && (events > batchEventsMax || bytes > batchBytesMax)) break;
      count += 1;
    }
    const taken = this.messages.splice(0, count);
    for (const waiting of taken) this.waitingEvents -= weightOf(waiting);
    for (const sender of this.senders.splice(0)) sender();
    return taken;
  }

  private wake(): void {
    this.taker?.();
    this.taker = null;
  }
}

/** A message without events still has to be taken note of. */
const weightOf = ({ message }: WaitingMessage): number =>
  Math.max(1, message.events.length + message.deadLetters.length);
