import { Readable } from 'node:stream';

/** Sent after this long without a message, so that the client knows the connection lives (document, `PingMessage`). */
const PING_MS = 5_000;
const PING = '{"s":"ok"}';

export interface Lines {
  /** The next message as JSON; null when there is nothing new. */
  next(): string | null;
  /** Calls back when `next` may have something new; returns how to stop that. */
  subscribe(listener: () => void): () => void;
  /**
   * Asked when `subscribeEnding` calls, however busy the stream is: why it must end, as its last message; null lets it go
   * on, and so does a question that could not be asked.
   */
  ending(): Promise<string | null>;
  /** Calls back when `ending` is to be asked, and hears where it could not be; returns how to stop that. */
  subscribeEnding(ask: () => Promise<void>): () => void;
  /** What `next` could not tell, as the last message. */
  failed(error: unknown): string;
  /** Least time between two messages. */
  readonly pauseMs: number;
  readonly onClose: () => void;
}

/**
 * A long answer of one JSON message a line. Whoever is ended is told why.
 * Nothing queues: while the client is slow changes pile up in what is shown, and the next message tells their sum.
 */
export function lineStream(lines: Lines): Readable {
  let changed = true;
  let wanted = false;
  let resting = false;
  let ended = false;
  let restTimer: NodeJS.Timeout | undefined;

  const stream = new Readable({
    read() {
      wanted = true;
      attempt();
    },
    destroy(error, done) {
      stop();
      lines.onClose();
      done(error);
    },
  });
  const send = (json: string): void => {
    wanted = stream.push(`${json}\n`);
    pinging.refresh();
  };
  const advance = (): void => {
    if (!changed || !wanted || resting || ended || stream.destroyed) return;
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
      end(lines.failed(error));
    }
  };
  const stop = (): void => {
    ended = true;
    clearTimeout(restTimer);
    clearInterval(pinging);
    unsubscribe();
    unsubscribeEnding();
  };
  const end = (json: string): void => {
    stop();
    stream.push(`${json}\n`);
    stream.push(null);
  };
  const askEnding = async (): Promise<void> => {
    const last = await lines.ending();
    if (last !== null && !ended) end(last);
  };
  // Not within the caller, which is whoever applies events.
  const unsubscribe = lines.subscribe(() => {
    if (changed) return;
    changed = true;
    setImmediate(attempt);
  });
  const unsubscribeEnding = lines.subscribeEnding(askEnding);
  const pinging = setInterval(() => {
    if (wanted) send(PING);
  }, PING_MS).unref();
  return stream;
}
