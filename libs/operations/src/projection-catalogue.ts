import type { AnyProjection } from '@core/projection-runner/build-states';
import type { TableSet } from '@core/projection-runner/table-projection';
import { accountState } from '@core/projections/account';
import { brokerBook } from '@core/projections/broker-book/fold';
import { accountOrders } from '@core/projections/orders';
import { accountPositions } from '@core/projections/positions';
import { openRequests } from '@core/projections/requests';
import { accountStrategies } from '@core/projections/strategies';
import { historyTables } from '@core/views/tradingview/history-tables';
import { tradingSession } from '@core/views/tradingview/session';
import { sessionBook } from '@core/views/ws-session/session-book';
import { sessionRequests } from '@core/views/ws-session/session-requests';
import { AskedWrongly } from './asked-wrongly.ts';

/** What the operators’ tools know of projections. */
export interface ProjectionCatalogue {
  /** Folds whose code they have, in every version that travels with them. */
  readonly folds: readonly AnyProjection[];
  /** What is kept in tables: they know where its rows are, and have no fold of it. */
  readonly tables: readonly TableSet[];
}

/** The projections of this release. */
export const projectionCatalogue: ProjectionCatalogue = {
  folds: [
    ...[accountState, accountOrders, accountPositions, openRequests, accountStrategies, brokerBook],
    ...[tradingSession, sessionBook, sessionRequests],
  ],
  tables: [historyTables],
};

/** Null for what is no table. */
export const tablesNamed = ({ tables }: ProjectionCatalogue, name: string): TableSet | null =>
  tables.find((each) => each.name === name) ?? null;

/** Why a table cannot be stepped through. */
export const noFoldOf = ({ name }: TableSet): string =>
  `${name} is kept in tables and has no fold to step through: a row says by which event it was made`;

/** A fold by its name, at a version, or the newest. */
export function foldNamed(catalogue: ProjectionCatalogue, name: string, version?: number): AnyProjection {
  const tables = tablesNamed(catalogue, name);
  if (tables) throw new AskedWrongly(noFoldOf(tables));
  const { folds } = catalogue;
  const named = folds.filter((each) => each.name === name);
  if (named.length === 0)
    throw new AskedWrongly(
      `there is no projection ${name}: say one of ${[...new Set(folds.map((each) => each.name))].join(', ')}`,
    );
  const newest = named.toSorted((left, right) => right.version - left.version);
  const found = version === undefined ? newest[0] : named.find((each) => each.version === version);
  if (!found) {
    const versions = newest.map((each) => each.version).join(', ');
    throw new AskedWrongly(`this release has ${name} in version ${versions}, not in ${version}`);
  }
  return found;
}
