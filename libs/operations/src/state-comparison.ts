import type { AccountId } from '@core/contracts/primitives';
import type { EventLog } from '@core/event-log/event-log';
import { differences, fieldAt, isSameJson } from '@core/kernel/json-difference';
import { BuildStates } from '@core/projection-runner/build-states';
import { divergence } from '@core/projection-runner/divergence';
import { PostgresSnapshots } from '@core/projection-runner/postgres-snapshots';
import { snapshotKeyOf, spellBuild, type Build } from '@core/projection-runner/releases';
import { schemaOf } from '@core/service/migrations';
import { AskedWrongly } from './asked-wrongly.ts';
import { DIFFERING, type AccountDifference, type BuildComparison, type BuildSource } from './differing-builds.ts';
import { foldNamed, type ProjectionCatalogue } from './projection-catalogue.ts';
import type { ReleasedIn } from './released-in.ts';

/** Two builds of a fold account by account and field by field, each difference with the event since which there is one. */
export async function compareStates(
  { log, pool, onProgress }: BuildSource,
  { owner, name }: Pick<ReleasedIn, 'owner' | 'name'>,
  catalogue: ProjectionCatalogue,
  builds: readonly [Build, Build],
  only: AccountId | null,
): Promise<BuildComparison> {
  const saved = new PostgresSnapshots(pool, schemaOf(owner));
  const sides = builds.map(({ version, build }) => new BuildStates(foldNamed(catalogue, name, version), build));
  for (const states of sides) {
    if ((await saved.load(snapshotKeyOf(name, states))) === null)
      throw new AskedWrongly(`${name} ${spellBuild(states)} has not been saved yet: try again in half a minute`);
    await states.load(saved, log);
  }
  const position = await log.head();
  for await (const page of log.read(Math.min(...sides.map((each) => each.position)))) {
    for (const event of page) if (event.position <= position) for (const states of sides) states.take(event);
    onProgress?.(Math.min(page.at(-1)?.position ?? 0, position), position);
  }

  const [left, right] = sides as [BuildStates, BuildStates];
  const accounts = only === null ? [...new Set([...left.accounts(), ...right.accounts()])] : [only];
  const different = accounts.filter((account) => !isSameJson(left.state(account), right.state(account)));
  const shown: AccountDifference[] = [];
  for (const account of different.slice(0, DIFFERING.accountsMax))
    shown.push(await explained(log, [left, right], account, position));
  return { position, accounts: accounts.length, different: different.length, shown };
}

async function explained(
  log: EventLog,
  [left, right]: readonly [BuildStates, BuildStates],
  account: AccountId,
  to: number,
): Promise<AccountDifference> {
  const fields = differences(left.state(account), right.state(account)).slice(0, DIFFERING.fieldsMax);
  const paths = fields.map(({ path }) => path);
  const anew = await divergence(log, [left.projection, right.projection], account, { to, fields: paths });
  const isWrong = (states: BuildStates, folded: unknown) =>
    paths.some((path) => !isSameJson(fieldAt(states.state(account), path), fieldAt(folded, path)));
  const wrong = [isWrong(left, anew.left) ? left : [], isWrong(right, anew.right) ? right : []].flat();
  return {
    account,
    fields: fields.map((field, index) => ({ ...field, since: anew.since[index] ?? null })),
    wrong: wrong.map(({ version, build }) => ({ version, build })),
  };
}
