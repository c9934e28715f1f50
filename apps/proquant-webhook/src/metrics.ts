import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What operators see of the webhook. */
@Injectable()
export class WebhookMetrics {
  private readonly deliveries: Counter;
  private readonly deadLetters: Counter;
  private readonly deprecations: Counter;
  private readonly versionEnd: Gauge;
  private readonly latency: Histogram;

  constructor(registry: Registry) {
    const registers = [registry];
    this.deliveries = new Counter({
      name: 'proquant_deliveries_total',
      help: 'Requests by type of event and by what they were answered',
      labelNames: ['type', 'answer'],
      registers,
    });
    this.deadLetters = new Counter({
      name: 'proquant_dead_letters_total',
      help: 'Authenticated requests that could not be read',
      labelNames: ['why'],
      registers,
    });
    this.deprecations = new Counter({
      name: 'proquant_deprecated_total',
      help: 'Events of a version that its sender will drop: time to speak the next one',
      registers,
    });
    this.versionEnd = new Gauge({
      name: 'proquant_version_ends_seconds',
      help: 'When the sender will drop the version that is spoken here, in seconds since the epoch; 0 while it says nothing of it',
      registers,
    });
    this.latency = new Histogram({
      name: 'proquant_answer_seconds',
      help: 'From a request to its answer',
      labelNames: ['type'],
      buckets: [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8],
      registers,
    });
  }

  answered(type: string, answer: string, seconds: number): void {
    this.deliveries.inc({ type, answer });
    this.latency.observe({ type }, seconds);
  }

  deadLetter(why: string): void {
    this.deadLetters.inc({ why });
  }

  /** What a delivery says of its version: the date on which it ends, or null. What is no date is counted and no more. */
  versionEnds(date: string | null): void {
    if (date !== null) this.deprecations.inc();
    const seconds = date === null ? 0 : Date.parse(date) / 1_000;
    if (!Number.isNaN(seconds)) this.versionEnd.set(seconds);
  }
}
