import { succeeds } from '@core/kernel/succeeds';
import { connectNats, leasesUrl } from '@core/bus/nats-connection';
import { jetStreams } from '@core/contracts/subjects';
import type { NatsConnection } from 'nats';
import type { ProvedCell } from './cell.ts';

const LEASES_OF = 'xapi';

/** How far a cell is from taking what is asked of it, and from outliving one more death. */
export class CellStanding {
  private constructor(
    private readonly cell: ProvedCell,
    /** NATS as connectors find their leases there. */
    private readonly leases: NatsConnection,
  ) {}

  static async of(cell: ProvedCell): Promise<CellStanding> {
    const url = leasesUrl(cell.system.servers.natsUrlOf('xapi-connector'));
    return new CellStanding(cell, await connectNats({ url, name: 'prove' }));
  }

  /** Which edge has taken nothing that was asked after a moment; null for none. */
  async whyNotServing(momentMs: number): Promise<string | null> {
    const { load, system } = this.cell;
    const silent = load.ways.filter((way) => !load.told.hasTakenSince(way, momentMs));
    if (silent.length > 0) return `nothing was taken by ${silent.join(', ')}`;
    return (await answers(system.endpoints.console.url)) ? null : 'the console does not answer';
  }

  /** What would be missing if something died now; null for nothing. */
  async whyNotWhole(momentMs: number): Promise<string | null> {
    const { load, system } = this.cell;
    for (const why of [
      () => this.whyNotServing(momentMs),
      () => load.wellness.whyUnwellSince(momentMs),
      () => whoSleeps(this.cell),
      () => system.servers.whyNotTwice(),
      () => whyNotThrice(load.nats, jetStreams.intake.name),
      () => whyNotThrice(this.leases, `KV_${jetStreams.leases(LEASES_OF)}`),
    ]) {
      const missing = await why();
      if (missing !== null) return missing;
    }
    return null;
  }

  close(): Promise<void> {
    return this.leases.close();
  }
}

const answers = (url: string): Promise<boolean> =>
  fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(3_000) }).then(
    ({ status }) => status < 500,
    () => false,
  );

/** Of two ledgers one is never ready, and lives all the same. */
async function whoSleeps({ system }: ProvedCell): Promise<string | null> {
  for (const app of system.apps) if (!app.isRunning || !(await lives(app))) return `a ${app.spec.name} does not run`;
  return null;
}

const lives = (app: { answers(): Promise<void> }): Promise<boolean> => succeeds(app.answers());

async function whyNotThrice(nats: NatsConnection, stream: string): Promise<string | null> {
  try {
    const { cluster } = await (await nats.jetstreamManager()).streams.info(stream);
    if (cluster?.leader === undefined) return `${stream} has no leader`;
    const others = cluster.replicas ?? [];
    if (others.length < 2) return `${stream} is on ${others.length + 1} servers`;
    const late = others.filter(({ current }) => !current);
    const inWords = late.map(({ name, offline, lag }) => `${name} ${offline ? 'is away' : `is ${lag ?? 0} behind`}`);
    return late.length === 0 ? null : `${stream} is not on three servers: ${inWords.join(', ')}`;
  } catch (error) {
    return `${stream} cannot be read: ${String(error)}`;
  }
}
