import { EventEmitter } from 'node:events';
import type { WebSocket } from 'ws';
import { SendQueue } from './send-queue.ts';

/** A socket whose reader is as slow as the test wants. */
export class SlowSocket extends EventEmitter {
  bufferedAmount = 0;
  readonly sent: string[] = [];
  closedWith: string | null = null;
  /** Whether whatever is written is read at once. */
  read = false;
  /** How many frames each write had, of those that were gathered. */
  readonly writes: number[] = [];
  private corkedAt: number | null = null;

  readonly OPEN = 1;
  readyState = 1;

  write(frame: Buffer): boolean {
    this.sent.push(frame.subarray(headOf(frame)).toString());
    this.bufferedAmount += frame.length;
    return true;
  }
  cork(): void {
    this.corkedAt = this.sent.length;
  }
  uncork(): void {
    if (this.corkedAt !== null) this.writes.push(this.sent.length - this.corkedAt);
    this.corkedAt = null;
    if (this.read) this.bufferedAmount = 0;
  }
  ping(): void {
    this.sent.push('ping');
  }
  close(code: number, reason: string): void {
    this.closedWith = `${code} ${reason}`;
  }
  terminate(): void {
    this.closedWith = 'terminated';
    this.emit('close');
  }
}

/** Bytes before the text, of what has a head at all. */
function headOf([first, second = 0]: Buffer): number {
  if (first !== 0x81) return 0;
  return second < 126 ? 2 : second === 126 ? 4 : 10;
}

/** With watermarks at 100 and 200 bytes. */
export function sendQueueTo(socket: SlowSocket) {
  const ends: string[] = [];
  const limits = { softWatermarkBytes: 100, hardWatermarkBytes: 200, softWatermarkMs: 1_000, closeGraceMs: 10 };
  const stand: unknown = socket;
  return { ends, queue: new SendQueue(stand as WebSocket, socket, limits, (name) => ends.push(name)) };
}
