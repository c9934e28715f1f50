import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { BoundedMap } from '@core/kernel/bounded-map';
import type { PreparedAnswer } from '../views/prepared-answer.ts';
import type { CrossOrigin } from './cross-origin.ts';
import { preparedReply } from './prepared-reply.ts';
import type { Observe } from './request-metrics.ts';

/** Those of more pages than one process carries; one that is forgotten goes the whole way once more. */
const POLLS_MAX = 200_000;
/** Polls have short addresses; a long one goes the whole way each time, so that nobody fills the memory with them. */
const ADDRESS_MAX = 256;

/** Looked up, and to be sent at the end of the turn. */
interface ReadyAnswer {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly answer: PreparedAnswer;
  readonly route: string;
  readonly beganMs: number;
}

export interface RepeatedPoll {
  /** Of its address, as metrics name it. */
  readonly route: string;
  /** As it is answered now; null, or throws, where the request must be looked at from the beginning. */
  readonly answer: () => PreparedAnswer | null;
}

/**
 * Polls that were answered before, by the token and the address that they came with. They are answered in front of the
 * web framework, which costs more than the rest of a poll; every other request, and what cannot be answered at once, goes
 * the whole way (docs/decisions/0054). Those of one turn of the event loop are sent together, when all that had come is
 * read: a reader that still reads need not be woken (docs/decisions/0070).
 */
export class RepeatedPolls {
  private readonly polls = new BoundedMap<string, RepeatedPoll>(POLLS_MAX);
  private ready: ReadyAnswer[] = [];

  constructor(
    private readonly crossOrigin: Pick<CrossOrigin, 'marksFor'>,
    private readonly observe: Observe,
  ) {}

  /** Whatever else a request says of who asks and for what, it has been looked at. */
  remember(request: IncomingMessage, poll: RepeatedPoll): void {
    if ((request.url?.length ?? 0) <= ADDRESS_MAX) this.polls.set(keyOf(request), poll);
  }

  /** Takes the server's requests first. */
  standBefore(server: Server): void {
    const whole = server.listeners('request') as RequestListener[];
    server.removeAllListeners('request').on('request', (request, response) => {
      if (!this.answered(request, response)) for (const listener of whole) listener(request, response);
    });
  }

  private answered(request: IncomingMessage, response: ServerResponse): boolean {
    if (request.method !== 'GET') return false;
    const beganMs = performance.now();
    const poll = this.polls.get(keyOf(request));
    const answer = poll && answerOf(poll);
    if (!answer) return false;
    if (this.ready.push({ request, response, answer, route: poll.route, beganMs }) === 1)
      setImmediate(() => this.sendReady());
    return true;
  }

  private sendReady(): void {
    const { ready } = this;
    this.ready = [];
    for (const { request, response, answer, route, beganMs } of ready) {
      const { status, headers, body } = preparedReply(answer, request.headers['if-none-match']);
      response.writeHead(status, [...this.crossOrigin.marksFor(request.headers.origin), ...headers]).end(body);
      this.observe({ method: 'GET', route, status, outcome: 'ok' }, performance.now() - beganMs);
    }
  }
}

/** Who is refused hears why on the whole way. */
function answerOf({ answer }: RepeatedPoll): PreparedAnswer | null {
  try {
    return answer();
  } catch {
    return null;
  }
}

const keyOf = ({ headers, url }: IncomingMessage): string => `${headers.authorization} ${url}`;
