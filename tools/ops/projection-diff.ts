import { compareBuilds, comparedBuilds } from '@core/operations/build-comparison';
import { describeEvent } from '@core/operations/describe-event';
import type { BuildComparison } from '@core/operations/differing-builds';
import type { ProjectionCatalogue } from '@core/operations/projection-catalogue';
import { buildName, releaseNamed, type ReleasedIn } from '@core/operations/released-in';
import { spellBuild, type Build } from '@core/projection-runner/releases';
import type { Command } from 'commander';
import { accountNamed } from './account-named.ts';
import { BadNews, withSystem } from './cli.ts';
import { shownValue, tree } from './output.ts';
import { progressOf } from './progress.ts';

/** `ops projections diff …`: two builds account by account and field by field. */
export function addProjectionDiff(projections: Command, catalogue: ProjectionCatalogue): void {
  projections
    .command('diff <edge> <projection>')
    .description(
      'what is served beside what was filled, or was served before: which fields differ, and since which event',
    )
    .option('--account <id>', 'of one account only')
    .action(
      withSystem<{ account?: string }>(async (system, output, options, [owner = '', name = '']) => {
        const released = await releaseNamed(system, owner, name);
        const builds = comparedBuilds(released);
        const [served, other] = builds;
        const only = options.account === undefined ? null : await accountNamed(system, options.account);
        const progress = progressOf('events read');
        const { log, pool } = system;
        const compared = await compareBuilds(
          { log, pool, catalogue, onProgress: progress.at },
          released,
          builds,
          only,
        ).finally(progress.end);
        output.say({ served, other, ...compared }, () => inWords(released, builds, compared));
        if (compared.different > 0) throw new BadNews();
      }),
    );
}

function inWords(
  released: ReleasedIn,
  [served, other]: readonly [Build, Build],
  { position, accounts, different, shown }: BuildComparison,
): string {
  const both = `${buildName(released, served)} and ${spellBuild(other)}`;
  if (different === 0) return `${both} are the same in ${accounts} accounts, at position ${position}`;
  const head = `${both} differ in ${different} of ${accounts} accounts, at position ${position}`;
  const trees = shown.map(({ account, fields, wrong }) => {
    const leaves = fields.map(({ path, left, right, since }) => {
      const from = since ? `, since ${since.position} ${since.type} ${describeEvent(since)}` : '';
      return `${path.join('.') || 'all of it'}: ${shownValue(left)} → ${shownValue(right)}${from}`;
    });
    for (const build of wrong)
      leaves.push(`what is saved of ${spellBuild(build)} is not what its fold makes of the log`);
    return tree({ text: account, branches: leaves.map((text) => ({ text, branches: [] })) });
  });
  return [head, ...trees].join('\n');
}
