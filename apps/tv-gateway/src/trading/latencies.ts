import { Injectable } from '@nestjs/common';
import { Histogram, Registry as Metrics } from 'prom-client';
import { NumberText, OneOf, TextField } from '../http/fields.ts';
import { Refused } from '../refused.ts';

const TYPES = [
  'place_order',
  'modify_order',
  'cancel_order',
  'modify_position',
  'close_position',
  'modify_individual_position',
  'close_individual_position',
  'close_net_position',
] as const;

const LONGEST_MS = 600_000;

/** `POST /trackLatency`: how long a user waited, as their browser measured it. */
export class LatencyForm {
  @TextField('transactionId', 128)
  readonly transactionId: string;

  @OneOf('transactionType', ...TYPES)
  readonly transactionType: string;

  @NumberText('roundTripDuration')
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

  record({ transactionType, roundTripDuration }: LatencyForm): void {
    const ms = Number(roundTripDuration);
    if (!(ms >= 0 && ms <= LONGEST_MS)) throw new Refused('roundTripDuration must be a number of milliseconds.');
    this.seconds.observe({ type: transactionType }, ms / 1000);
  }
}
