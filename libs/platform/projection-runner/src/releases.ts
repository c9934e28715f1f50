import type { SnapshotKey } from './snapshots.ts';

/** One filling of a projection: the fold at a version, and which time it was filled from the log; 0 is the first. */
export interface Build {
  readonly version: number;
  readonly build: number;
}

/** What an operator decided of an owner's projection: fill a build beside what is served, serve one, or let one go. */
export interface ReleaseDecision extends Build {
  readonly name: string;
  readonly act: 'build' | 'serve' | 'discard';
}

/** Which builds of a projection a process folds. */
export interface Release {
  readonly served: Build;
  /** What was served before: kept at the log's head, so that going back takes no time. */
  readonly previous: Build | null;
  /** What was asked to be filled last and is not served yet. */
  readonly candidate: Build | null;
}

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

/**
 * What follows from the decisions on one projection, in their order, for a process that carries these versions of its
 * code. The first of them is served until somebody decides otherwise; decisions on code it does not carry are not its.
 */
export function releaseOf(carried: readonly [number, ...number[]], decisions: readonly ReleaseDecision[]): Release {
  let served: Build = { version: carried[0], build: 0 };
  let [previous, candidate]: [Build | null, Build | null] = [null, null];
  for (const { act, version, build } of decisions.filter((each) => carried.includes(each.version))) {
    const meant = { version, build };
    if (act === 'build') candidate = meant;
    else if (act === 'discard') candidate = candidate && isSameBuild(candidate, meant) ? null : candidate;
    else if (!isSameBuild(meant, served)) [previous, served] = [served, meant];
  }
  if (candidate && (isSameBuild(candidate, served) || (previous && isSameBuild(candidate, previous)))) candidate = null;
  return { served, previous, candidate };
}

export const isSameBuild = (left: Build, right: Build): boolean =>
  left.version === right.version && left.build === right.build;

/** Where the states of a build are saved. */
export const snapshotKeyOf = (name: string, { version, build }: Build): SnapshotKey => ({
  name: build === 0 ? name : `${name}#${build}`,
  version,
});

/** `5`, or `5#1` for what was filled again. */
export const spellBuild = ({ version, build }: Build): string => (build === 0 ? `${version}` : `${version}#${build}`);
