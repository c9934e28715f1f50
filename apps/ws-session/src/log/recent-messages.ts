import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { Injectable } from '@nestjs/common';
import { PlaybackSettings } from '../config.ts';
import type { ToldMessage } from '../connection/broadcast.ts';

/** What a message takes beside its text. */
const PLACE_BYTES = 512;
/** How many forgotten ones may stay in the list until it is made anew. */
const SPARE_MAX = 1_024;

/** What was told lately, whoever heard it: sessions that were away for a short time get it without reading the log. */
@Injectable()
export class RecentMessages {
  private messages: ToldMessage[] = [];
  /** Where in the list the first one is that is not forgotten. */
  private first = 0;
  private bytes = 0;
  private begin: number | null = null;

  constructor(
    private readonly runner: ProjectionRunner,
    private readonly settings: PlaybackSettings,
  ) {
    // What was told of states that proved to be others is not what is told from now on.
    runner.onReplaced(() => this.forgetAll());
  }

  /** Every message of an event after this position is here. */
  get since(): number {
    return this.begin ?? this.runner.position;
  }

  /** The messages of the event at a position, right after it was folded. */
  keep(position: number, messages: readonly ToldMessage[]): void {
    this.begin ??= position - 1;
    for (const message of messages) {
      this.messages.push(message);
      this.bytes += sizeOf(message);
    }
    while (this.bytes > this.settings.recentBytesMax) this.forgetOldest();
  }

  /** Everything that was told after a position, in order; null where that is more than is kept. */
  after(position: number): readonly ToldMessage[] | null {
    return position < this.since ? null : this.messages.slice(this.indexAfter(position));
  }

  private indexAfter(position: number): number {
    let [from, to] = [this.first, this.messages.length];
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      if ((this.messages[middle]?.position ?? Infinity) > position) to = middle;
      else from = middle + 1;
    }
    return from;
  }

  /** All messages of one event go together. */
  private forgetOldest(): void {
    const { position } = this.messages[this.first] ?? { position: this.since };
    this.begin = position;
    for (let oldest = this.messages[this.first]; oldest?.position === position; oldest = this.messages[this.first]) {
      this.bytes -= sizeOf(oldest);
      this.first += 1;
    }
    if (this.first < SPARE_MAX || this.first * 2 < this.messages.length) return;
    this.messages = this.messages.slice(this.first);
    this.first = 0;
  }

  private forgetAll(): void {
    this.messages = [];
    this.first = this.bytes = 0;
    this.begin = null;
  }
}

const sizeOf = ({ text }: ToldMessage): number => text.length + PLACE_BYTES;
