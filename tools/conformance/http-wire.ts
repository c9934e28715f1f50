import { setTimeout as sleep } from 'node:timers/promises';
import type { Wire, WireAnswer, WireLine, WireRecording, WireRequest } from './wire.ts';

/** TradingView waits as long. */
const PATIENCE_MS = 10_000;

/** A server over HTTP; nothing is followed, retried or cached. */
export class HttpWire implements Wire {
  async send(request: WireRequest): Promise<WireAnswer> {
    const response = await this.open(request, AbortSignal.timeout(PATIENCE_MS));
    return { ...headOf(response), body: await response.text() };
  }

  async listen(request: WireRequest, forMs: number): Promise<WireRecording> {
    const startedMs = this.nowMs();
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(), forMs);
    const lines: WireLine[] = [];
    try {
      const response = await this.open(request, ending.signal);
      const closed = await this.record(response, lines, ending.signal);
      return { ...headOf(response), startedMs, lines, ...(closed ? { closedMs: this.nowMs() } : {}) };
    } finally {
      clearTimeout(timer);
    }
  }

  nowMs(): number {
    return Date.now();
  }

  async wait(ms: number): Promise<void> {
    await sleep(ms);
  }

  private open({ method, url, headers, body }: WireRequest, signal: AbortSignal): Promise<Response> {
    return fetch(url, { method, headers, redirect: 'manual', signal, ...(body === undefined ? {} : { body }) });
  }

  /** Whether the server ended it. */
  private async record({ body }: Response, lines: WireLine[], ended: AbortSignal): Promise<boolean> {
    const decoder = new TextDecoder();
    let rest = '';
    try {
      for await (const chunk of body ?? []) {
        const parts = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
        rest = parts.pop() ?? '';
        for (const text of parts) lines.push({ atMs: this.nowMs(), text });
      }
    } catch (error) {
      if (!ended.aborted) throw error;
      return false;
    }
    // What no line end follows is no message of a stream, but the whole of an error.
    if (rest !== '') lines.push({ atMs: this.nowMs(), text: rest });
    return true;
  }
}

const headOf = ({ status, headers }: Response) => ({ status, headers: Object.fromEntries(headers) });
