import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId } from '@core/contracts/primitives';
import { present } from '@core/kernel/present';
import { BuildFill, type FillParts } from './build-fill.ts';
import { BuildStates, type AnyProjection } from './build-states.ts';
import { isSameBuild, releaseOf, type Build, type Release, type ReleaseDecision } from './releases.ts';
import { UnfoldableEvent } from './unfoldable-event.ts';

/** How far one build is in a process. `standing-by`: at the head of the log, and served as soon as that is decided. */
export interface BuildReport extends Build {
  readonly phase: 'served' | 'standing-by' | 'filling' | 'failed';
  readonly position: number;
  /** Why it failed: its fold cannot take what the log holds. */
  readonly reason: string | null;
}

export interface ReleaseReport {
  readonly name: string;
  /** Versions of the code; the first is served until an operator decides otherwise. */
  readonly carried: readonly number[];
  readonly builds: readonly BuildReport[];
}

export interface ReleaseParts {
  readonly fill: FillParts;
  /** The last event that was taken. */
  position(): number;
  /** A state is to be saved. */
  changed(account: AccountId): void;
  /** Other states are served from now on. */
  onServed(): void;
}

/** One projection in a process: the build that is served, and what is filled and kept beside it. */
export class ReleasedProjection {
  readonly name: string;
  private readonly versions: readonly [number, ...number[]];
  private current: BuildStates;
  private release: Release;
  private standing: BuildStates[] = [];
  private readonly fills = new Map<BuildFill, Promise<void>>();
  private failed: (BuildReport & { readonly phase: 'failed' })[] = [];

  constructor(
    private readonly carried: readonly [AnyProjection, ...AnyProjection[]],
    private readonly parts: ReleaseParts,
  ) {
    this.name = carried[0].name;
    const [first, ...others] = carried;
    this.versions = [first.version, ...others.map(({ version }) => version)];
    this.release = releaseOf(this.versions, []);
    this.current = this.statesOf(this.release.served);
  }

  get served(): BuildStates {
    return this.current;
  }

  /** What is at the head of the log with the process. */
  get living(): readonly BuildStates[] {
    return [this.current, ...this.standing];
  }

  /** Takes what was decided, of this projection and others. */
  decide(decisions: readonly ReleaseDecision[]): void {
    this.release = releaseOf(
      this.versions,
      decisions.filter(({ name }) => name === this.name),
    );
  }

  /** To begin with: what is served, to be filled before anybody is. */
  begin(): void {
    this.current = this.statesOf(this.release.served);
  }

  take(event: RecordedEvent): void {
    this.current.take(event);
    for (const states of this.standing) this.takeBeside(states, event);
    if (this.fills.size > 0) for (const fill of this.fills.keys()) fill.hear(event);
  }

  /** Does what is decided: fills what is wanted beside, lets go of what is not, and serves what is at hand. */
  follow(): void {
    const wanted = [this.release.served, this.release.previous, this.release.candidate].filter((each) => each !== null);
    const isWanted = (build: Build) => wanted.some((each) => isSameBuild(each, build));
    for (const states of this.standing.filter((each) => !isWanted(each))) this.forget(states);
    this.standing = this.standing.filter(isWanted);
    this.failed = this.failed.filter(isWanted);
    for (const fill of this.fills.keys()) if (!isWanted(fill.states)) fill.stop();
    for (const build of wanted) if (!this.isKnown(build)) this.fill(build);
    this.switchOver();
  }

  /** Serves what is wanted as soon as it has come exactly to where its readers are. */
  switchOver(): void {
    const { served } = this.release;
    if (isSameBuild(served, this.current)) return;
    const next = this.standing.find((each) => isSameBuild(each, served));
    if (!next || next.position > this.parts.position()) return;
    this.standing = [...this.standing.filter((each) => each !== next), this.current];
    this.current = next;
    this.parts.onServed();
  }

  report(): ReleaseReport {
    const of = (phase: BuildReport['phase']) => (states: BuildStates) => ({
      version: states.version,
      build: states.build,
      phase,
      position: states.position,
      reason: null,
    });
    const filling = [...this.fills.keys()].map(({ states }) => states);
    const builds = [
      of('served')(this.current),
      ...this.standing.map(of('standing-by')),
      ...filling.map(of('filling')),
      ...this.failed,
    ];
    return { name: this.name, carried: this.versions, builds };
  }

  /** Resolves when nothing is being filled. */
  async stopFills(): Promise<void> {
    for (const fill of this.fills.keys()) fill.stop();
    await Promise.all(this.fills.values());
  }

  private statesOf({ version, build }: Build): BuildStates {
    const projection = this.carried.find((each) => each.version === version);
    return new BuildStates(present(projection, `${this.name} ${version} is not carried`), build);
  }

  private isKnown(build: Build): boolean {
    const filling = [...this.fills.keys()].map(({ states }) => states);
    return [...this.living, ...filling, ...this.failed].some((each) => isSameBuild(each, build));
  }

  private fill(build: Build): void {
    const fill = new BuildFill(this.statesOf(build), this.parts.fill);
    const done = fill
      .run(() => {
        this.fills.delete(fill);
        this.standing = [...this.standing, fill.states];
        for (const account of fill.changed) this.parts.changed(account);
        this.switchOver();
      })
      // A log that cannot be read is asked again when the decisions are looked at the next time.
      .catch((error: unknown) => {
        if (error instanceof UnfoldableEvent) this.fail(fill.states, error);
      })
      .finally(() => this.fills.delete(fill));
    this.fills.set(fill, done);
  }

  /** A fold that is not served yet costs nobody the process. */
  private takeBeside(states: BuildStates, event: RecordedEvent): void {
    try {
      states.take(event);
    } catch (error) {
      if (!(error instanceof UnfoldableEvent)) throw error;
      this.standing = this.standing.filter((each) => each !== states);
      this.fail(states, error);
    }
  }

  private fail({ version, build, position }: BuildStates, { message }: Error): void {
    this.failed.push({ version, build, phase: 'failed', position, reason: message });
  }

  private forget({ build, key }: BuildStates): void {
    const { snapshots } = this.parts.fill;
    // What was filled anew has a name that nobody asks for again; what cannot be deleted now only takes room.
    if (build > 0) snapshots?.drop(key).catch(() => undefined);
  }
}
