import { Injectable } from '@nestjs/common';
import { Histogram, Registry as Metrics } from 'prom-client';
import { Refused } from '../refused.ts';

const LONGEST_MS = 600_000;

interface RoundTrip {
  readonly transactionType: string;
  /** Milliseconds, as text. */
  readonly roundTripDuration: string;
}

/** Round trips as browsers saw them. */
@Injectable()
export class Latencies {
  private readonly seconds: Histogram<'type'>;

  constructor(metrics: Metrics) {
    this.seconds = new Histogram({
      name: 'tv_round_trip_seconds',
      help: 'Round trips of trading requests, measured by browsers',
      labelNames: ['type'],
      buckets: [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
      registers: [metrics],
    });
  }

  record({ transactionType, roundTripDuration }: RoundTrip): void {
    const ms = Number(roundTripDuration);
    if (!(ms >= 0 && ms <= LONGEST_MS))
      throw new Refused({ key: 'form.milliseconds', values: { field: 'roundTripDuration' } });
    this.seconds.observe({ type: transactionType }, ms / 1000);
  }
}
