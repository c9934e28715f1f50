import type { AccountId } from '@core/contracts/primitives';
import { EventLog } from '@core/event-log/event-log';
import { SingleFlights } from '@core/kernel/single-flight';
import { compareBuilds, comparedBuilds } from '@core/operations/build-comparison';
import { logLine, type LogLine } from '@core/operations/log-line';
import { projectionCatalogue } from '@core/operations/projection-catalogue';
import {
  buildStandings,
  releasedIn,
  releaseNamed,
  type BuildStanding,
  type ReleasedIn,
} from '@core/operations/released-in';
import type { Build, Release } from '@core/projection-runner/releases';
import { Registry } from '@core/registry/registry';
import { LOGINS } from '@core/service/logins';
import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { READ_ONLY } from './console-database.ts';

/** One projection of an edge, and every build of it that a process has. */
export interface ReleasedProjectionAnswer {
  readonly owner: string;
  readonly name: string;
  readonly carried: readonly number[];
  readonly release: Release;
  readonly builds: readonly BuildStanding[];
}

/** What operators decided of a projection. */
export interface ReleaseDecisionAnswer extends Build {
  readonly number: number;
  readonly owner: string;
  readonly name: string;
  readonly act: 'build' | 'serve' | 'discard';
  readonly operator: string;
  readonly note: string;
  readonly decidedAt: string;
}

export interface ProjectionsAnswer {
  /** Position of the last event. */
  readonly head: number;
  readonly projections: readonly ReleasedProjectionAnswer[];
  /** The last decisions, the newest first. */
  readonly decisions: readonly ReleaseDecisionAnswer[];
  /** Folds that can be stepped through, with the versions that this release has. */
  readonly folds: readonly { readonly name: string; readonly versions: readonly number[] }[];
}

/** A field in which two builds differ, and the event since which they do; null where both fold the log alike. */
interface BuildDifference {
  readonly path: string;
  readonly served: unknown;
  readonly other: unknown;
  readonly since: LogLine | null;
}

/** Two builds of a projection, account by account. */
export interface ComparisonAnswer {
  readonly served: Build;
  readonly other: Build;
  /** Both are as of this position. */
  readonly position: number;
  readonly accounts: number;
  readonly different: number;
  /** The first of those that differ; `wrong` are builds whose saved states are not what their fold makes of the log. */
  readonly shown: readonly {
    readonly account: AccountId;
    readonly fields: readonly BuildDifference[];
    readonly wrong: readonly Build[];
  }[];
}

const DECISIONS_SHOWN = 50;

/** What edges fold and serve, asked as `ops projections` asks. */
@Injectable()
export class Projections {
  private readonly comparisons = new SingleFlights<string, ComparisonAnswer>();

  constructor(
    private readonly ownRegistry: Registry,
    private readonly log: EventLog,
    @Inject(READ_ONLY) readonly pool: Pool,
  ) {}

  readonly registry = (): Promise<Registry> => Promise.resolve(this.ownRegistry);

  async list(): Promise<ProjectionsAnswer> {
    const known = (await Promise.all(LOGINS.map((owner) => releasedIn(this, owner)))).flat();
    const head = await this.log.head();
    const decided = await this.ownRegistry.releases.decisions();
    const { folds } = projectionCatalogue;
    const names = [...new Set(folds.map(({ name }) => name))];
    return {
      head,
      projections: known.map((each) => released(each, head)),
      decisions: decided
        .toReversed()
        .slice(0, DECISIONS_SHOWN)
        .map((each) => ({ ...each, decidedAt: each.decidedAt.toISOString() })),
      folds: names.map((name) => ({
        name,
        versions: folds.filter((each) => each.name === name).map(({ version }) => version),
      })),
    };
  }

  named(owner: string, name: string): Promise<ReleasedIn> {
    return releaseNamed(this, owner, name);
  }

  /** Whoever asks for the same while it is being compared gets the same answer. */
  compare(owner: string, name: string): Promise<ComparisonAnswer> {
    return this.comparisons.run(`${owner} ${name}`, async () => {
      const named = await this.named(owner, name);
      const [served, other] = comparedBuilds(named);
      const { log, pool } = this;
      const { shown, ...found } = await compareBuilds(
        { log, pool, catalogue: projectionCatalogue },
        named,
        [served, other],
        null,
      );
      return {
        ...{ served, other, ...found },
        shown: shown.map(({ account, fields, wrong }) => ({
          ...{ account, wrong },
          fields: fields.map(({ path, left, right, since }) => ({
            ...{ path: path.join('.'), served: left ?? null, other: right ?? null, since: since && logLine(since) },
          })),
        })),
      };
    });
  }
}

const released = (each: ReleasedIn, head: number): ReleasedProjectionAnswer => {
  const { owner, name, carried, release } = each;
  return { owner, name, carried, release, builds: buildStandings(each, head) };
};
