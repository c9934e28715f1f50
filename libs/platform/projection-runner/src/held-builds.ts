import {
  isSameBuild,
  releaseOf,
  type Build,
  type BuildReport,
  type Release,
  type ReleaseDecision,
  type ReleaseReport,
} from './releases.ts';
import { UnfoldableEvent } from './unfoldable-event.ts';

/** What a process has of a build. */
interface HeldBuild extends Build {
  /** Every event up to here is in it. */
  readonly position: number;
}

/** One filling of a build that is under way. */
interface Filling<Held> {
  readonly filled: Held;
  /** When it is where the living are, `arrived` is called; unless it was stopped before. */
  run(arrived: () => void): Promise<void>;
  stop(): void;
}

/** How builds of one kind come about and go. */
export interface BuildKind<Held extends HeldBuild, Fill extends Filling<Held>> {
  open(build: Build): Held;
  fill(held: Held): Fill;
  onArrived(fill: Fill): void;
  /** Nobody wants it any more, and nothing fills it. */
  forget(held: Held): void;
}

/** The builds of one projection in a process: what is served, and what is filled and kept beside it. */
export class HeldBuilds<Held extends HeldBuild, Fill extends Filling<Held>> {
  private decisions: readonly ReleaseDecision[] = [];
  private release: Release;
  private current: Held;
  private standing: readonly Held[] = [];
  private readonly fills = new Map<Fill, Promise<void>>();
  private failed: readonly { readonly held: Held; readonly reason: string }[] = [];

  constructor(
    readonly name: string,
    private readonly carried: readonly [number, ...number[]],
    private readonly kind: BuildKind<Held, Fill>,
  ) {
    this.release = releaseOf(carried, []);
    this.current = kind.open(this.release.served);
  }

  get served(): Held {
    return this.current;
  }

  /** At the head of the log with what is served. */
  get standingBy(): readonly Held[] {
    return this.standing;
  }

  /** Asked for every event: it costs less than an empty list. */
  get isFilling(): boolean {
    return this.fills.size > 0;
  }

  get filling(): Iterable<Fill> {
    return this.fills.keys();
  }

  /** What is to be served, where that is another and at hand. */
  get awaited(): Held | null {
    const { served } = this.release;
    if (isSameBuild(served, this.current)) return null;
    return this.standing.find((each) => isSameBuild(each, served)) ?? null;
  }

  /** Takes what was decided, of this projection and others. */
  decide(decisions: readonly ReleaseDecision[]): void {
    this.decisions = decisions.filter(({ name }) => name === this.name);
    this.release = releaseOf(this.carried, this.decisions);
  }

  /** Whether it was ever decided to serve this build. */
  wasToBeServed(build: Build): boolean {
    return this.decisions.some((each) => each.act === 'serve' && isSameBuild(each, build));
  }

  /** To begin with: what is served, to be filled before anybody is. */
  begin(): void {
    this.current = this.kind.open(this.release.served);
  }

  /** Fills what is wanted and not there, and lets go of what is not wanted. */
  follow(): void {
    const kept = (held: Held): boolean => {
      const isKept = this.isWanted(held);
      if (!isKept) this.kind.forget(held);
      return isKept;
    };
    this.standing = this.standing.filter(kept);
    this.failed = this.failed.filter(({ held }) => kept(held));
    for (const fill of this.fills.keys()) if (!this.isWanted(fill.filled)) fill.stop();
    for (const build of this.wanted) if (!this.isKnown(build)) this.fill(build);
  }

  /** From now on this one of those that stand by is served, and the other stands by. */
  serve(next: Held): void {
    this.standing = [...this.standing.filter((each) => each !== next), this.current];
    this.current = next;
  }

  /** It could not go on: with what its fold cannot take it has failed, and after anything else it is filled again. */
  lose(held: Held, error: unknown): void {
    this.standing = this.standing.filter((each) => each !== held);
    if (!(error instanceof UnfoldableEvent)) return;
    this.failed = [...this.failed, { held, reason: error.message }];
  }

  report(): ReleaseReport {
    const of = (phase: BuildReport['phase'], { version, build, position }: Held, reason: string | null = null) => ({
      ...{ version, build, phase, position, reason },
    });
    const builds = [
      of('served', this.current),
      ...this.standing.map((held) => of('standing-by', held)),
      ...[...this.fills.keys()].map(({ filled }) => of('filling', filled)),
      ...this.failed.map(({ held, reason }) => of('failed', held, reason)),
    ];
    return { name: this.name, carried: this.carried, builds };
  }

  /** Resolves when nothing is being filled. */
  async stopFills(): Promise<void> {
    for (const fill of this.fills.keys()) fill.stop();
    await Promise.all(this.fills.values());
  }

  private get wanted(): readonly Build[] {
    const { served, previous, candidate } = this.release;
    return [served, previous, candidate].filter((each) => each !== null);
  }

  private isWanted(build: Build): boolean {
    return this.wanted.some((each) => isSameBuild(each, build));
  }

  private isKnown(build: Build): boolean {
    const filling = [...this.fills.keys()].map(({ filled }) => filled);
    const failed = this.failed.map(({ held }) => held);
    return [this.current, ...this.standing, ...filling, ...failed].some((each) => isSameBuild(each, build));
  }

  private fill(build: Build): void {
    const fill = this.kind.fill(this.kind.open(build));
    const arrived = (): void => {
      this.fills.delete(fill);
      this.standing = [...this.standing, fill.filled];
      this.kind.onArrived(fill);
    };
    const done = fill
      .run(arrived)
      // A log that cannot be read is asked again when the decisions are looked at the next time.
      .catch((error: unknown) => this.lose(fill.filled, error))
      .finally(() => {
        this.fills.delete(fill);
        if (!this.isWanted(fill.filled)) this.kind.forget(fill.filled);
      });
    this.fills.set(fill, done);
  }
}
