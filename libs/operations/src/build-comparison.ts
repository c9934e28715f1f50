import type { AccountId } from '@core/contracts/primitives';
import type { Build } from '@core/projection-runner/releases';
import { AskedWrongly } from './asked-wrongly.ts';
import type { BuildComparison, BuildSource } from './differing-builds.ts';
import { tablesNamed, type ProjectionCatalogue } from './projection-catalogue.ts';
import type { ReleasedIn } from './released-in.ts';
import { compareRows } from './row-comparison.ts';
import { compareStates } from './state-comparison.ts';

/** What is served, and what to compare it with: what was filled beside it, or what was served before. */
export function comparedBuilds({ owner, name, release }: ReleasedIn): readonly [Build, Build] {
  const other = release.candidate ?? release.previous;
  if (!other) throw new AskedWrongly(`there is only one build of ${owner}’s ${name}: build another first`);
  return [release.served, other];
}

/** Two builds account by account and field by field, each difference with the event since which there is one. */
export function compareBuilds(
  source: BuildSource & { readonly catalogue: ProjectionCatalogue },
  released: Pick<ReleasedIn, 'owner' | 'name'>,
  builds: readonly [Build, Build],
  only: AccountId | null,
): Promise<BuildComparison> {
  const tables = tablesNamed(source.catalogue, released.name);
  if (tables) return compareRows(source, { owner: released.owner, tables }, builds, only);
  return compareStates(source, released, source.catalogue, builds, only);
}
