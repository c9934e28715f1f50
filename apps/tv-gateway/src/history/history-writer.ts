import { EdgeAdapters } from '@core/edge/edge-adapters';
import { LogSubscription } from '@core/edge/log-subscription';
import { prometheusMetrics } from '@core/projection-runner/metrics';
import { TableRunner } from '@core/projection-runner/table-runner';
import { Injectable } from '@nestjs/common';
import { Registry as Metrics } from 'prom-client';
import { HistorySettings } from '../config.ts';
import { HistoryBooks } from './history-books.ts';
import { historyTable } from './history-table.ts';

/** Keeps the tables of the history at the head of the log, beside the views. */
@Injectable()
export class HistoryWriter {
  constructor(
    { log, pool }: EdgeAdapters,
    { booksMax }: HistorySettings,
    subscription: LogSubscription,
    metrics: Metrics,
  ) {
    const table = historyTable(new HistoryBooks(log, booksMax));
    subscription.add(new TableRunner({ log, pool, table, metrics: prometheusMetrics(metrics, 'tv-gateway-history') }));
  }
}
