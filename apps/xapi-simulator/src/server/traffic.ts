import type { SocketKind } from './client-transport.ts';

/** Something that passed on a connection, for a person to read. */
export interface PassedMessage {
  /** Rising from 1. */
  readonly number: number;
  /** By the simulator's clock, in milliseconds. */
  readonly at: number;
  readonly connection: number;
  readonly socket: SocketKind;
  readonly userId: string | null;
  /** `in` came from the client, `out` went to it. */
  readonly direction: 'in' | 'out';
  /** Of what went out on a main connection: how long after its last command. */
  readonly afterMs: number | null;
  /** Its beginning, without secrets. */
  readonly text: string;
}

type Passed = Omit<PassedMessage, 'number' | 'at'>;

const KEPT_MAX = 2_000;
const TEXT_MAX = 1_000;
/** So long after the last question nobody looks any more. */
const WATCHED_MS = 30_000;
const SECRET = /("(?:password|streamSessionId)"\s*:\s*)"(?:[^"\\]|\\.)*"/g;

/** What passes on all connections, kept only while somebody asks for it: a broker of a thousand clients has no time for more. */
export class Traffic {
  private kept: PassedMessage[] = [];
  private lastNumber = 0;
  private watchedUntil = -Infinity;

  constructor(private readonly now: () => number) {}

  get isWatched(): boolean {
    return this.now() < this.watchedUntil;
  }

  take(passed: Passed): void {
    if (!this.isWatched) return;
    const text = passed.text
      .slice(0, 2 * TEXT_MAX)
      .replace(SECRET, '$1"…"')
      .slice(0, TEXT_MAX);
    this.kept.push({ ...passed, text, number: ++this.lastNumber, at: this.now() });
    if (this.kept.length > 2 * KEPT_MAX) this.kept = this.kept.slice(-KEPT_MAX);
  }

  /** The last after a number, of one connection or of all; from now on what passes is kept for a while. */
  after(number: number, connection: number | null, most: number): readonly PassedMessage[] {
    if (!this.isWatched) this.kept = [];
    this.watchedUntil = this.now() + WATCHED_MS;
    return this.kept
      .filter((each) => each.number > number && (connection === null || each.connection === connection))
      .slice(-most);
  }
}
