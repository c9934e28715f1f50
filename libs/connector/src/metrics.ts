import type { EventType } from '@core/contracts/event';
import type { Drift } from '@core/contracts/events/account';
import type { Venue } from '@core/contracts/primitives';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { DriftPolicy, Occasion } from './drift/drift-policy.ts';

interface Reading {
  readonly labels: Readonly<Record<string, string>>;
  readonly read: () => number;
}

/** What a connector tells whoever watches it. */
export class ConnectorMetrics {
  private readonly records: Counter<'stream'>;
  private readonly unreadables: Counter<'what'>;
  private readonly facts: Counter<'type'>;
  private readonly commands: Counter<'step'>;
  private readonly refusals: Counter<'kind'>;
  private readonly ends: Counter;
  private readonly drifts: Counter<'occasion' | 'kind' | 'policy'>;
  private readonly intakeRefusals: Counter<'reason'>;
  private readonly ticks: Counter<'venue'>;
  private readonly quotes: Counter<'venue'>;
  private readonly leaseLosses: Counter;
  private readonly claimSeconds: Histogram;
  private readonly gauges = new Map<string, readonly Reading[]>();

  constructor(private readonly registry: Registry) {
    const named = <Label extends string>(name: string, help: string, ...labelNames: Label[]) => ({
      name: `xapi_${name}`,
      help,
      labelNames,
      registers: [registry],
    });
    this.records = new Counter(named('records_total', 'Records of brokers read from streams', 'stream'));
    this.unreadables = new Counter(named('unreadable_total', 'What brokers sent and nobody can read', 'what'));
    this.facts = new Counter(named('facts_total', 'Events put on their way to the log', 'type'));
    this.commands = new Counter(named('commands_total', 'Trade commands and what came back', 'step'));
    this.refusals = new Counter(named('logins_refused_total', 'Logins that brokers refused', 'kind'));
    this.ends = new Counter(named('sessions_ended_total', 'Sessions that ended'));
    this.drifts = new Counter(
      named('drifts_total', 'Differences that reconciliation found', 'occasion', 'kind', 'policy'),
    );
    this.intakeRefusals = new Counter(named('events_refused_total', 'Events the log will never hold', 'reason'));
    this.ticks = new Counter(named('ticks_total', 'Ticks received', 'venue'));
    this.quotes = new Counter(named('quotes_total', 'Quotes published', 'venue'));
    this.leaseLosses = new Counter(named('leases_lost_total', 'Leases lost against our will'));
    this.claimSeconds = new Histogram(named('claim_seconds', 'How long the ledger took to grant a claim'));
  }

  record(stream: string): void {
    this.records.inc({ stream });
  }

  unreadable(what: string, count = 1): void {
    this.unreadables.inc({ what }, count);
  }

  told(type: EventType): void {
    this.facts.inc({ type });
  }

  command(step: string): void {
    this.commands.inc({ step });
  }

  loginRefused(kind: string): void {
    this.refusals.inc({ kind });
  }

  sessionEnded(): void {
    this.ends.inc();
  }

  drifted(occasion: Occasion, kind: Drift['kind'], policy: DriftPolicy): void {
    this.drifts.inc({ occasion, kind, policy });
  }

  eventRefused(reason: string): void {
    this.intakeRefusals.inc({ reason });
  }

  ticked(venue: Venue, count: number): void {
    this.ticks.inc({ venue }, count);
  }

  quoted(venue: Venue, count: number): void {
    this.quotes.inc({ venue }, count);
  }

  leaseLost(): void {
    this.leaseLosses.inc();
  }

  claimed(ms: number): void {
    this.claimSeconds.observe(ms / 1000);
  }

  /** A figure that is read when it is asked for; with labels, one of several of its name. */
  gauge(name: string, help: string, read: () => number, labels: Readonly<Record<string, string>> = {}): void {
    const known = this.gauges.get(name) ?? [];
    this.gauges.set(name, [...known, { labels, read }]);
    if (known.length > 0) return;
    const { gauges } = this;
    new Gauge({
      name: `xapi_${name}`,
      help,
      labelNames: Object.keys(labels),
      registers: [this.registry],
      collect() {
        for (const each of gauges.get(name) ?? []) this.set(each.labels, each.read());
      },
    });
  }
}
