export interface WireRequest {
  readonly method: string;
  /** Absolute, with its query. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface WireAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface WireLine {
  readonly atMs: number;
  readonly text: string;
}

/** What a long answer said while it was listened to. */
export interface WireRecording extends Omit<WireAnswer, 'body'> {
  readonly startedMs: number;
  readonly lines: readonly WireLine[];
  /** When the server ended it; absent where the listener did. */
  readonly closedMs?: number;
}

/** The way to a server, and the time there; both are simulated in specs. */
export interface Wire {
  /** Rejects where no answer came within the client's patience. */
  send(request: WireRequest): Promise<WireAnswer>;
  listen(request: WireRequest, forMs: number): Promise<WireRecording>;
  nowMs(): number;
  wait(ms: number): Promise<void>;
}
