import { EdgeAdapters } from '@core/edge/edge-adapters';
import { LogSubscription } from '@core/edge/log-subscription';
import { FeedAlarm } from '@core/projection-runner/feed-alarm';
import { prometheusMetrics } from '@core/projection-runner/metrics';
import type { Build } from '@core/projection-runner/releases';
import { TableRunner } from '@core/projection-runner/table-runner';
import { Injectable } from '@nestjs/common';
import { Registry as Metrics } from 'prom-client';
import { HistorySettings } from '../config.ts';
import { historyTable } from './history-table.ts';

/** Keeps the tables of the history at the head of the log, beside the views. */
@Injectable()
export class HistoryWriter {
  private readonly runner: TableRunner;

  constructor(
    { log, pool }: EdgeAdapters,
    { booksMax }: HistorySettings,
    subscription: LogSubscription,
    metrics: Metrics,
    alarm: FeedAlarm,
  ) {
    const table = historyTable(log, booksMax);
    const told = prometheusMetrics(metrics, table.name);
    this.runner = new TableRunner({ log, pool, schema: 'tv_gateway', table, metrics: told, alarm });
    subscription.add(this.runner);
  }

  /** Whose rows are to be read. */
  get served(): Build {
    return this.runner;
  }
}
