import { present } from '@core/kernel/present';
import { until } from '@core/testing/until';
import type { Endpoints } from '../start/endpoints.ts';
import { WsClient } from '../e2e/ws-client.ts';
import { FeedWatch } from './feed-watch.ts';
import { Metrics } from './metrics.ts';
import { TradeTap } from './trade-tap.ts';

/** The way of what a broker did to a client, in its order. */
export const STAGES = [
  {
    stage: 'connector',
    what: 'the record at a bare client of the same socket until the connector gave it to the intake',
  },
  { stage: 'intake', what: 'until the ledger took it to commit it' },
  { stage: 'commit', what: 'the transaction that committed it' },
  { stage: 'feed', what: 'until it was told on the feed' },
  { stage: 'edge', what: 'until its frame came to a client' },
] as const;
type Stage = (typeof STAGES)[number]['stage'];

/** One position that opened, and how long it was where. */
export interface StagedOpening {
  readonly wholeMs: number;
  readonly stageMs: Readonly<Record<Stage, number>>;
}

/** Sees a position that opens at the broker wherever it comes by. */
export class OpeningWatch {
  private constructor(
    private readonly feed: FeedWatch,
    private readonly tap: TradeTap,
    private readonly socket: WsClient,
    private readonly ledgerPort: number,
  ) {}

  static async open({ nats, simulator, wsSession, services }: Endpoints, login: string): Promise<OpeningWatch> {
    const { metrics } = present(services['ledger'], 'there is a ledger');
    const socket = await WsClient.connect(wsSession);
    const feed = await FeedWatch.open(nats);
    return new OpeningWatch(feed, await TradeTap.open(simulator, login), socket, Number(new URL(metrics).port));
  }

  /** Resolves once the client has it; the ledger is asked what its commits took before and after, not meanwhile. */
  async opening(open: () => Promise<number>): Promise<StagedOpening> {
    const { feed, tap, socket } = this;
    const before = await this.commits();
    const heard = socket.messages.length;
    const position = await open();
    const { sentMs, recordedMs, toldMs } = await feed.opening(position);
    const frame = (): number => socket.messages.findIndex((message, n) => n >= heard && isCreation(message));
    await until(() => frame() !== -1);
    const frameMs = present(socket.arrivals[frame()], 'a frame came');
    await until(() => tap.cameMs.has(String(position)));
    const cameMs = present(tap.cameMs.get(String(position)), 'it came to the tap');
    const commitMs = meanSince(before, await this.commits());
    const connectorMs = present(sentMs, 'the intake was heard');
    return {
      wholeMs: frameMs - cameMs,
      stageMs: {
        connector: connectorMs - cameMs,
        intake: recordedMs - connectorMs,
        commit: commitMs,
        feed: toldMs - recordedMs - commitMs,
        edge: frameMs - toldMs,
      },
    };
  }

  async close(): Promise<void> {
    this.tap.close();
    await this.socket.close();
    await this.feed.close();
  }

  private async commits(): Promise<Commits> {
    const metrics = await Metrics.read(this.ledgerPort);
    return {
      count: metrics.value('ledger_commit_seconds_count'),
      ms: metrics.value('ledger_commit_seconds_sum') * 1_000,
    };
  }
}

const isCreation = ({ position }: Record<string, unknown>): boolean =>
  typeof position === 'object' && position !== null && 'created' in position;

/** What the ledger has committed since it started: how many times, and how long that took. */
interface Commits {
  readonly count: number;
  readonly ms: number;
}

const meanSince = (before: Commits, after: Commits): number => (after.ms - before.ms) / (after.count - before.count);
