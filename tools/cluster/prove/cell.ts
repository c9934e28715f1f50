import type { PartableNetwork } from '@core/testing/partable-network';
import type { SystemUnderLoad } from '../../chaos/run/system-under-load.ts';
import type { RunningSystem } from '../../start/running-system.ts';
import type { ClusterServers } from '../cluster-servers.ts';

/** A cell that runs, and the people who use it. */
export interface ProvedCell {
  readonly system: RunningSystem<ClusterServers>;
  readonly load: SystemUnderLoad;
  /** What leads from each of its servers to each other. */
  readonly network: PartableNetwork;
}
