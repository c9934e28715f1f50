import type { CloseName } from '@core/ws-session/close-code';
import { closeCodes } from '@core/ws-session/close-code';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { textFrame } from './text-frame.ts';

export interface SendQueueLimits {
  readonly softWatermarkBytes: number;
  readonly hardWatermarkBytes: number;
  readonly softWatermarkMs: number;
  readonly closeGraceMs: number;
}

/** What lies under a socket of `ws`: it holds back what is written until it is told to let go. */
export type Wire = Pick<Duplex, 'cork' | 'uncork' | 'write'>;

/** Bytes that are written at once: more of them in one call save nothing. */
const WRITTEN_TOGETHER_MAX = 65_536;

/**
 * The way out to one client. What happened is sent in full or the connection ends; only the last values of prices may
 * replace each other. Times are milliseconds of any steady clock.
 */
export class SendQueue {
  private readonly conflated = new Map<string, Buffer>();
  private aboveSince: number | null = null;
  private hasLeftOut = false;
  private isOpen = true;
  private waiting: ((isOpen: boolean) => void)[] = [];
  /** How many bytes were unsent when gathering began; null while each frame is written by itself. */
  private gatheredFrom: number | null = null;
  /** What is gathered is unsent: nobody is to be taken for slow for it. */
  private readonly writtenTogether: number;

  /**
   * `onEnd` is called once, whoever ended the connection. `onCaughtUp` hears that values were left out for so long, once
   * the client has the last ones.
   */
  constructor(
    private readonly socket: WebSocket,
    private readonly wire: Wire,
    private readonly limits: SendQueueLimits,
    private readonly onEnd: (name: CloseName) => void,
    private readonly onCaughtUp: (behindMs: number) => void = () => undefined,
  ) {
    this.writtenTogether = Math.min(WRITTEN_TOGETHER_MAX, limits.softWatermarkBytes);
    socket.once('close', () => this.over('normal'));
  }

  /** Sends one frame, head and all, or ends a connection that does not keep up. */
  send(frame: Buffer): void {
    if (!this.isOpen) return;
    const bytes = this.socket.bufferedAmount + frame.length;
    if (bytes > this.limits.hardWatermarkBytes) this.end('slow_consumer');
    else if (bytes > this.limits.softWatermarkBytes) this.write(frame, this.written);
    else this.write(frame);
  }

  sendText(text: string): void {
    this.send(textFrame(text));
  }

  /**
   * What is sent in this turn of the event loop is written together: every write is a call of its own, and wakes a reader
   * that has nothing left to read. To be said before each frame.
   */
  gather(): void {
    if (this.gatheredFrom === null) setImmediate(this.scatter);
    else if (this.socket.bufferedAmount - this.gatheredFrom < this.writtenTogether) return;
    else this.wire.uncork();
    this.gatheredFrom = this.socket.bufferedAmount;
    this.wire.cork();
  }

  /** Sends the last value under a key: now, or once the client has caught up. */
  sendLatest(key: string, frame: Buffer): void {
    if (!this.isOpen) return;
    const isAbove = this.isAbove(frame.length);
    if (this.conflated.delete(key)) this.hasLeftOut = true;
    if (isAbove) this.conflated.set(key, frame);
    else this.write(frame);
  }

  /** A value was not even kept, for a newer one comes. */
  leaveOut(): void {
    this.hasLeftOut = true;
  }

  /** Whether so many bytes more would pass the soft watermark. */
  isAbove(bytes: number): boolean {
    return this.socket.bufferedAmount + bytes > this.limits.softWatermarkBytes;
  }

  /** To be called now and then: sends what was held back, and ends a connection that stayed above for too long. */
  look(now: number): void {
    if (!this.isOpen) return;
    if (this.isAbove(0)) {
      this.aboveSince ??= now;
      if (now - this.aboveSince > this.limits.softWatermarkMs) this.end('slow_consumer');
      return;
    }
    const behindMs = this.aboveSince === null ? 0 : now - this.aboveSince;
    this.aboveSince = null;
    this.release(true);
    for (const [key, frame] of this.conflated) {
      if (this.isAbove(frame.length)) return;
      this.conflated.delete(key);
      this.write(frame);
    }
    if (!this.hasLeftOut) return;
    this.hasLeftOut = false;
    this.onCaughtUp(behindMs);
  }

  /** Beyond the client's own frames, so that proxies see life too. */
  controlPing(): void {
    if (this.isOpen) this.socket.ping();
  }

  /** Resolves when the client has caught up to the soft watermark; false when it is gone. */
  below(): Promise<boolean> {
    if (!this.isOpen || !this.isAbove(0)) return Promise.resolve(this.isOpen);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Says why and goes. Whoever does not read gets no goodbye: its memory is wanted back at once. */
  end(name: CloseName): void {
    if (!this.isOpen) return;
    this.over(name);
    if (name === 'slow_consumer') return this.socket.terminate();
    this.socket.close(closeCodes[name], name);
    const forced = setTimeout(() => this.socket.terminate(), this.limits.closeGraceMs);
    this.socket.once('close', () => clearTimeout(forced));
  }

  /** Beside `ws`, which would make the head of the same frame anew for each who hears it; never after its last word. */
  private write(frame: Buffer, written?: () => void): void {
    if (this.socket.readyState === this.socket.OPEN) this.wire.write(frame, written);
  }

  private over(name: CloseName): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.conflated.clear();
    this.release(false);
    this.onEnd(name);
  }

  /** What waits goes on as soon as the client reads again, not with the next look. */
  private readonly written = (): void => {
    if (this.isOpen && this.waiting.length > 0 && !this.isAbove(0)) this.release(true);
  };

  private readonly scatter = (): void => {
    this.gatheredFrom = null;
    this.wire.uncork();
  };

  private release(isOpen: boolean): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve(isOpen);
  }
}
