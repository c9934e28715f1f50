/** Whatever the client throws or rejects with. */
export abstract class WsClientError extends Error {
  abstract readonly code: string;

  override get name(): string {
    return this.constructor.name;
  }
}

/** The key is unknown, expired or was revoked: coming back with it is useless. */
export class UnauthorizedError extends WsClientError {
  readonly code = 'unauthorized';
}

/** Client and server do not understand each other, by close code `closeCode`: coming back is useless. */
export class ProtocolError extends WsClientError {
  readonly code = 'protocol';

  constructor(
    readonly closeCode: number,
    reason: string,
  ) {
    super(`the server ended the session with ${closeCode} ${reason}`);
  }
}

/** The server said no, with `code` from its catalogue. Nothing was done. */
export class RefusedError extends WsClientError {
  constructor(
    readonly code: string,
    request: string,
    detail: string | null = null,
    /** The same request will not be taken later either. */
    readonly isFinal = true,
  ) {
    super(`${request} was refused: ${code}${detail === null ? '' : ` (${detail})`}`);
  }
}

/** Nobody knows whether what was asked was done, or still will be: no answer came in time, here or behind the server. */
export class NoAnswerError extends WsClientError {
  readonly code = 'no_answer';

  constructor(
    request: string,
    /** Of a trading request: the same id asks again without doing it twice. */
    readonly processId: string | null,
  ) {
    super(`${request} was not answered in time; it may have been carried out`);
  }
}

/** The client was closed, or ended before. A trading request that was on its way may have been carried out. */
export class ClosedError extends WsClientError {
  readonly code = 'closed';
}

/** There is no WebSocket here: Node below 22 needs the package `ws`. */
export class NoWebSocketError extends WsClientError {
  readonly code = 'no_websocket';
}
