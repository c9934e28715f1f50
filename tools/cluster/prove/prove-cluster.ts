import { within } from '@core/machine/within';
import { PartableNetwork } from '@core/testing/partable-network';
import { join } from 'node:path';
import { inRunFolder } from '../../chaos/run/run-folder.ts';
import { runOutcomeOf, type RunOutcome } from '../../chaos/run/run-outcome.ts';
import { putUnderLoad, toldUnderLoad } from '../../chaos/run/system-under-load.ts';
import { startCluster } from '../running-cluster.ts';
import type { ProvedCell } from './cell.ts';
import { DEATHS, type DeathName } from './deaths.ts';
import type { DeathSurvived } from './proof-report.ts';
import { relayTo } from './relay.ts';
import { CellStanding } from './standing.ts';

/** A bound against never. */
const WHOLE_WITHIN_MS = 300_000;
const NOTHING = 'nothing yet';

export interface Proof {
  readonly deaths: readonly DeathSurvived[];
  readonly outcome: RunOutcome;
}

/**
 * Starts a cell under load, ends one process of each kind after the other, each when all is whole again, and checks all.
 * Whoever interrupts it waits until all of it has ended: a server whose folder is gone cannot be told to end.
 */
export function proveCluster(
  names: readonly DeathName[],
  say: (line: string) => void,
  stopped: AbortSignal,
): Promise<Proof> {
  return inRunFolder(async (folder) => {
    const network = new PartableNetwork((port) => relayTo(port, join(folder, 'relays')));
    try {
      const options = { folder, ports: 'auto', say, stopped, between: { told: toldUnderLoad } } as const;
      const system = await startCluster(options, network);
      try {
        return await proved({ system, network }, { names, folder, say, stopped });
      } finally {
        await system.stop();
      }
    } finally {
      await network.close();
    }
  });
}

interface Proving {
  readonly names: readonly DeathName[];
  readonly folder: string;
  readonly say: (line: string) => void;
  readonly stopped: AbortSignal;
}

async function proved({ system, network }: Omit<ProvedCell, 'load'>, proving: Proving): Promise<Proof> {
  const { folder, say, stopped } = proving;
  const { apps, endpoints } = system;
  const each = apps.filter(({ spec }) => spec.name === 'tv-gateway').map(({ spec }) => spec.env['PORT']);
  const gateways = Object.fromEntries(each.map((port, index) => [`gateway ${index + 1}`, `http://127.0.0.1:${port}`]));
  const load = await putUnderLoad(system, { apps, secondGateway: endpoints.tvGateway.url, gateways, say });
  try {
    const deaths = await dieInTurn({ system, load, network }, proving);
    stopped.throwIfAborted();
    return { deaths, outcome: await runOutcomeOf(load, folder, say) };
  } finally {
    await load.leave();
  }
}

async function dieInTurn(cell: ProvedCell, { names, say, stopped }: Proving): Promise<readonly DeathSurvived[]> {
  const standing = await CellStanding.of(cell);
  const survival = new Survival(standing, stopped);
  try {
    await survival.untilNull(() => standing.whyNotWhole(0), NOTHING);
    // What a figure means is said by the one of no death: clients ask now and then, and a busy machine is slow.
    const deaths = [await survival.of(NOTHING)];
    for (const name of names) {
      const { victim, wake, testimony } = await DEATHS[name](cell);
      cell.load.sights.healing.ended(victim);
      say(victim);
      deaths.push(await survival.of(victim, wake));
      if (testimony) say(`${victim}: ${await testimony()}`);
    }
    return deaths;
  } finally {
    await standing.close();
  }
}

/** Waits for a cell to be well again, until it is interrupted. */
class Survival {
  constructor(
    private readonly standing: CellStanding,
    private readonly stopped: AbortSignal,
  ) {}

  /** How long from now on. Who was frozen or cut off is back when everybody is served without it, or nobody waits. */
  async of(died: string, wake?: () => void): Promise<DeathSurvived> {
    const diedMs = performance.now();
    const serving = this.untilNull(() => this.standing.whyNotServing(diedMs), died);
    const servesMs = await serving.finally(() => wake?.());
    const wholeMs = await this.untilNull(() => this.standing.whyNotWhole(diedMs), died);
    return { died, servesMs: servesMs - diedMs, wholeMs: wholeMs - diedMs };
  }

  /** When nothing was missing any more. Throws where something stays so. */
  async untilNull(why: () => Promise<string | null>, after: string): Promise<number> {
    let missing: string | null = null;
    const isThere = await within(WHOLE_WITHIN_MS, async () => {
      this.stopped.throwIfAborted();
      return (missing = await why()) === null;
    });
    if (!isThere) throw new Error(`${after}, and ${String(missing)}`);
    return performance.now();
  }
}
