import { EdgeAdapters } from '@core/edge/edge-adapters';
import { LogSubscription } from '@core/edge/log-subscription';
import { FeedAlarm } from '@core/projection-runner/feed-alarm';
import { prometheusMetrics } from '@core/projection-runner/metrics';
import type { Build } from '@core/projection-runner/releases';
import { ReleasedTable } from '@core/projection-runner/released-table';
import { Injectable } from '@nestjs/common';
import { Registry as Metrics } from 'prom-client';
import { HistorySettings } from '../config.ts';
import { historyTable } from './history-table.ts';

/** Keeps the tables of the history at the head of the log, beside the views. */
@Injectable()
export class HistoryWriter {
  private readonly released: ReleasedTable;

  constructor(
    { log, pool, releases }: EdgeAdapters,
    { booksMax }: HistorySettings,
    subscription: LogSubscription,
    metrics: Metrics,
    alarm: FeedAlarm,
  ) {
    const table = historyTable(log, booksMax);
    this.released = new ReleasedTable({
      ...{ log, pool, alarm },
      schema: 'tv_gateway',
      carried: [table],
      decisions: () => releases.decisions(),
      metrics: prometheusMetrics(metrics, table.name),
    });
    subscription.add(this.released);
  }

  /** Whose rows are to be read. */
  get served(): Build {
    return this.released.served;
  }
}
