import { InstanceReports, type InstanceReport } from '@core/projection-runner/instance-reports';
import {
  isSameBuild,
  releaseOf,
  spellBuild,
  type Build,
  type BuildReport,
  type Release,
} from '@core/projection-runner/releases';
import { schemaOf } from '@core/service/migrations';
import { isUnmigrated } from '@core/service/unmigrated';
import type { Registry } from '@core/registry/registry';
import type { Pool } from 'pg';
import { AskedWrongly } from './asked-wrongly.ts';

/** Where decisions on projections are kept, and processes say how far they are. */
export interface ReleaseSource {
  readonly pool: Pool;
  registry(): Promise<Pick<Registry, 'releases'>>;
}

/** One projection of an edge: what was decided, and how far its processes are. */
export interface ReleasedIn {
  readonly owner: string;
  readonly name: string;
  /** Versions that every process carries. */
  readonly carried: readonly [number, ...number[]];
  readonly release: Release;
  readonly decided: readonly Build[];
  readonly instances: readonly InstanceBuilds[];
}

interface InstanceBuilds {
  readonly instance: string;
  readonly builds: readonly BuildReport[];
}

/** What processes of an edge say that are there now. */
async function instancesOf(source: ReleaseSource, owner: string): Promise<InstanceReport[]> {
  try {
    return await new InstanceReports(source.pool, schemaOf(owner)).all();
  } catch (error) {
    // No process of that name has ever run here.
    if (isUnmigrated(error)) return [];
    throw error;
  }
}

/** Every projection that an edge's processes fold. */
export async function releasedIn(source: ReleaseSource, owner: string): Promise<ReleasedIn[]> {
  const reports = await instancesOf(source, owner);
  const decisions = await (await source.registry()).releases.decisions(owner);
  const names = new Set(reports.flatMap(({ releases }) => releases.map(({ name }) => name)));
  return [...names].flatMap((name) => {
    const of = reports.flatMap(({ instance, releases }) =>
      releases.filter((each) => each.name === name).map((each) => ({ instance, ...each })),
    );
    const [first, ...others] = (of[0]?.carried ?? []).filter((version) =>
      of.every(({ carried }) => carried.includes(version)),
    );
    if (first === undefined) return [];
    const carried: [number, ...number[]] = [first, ...others];
    const decided = decisions.filter((each) => each.name === name);
    return [{ owner, name, carried, release: releaseOf(carried, decided), decided, instances: of }];
  });
}

/** The one that an operator names. Only what runs can be released: it is the processes that fill and serve. */
export async function releaseNamed(source: ReleaseSource, owner: string, name: string): Promise<ReleasedIn> {
  const known = await releasedIn(source, owner);
  if (known.length === 0) throw new AskedWrongly(`no process of ${owner} is running`);
  const found = known.find((each) => each.name === name);
  if (!found)
    throw new AskedWrongly(`${owner} folds no ${name}: say one of ${known.map((each) => each.name).join(', ')}`);
  return found;
}

/** What every process says of one build; null of a process that says nothing of it. */
export const saidOf = ({ instances }: ReleasedIn, build: Build): readonly (BuildReport | null)[] =>
  instances.map(({ builds }) => builds.find((each) => isSameBuild(each, build)) ?? null);

/** One build, over all processes of its edge. */
export interface BuildStanding extends Build {
  readonly phases: readonly BuildReport['phase'][];
  /** Of the slowest process. */
  readonly position: number;
  readonly behind: number;
  /** How many processes have it, of how many. */
  readonly processes: number;
  readonly of: number;
  readonly reason: string | null;
}

/** Every build that a process has, in the order in which they say so. */
export function buildStandings(released: ReleasedIn, head: number): readonly BuildStanding[] {
  const builds: BuildReport[] = [];
  for (const each of released.instances.flatMap((instance) => instance.builds))
    if (!builds.some((known) => isSameBuild(known, each))) builds.push(each);
  return builds.map(({ version, build }) => {
    const said = saidOf(released, { version, build }).filter((each) => each !== null);
    const position = Math.min(...said.map((each) => each.position));
    return {
      ...{ version, build, position },
      phases: [...new Set(said.map(({ phase }) => phase))],
      behind: Math.max(0, head - position),
      processes: said.length,
      of: released.instances.length,
      reason: said.find(({ reason }) => reason !== null)?.reason ?? null,
    };
  });
}

/** The same projection and build, in few words. */
export const buildName = ({ owner, name }: Pick<ReleasedIn, 'owner' | 'name'>, build: Build): string =>
  `${owner}’s ${name} ${spellBuild(build)}`;
