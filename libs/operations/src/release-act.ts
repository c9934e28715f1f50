import type { Build } from '@core/projection-runner/releases';
import type { NewProjectionRelease } from '@core/registry/projection-release';
import { AskedWrongly } from './asked-wrongly.ts';
import { buildName, saidOf, type ReleasedIn } from './released-in.ts';

/** What an operator has done with the builds of a projection. */
export const RELEASE_ACTS = ['build', 'promote', 'rollback', 'discard'] as const;
export type ReleaseAct = (typeof RELEASE_ACTS)[number];

/** A decision on one build, and what is told of it beside its note. */
export interface ReleaseWish {
  readonly build: Build;
  readonly decision: Omit<NewProjectionRelease, 'operator' | 'note'>;
  readonly told: { readonly what: 'projection'; readonly action: string; readonly target: string };
}

/** What an act means as things stand; throws `AskedWrongly` where it means nothing. `version` is of what is to be built. */
export function releaseWish(released: ReleasedIn, act: ReleaseAct, version?: string): ReleaseWish {
  const { owner, name } = released;
  const build = buildMeant(released, act, version);
  const [kept, action] = WORDS[act];
  return {
    build,
    decision: { owner, name, act: kept, ...build },
    told: { what: 'projection', action, target: buildName(released, build) },
  };
}

/** Throws where a process does not have it: readers never meet one that still fills. */
function expectAtHand(released: ReleasedIn, build: Build): void {
  const said = saidOf(released, build);
  const without = released.instances.filter((_each, index) => {
    const phase = said[index]?.phase;
    return phase !== 'standing-by' && phase !== 'served';
  });
  if (without.length > 0)
    throw new AskedWrongly(
      `${buildName(released, build)} is not at hand in process ${without.map((each) => each.instance).join(', ')}`,
    );
}

/** A version that was never filled is filled for the first time; any other once more. */
export function nextBuild({ carried, release, decided, owner, name }: ReleasedIn, text: string | undefined): Build {
  const other = carried.filter((version) => version > release.served.version).at(-1);
  const version = text === undefined ? (other ?? release.served.version) : Number(text);
  if (!carried.includes(version))
    throw new AskedWrongly(`the processes of ${owner} carry ${name} in version ${carried.join(', ')}, not in ${text}`);
  const builds = [{ ...release.served }, ...decided]
    .filter((each) => each.version === version)
    .map(({ build }) => build);
  const first = carried[0] === version ? [0] : [];
  return { version, build: Math.max(-1, ...first, ...builds) + 1 };
}

const WORDS = {
  build: ['build', 'built'],
  promote: ['serve', 'served'],
  rollback: ['serve', 'served'],
  discard: ['discard', 'discarded'],
} as const satisfies Readonly<Record<ReleaseAct, readonly [NewProjectionRelease['act'], string]>>;

function buildMeant(released: ReleasedIn, act: ReleaseAct, version: string | undefined): Build {
  const { owner, name, release } = released;
  if (act === 'build') return nextBuild(released, version);
  const build = act === 'rollback' ? release.previous : release.candidate;
  if (!build)
    throw new AskedWrongly(
      act === 'rollback'
        ? `nothing was served before ${buildName(released, release.served)}`
        : `nothing of ${owner}’s ${name} is filled beside what is served: build it first`,
    );
  if (act !== 'discard') expectAtHand(released, build);
  return build;
}
