import { Readable } from 'node:stream';

/** Sent after this long without a message, so that the client knows the connection lives (document, `PingMessage`). */
const PING_MS = 5_000;
const PING = '{"s":"ok"}';

export interface Lines {
  /** The next message as JSON; null when there is nothing new. */
  next(): string | null;
  /** Calls back when `next` may have something new; returns how to stop that. */
  subscribe(listener: () => void): () => void;
  /** Asked with every ping: why the stream must end, as its last message; null lets it go on. */
  ending(): Promise<string | null>;
  /** Least time between two messages. */
  readonly pauseMs: number;
  readonly onClose: () => void;
}

/**
 * A long answer of one JSON message a line.
 * Nothing queues: while the client is slow changes pile up in what is shown, and the next message tells their sum.
 */
export function lineStream(lines: Lines): Readable {
  let changed = true;
  let wanted = false;
  let resting = false;
  let restTimer: NodeJS.Timeout | undefined;

  const stream = new Readable({
    read() {
      wanted = true;
      attempt();
    },
    destroy(error, done) {
      clearTimeout(restTimer);
      clearInterval(pinging);
      unsubscribe();
      lines.onClose();
      done(error);
    },
  });
  const send = (json: string): void => {
    wanted = stream.push(`${json}\n`);
    pinging.refresh();
  };
  const advance = (): void => {
    if (!changed || !wanted || resting || stream.destroyed) return;
    changed = false;
    const message = lines.next();
    if (message !== null) send(message);
    rest();
  };
  const rest = (): void => {
    resting = true;
    restTimer = setTimeout(() => {
      resting = false;
      attempt();
    }, lines.pauseMs).unref();
  };
  const attempt = (): void => {
    try {
      advance();
    } catch (error) {
      stream.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  };
  const end = (json: string): void => {
    stream.push(`${json}\n`);
    stream.push(null);
  };
  const ping = async (): Promise<void> => {
    const last = await lines.ending();
    if (stream.destroyed) return;
    if (last !== null) end(last);
    else if (wanted) send(PING);
  };
  // Not within the caller, which is whoever applies events.
  const unsubscribe = lines.subscribe(() => {
    if (changed) return;
    changed = true;
    setImmediate(attempt);
  });
  const pinging = setInterval(() => void ping().catch((error: Error) => stream.destroy(error)), PING_MS).unref();
  return stream;
}
