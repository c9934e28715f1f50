import type { CloseName } from '@core/ws-session/close-code';
import type { AccessKey } from '@core/registry/entities';
import type { ErrorCode } from '@core/ws-session/error-code';
import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Sessions } from './sessions.ts';

/** What operators see of the sessions of this process. */
@Injectable()
export class SessionMetrics {
  private readonly begun: Counter;
  private readonly ended: Counter;
  private readonly refusals: Counter;
  private readonly events: Counter;
  private readonly age: Histogram;

  constructor(registry: Registry, sessions: Sessions) {
    const registers = [registry];
    new Gauge({
      name: 'ws_session_connections',
      help: 'Open connections, and how many of them are sessions',
      labelNames: ['stage'],
      registers,
      collect() {
        const { connections, sessions: live } = sessions.count;
        this.set({ stage: 'all' }, connections);
        this.set({ stage: 'live' }, live);
      },
    });
    this.begun = new Counter({ name: 'ws_session_begun_total', help: 'Sessions that began', registers });
    this.ended = new Counter({
      name: 'ws_session_ended_total',
      help: 'Connections that ended, by reason',
      labelNames: ['reason'],
      registers,
    });
    this.refusals = new Counter({
      name: 'ws_session_refusals_total',
      help: 'What keys were refused, by the code that they were told; too_many is a session beyond their number, former_secret one that comes with what opened the key once',
      labelNames: ['key', 'code'],
      registers,
    });
    this.events = new Counter({ name: 'ws_session_events_total', help: 'Events that made a message', registers });
    this.age = new Histogram({
      name: 'ws_session_event_age_seconds',
      help: 'From the commit of an event to the moment its message is sent',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers,
    });
  }

  began(): void {
    this.begun.inc();
  }

  closed(reason: CloseName): void {
    this.ended.inc({ reason });
  }

  refused({ name }: AccessKey, code: ErrorCode | 'too_many' | 'former_secret'): void {
    this.refusals.inc({ key: name, code });
  }

  told(ageMs: number): void {
    this.events.inc();
    this.age.observe(ageMs / 1_000);
  }
}
