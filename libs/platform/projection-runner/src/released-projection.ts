import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId } from '@core/contracts/primitives';
import { present } from '@core/kernel/present';
import { BuildFill, type FillParts } from './build-fill.ts';
import { BuildStates, type AnyProjection } from './build-states.ts';
import { HeldBuilds } from './held-builds.ts';
import type { Build, ReleaseDecision, ReleaseReport } from './releases.ts';
import { UnfoldableEvent } from './unfoldable-event.ts';

export interface ReleaseParts {
  readonly fill: FillParts;
  /** The last event that was taken. */
  position(): number;
  /** A state is to be saved. */
  changed(account: AccountId): void;
  /** Other states are served from now on. */
  onServed(): void;
}

/** One projection in a process: the states of the build that is served, and of what is filled and kept beside it. */
export class ReleasedProjection {
  readonly name: string;
  private readonly builds: HeldBuilds<BuildStates, BuildFill>;

  constructor(
    private readonly carried: readonly [AnyProjection, ...AnyProjection[]],
    private readonly parts: ReleaseParts,
  ) {
    this.name = carried[0].name;
    const [first, ...others] = carried;
    const versions = [first.version, ...others.map(({ version }) => version)] as const;
    this.builds = new HeldBuilds(this.name, versions, {
      open: (build) => this.statesOf(build),
      fill: (states) => new BuildFill(states, parts.fill),
      onArrived: ({ changed }) => {
        for (const account of changed) parts.changed(account);
        this.switchOver();
      },
      forget: (states) => this.forget(states),
    });
  }

  get served(): BuildStates {
    return this.builds.served;
  }

  /** What is at the head of the log with the process. */
  get living(): readonly BuildStates[] {
    return [this.served, ...this.builds.standingBy];
  }

  /** Takes what was decided, of this projection and others. */
  decide(decisions: readonly ReleaseDecision[]): void {
    this.builds.decide(decisions);
  }

  /** To begin with: what is served, to be filled before anybody is. */
  begin(): void {
    this.builds.begin();
  }

  take(event: RecordedEvent): void {
    this.served.take(event);
    for (const states of this.builds.standingBy) this.takeBeside(states, event);
    if (this.builds.isFilling) for (const fill of this.builds.filling) fill.hear(event);
  }

  /** Does what is decided: fills what is wanted beside, lets go of what is not, and serves what is at hand. */
  follow(): void {
    this.builds.follow();
    this.switchOver();
  }

  /** Serves what is wanted as soon as it has come exactly to where its readers are. */
  switchOver(): void {
    const next = this.builds.awaited;
    if (!next || next.position > this.parts.position()) return;
    this.builds.serve(next);
    this.parts.onServed();
  }

  report(): ReleaseReport {
    return this.builds.report();
  }

  /** Resolves when nothing is being filled. */
  stopFills(): Promise<void> {
    return this.builds.stopFills();
  }

  private statesOf({ version, build }: Build): BuildStates {
    const projection = this.carried.find((each) => each.version === version);
    return new BuildStates(present(projection, `${this.name} ${version} is not carried`), build);
  }

  /** A fold that is not served yet costs nobody the process. */
  private takeBeside(states: BuildStates, event: RecordedEvent): void {
    try {
      states.take(event);
    } catch (error) {
      if (!(error instanceof UnfoldableEvent)) throw error;
      this.builds.lose(states, error);
    }
  }

  private forget({ build, key }: BuildStates): void {
    const { snapshots } = this.parts.fill;
    // What was filled anew has a name that nobody asks for again; what cannot be deleted now only takes room.
    if (build > 0) snapshots?.drop(key).catch(() => undefined);
  }
}
