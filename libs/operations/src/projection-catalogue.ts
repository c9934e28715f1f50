import type { AnyProjection } from '@core/projection-runner/build-states';
import { accountState } from '@core/projections/account';
import { brokerBook } from '@core/projections/broker-book/fold';
import { accountOrders } from '@core/projections/orders';
import { accountPositions } from '@core/projections/positions';
import { openRequests } from '@core/projections/requests';
import { accountStrategies } from '@core/projections/strategies';
import { tradingSession } from '@core/views/tradingview/session';
import { sessionBook } from '@core/views/ws-session/session-book';
import { AskedWrongly } from './asked-wrongly.ts';

/** Folds whose code the operators’ tools have, in every version that travels with them. */
export type ProjectionCatalogue = readonly AnyProjection[];

/** The folds of this release. */
export const projectionCatalogue: ProjectionCatalogue = [
  ...[accountState, accountOrders, accountPositions, openRequests, accountStrategies, brokerBook],
  ...[tradingSession, sessionBook],
];

/** A fold by its name, at a version, or the newest. */
export function foldNamed(catalogue: ProjectionCatalogue, name: string, version?: number): AnyProjection {
  const named = catalogue.filter((each) => each.name === name);
  if (named.length === 0)
    throw new AskedWrongly(
      `there is no projection ${name}: say one of ${[...new Set(catalogue.map((each) => each.name))].join(', ')}`,
    );
  const newest = named.toSorted((left, right) => right.version - left.version);
  const found = version === undefined ? newest[0] : named.find((each) => each.version === version);
  if (!found) {
    const versions = newest.map((each) => each.version).join(', ');
    throw new AskedWrongly(`this release has ${name} in version ${versions}, not in ${version}`);
  }
  return found;
}
