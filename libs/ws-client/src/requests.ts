import type { Envelope } from './envelope.ts';
import { NoAnswerError, RefusedError, type WsClientError } from './errors.ts';
import { randomId } from './random-id.ts';

/** A server that is asked more at once than it reads ends the session. */
const WAITING_MAX = 16;

/** The server’s word for what it could not find out. */
const NOBODY_ANSWERED = 'network_error';

interface Waiting {
  readonly name: string;
  readonly body: unknown;
  readonly processId: string | null;
  readonly timer: ReturnType<typeof setTimeout>;
  resolve(success: unknown): void;
  reject(error: WsClientError): void;
}

type Send = (id: string, message: Readonly<Record<string, unknown>>) => void;

/**
 * What was asked and has no answer yet. It is asked again on every new session until it is answered or its time is up:
 * questions change nothing, and trading requests bear an id by which the server knows them.
 */
export class Requests {
  private readonly waiting = new Map<string, Waiting>();

  constructor(private readonly timeoutMs: number) {}

  ask(send: Send | null, name: string, body: object, processId: string | null): Promise<unknown> {
    if (this.waiting.size >= WAITING_MAX)
      return Promise.reject(new RefusedError('rate_limited', name, `${WAITING_MAX} requests wait for their answers`));
    const id = randomId();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.settle(id)?.reject(new NoAnswerError(name, processId)), this.timeoutMs);
      this.waiting.set(id, { name, body, processId, timer, resolve, reject });
      send?.(id, { [name]: body });
    });
  }

  /** Everything that is still open, on a new session. */
  askAgain(send: Send): void {
    for (const [id, { name, body }] of this.waiting) send(id, { [name]: body });
  }

  /** Whether the envelope was an answer to one of them. */
  take({ answers, name, body }: Envelope): boolean {
    const request = answers === null ? null : this.settle(answers);
    if (!request) return false;
    const answer = (body ?? {}) as Readonly<Record<string, unknown>>;
    const code = name === 'error' ? answer['code'] : answer['error'];
    if (code === undefined) request.resolve(answer['success']);
    else request.reject(refusalOf(request, String(code), answer));
    return true;
  }

  /** Nobody will answer any more. */
  abandon(error: WsClientError): void {
    for (const id of [...this.waiting.keys()]) this.settle(id)?.reject(error);
  }

  private settle(id: string): Waiting | null {
    const request = this.waiting.get(id) ?? null;
    clearTimeout(request?.timer);
    this.waiting.delete(id);
    return request;
  }
}

function refusalOf(
  { name, processId }: Waiting,
  code: string,
  { message, final }: Readonly<Record<string, unknown>>,
): WsClientError {
  if (code === NOBODY_ANSWERED) return new NoAnswerError(name, processId);
  return new RefusedError(code, name, typeof message === 'string' ? message : null, final !== false);
}
