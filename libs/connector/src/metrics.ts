import type { EventType } from '@core/contracts/event';
import type { Drift } from '@core/contracts/events/account';
import type { Venue } from '@core/contracts/primitives';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What a connector tells whoever watches it. */
export class ConnectorMetrics {
  private readonly unreadables: Counter<'what'>;
  private readonly facts: Counter<'type'>;
  private readonly commands: Counter<'step'>;
  private readonly refusals: Counter<'kind'>;
  private readonly ends: Counter;
  private readonly drifts: Counter<'occasion' | 'kind' | 'policy'>;
  private readonly intakeRefusals: Counter<'reason'>;
  private readonly ticks: Counter<'venue'>;
  private readonly quotes: Counter<'venue'>;
  private readonly lags: Counter<'venue'>;
  private readonly leaseLosses: Counter;
  private readonly claimSeconds: Histogram;

  /** Each protocol's figures are under its own name. */
  constructor(
    private readonly registry: Registry,
    private readonly protocol: string,
  ) {
    this.unreadables = new Counter(this.named('unreadable_total', 'What brokers sent and nobody can read', 'what'));
    this.facts = new Counter(this.named('facts_total', 'Events put on their way to the log', 'type'));
    this.commands = new Counter(this.named('commands_total', 'Trade commands and what came back', 'step'));
    this.refusals = new Counter(this.named('logins_refused_total', 'Logins that brokers refused', 'kind'));
    this.ends = new Counter(this.named('sessions_ended_total', 'Sessions that ended'));
    this.drifts = new Counter(
      this.named('drifts_total', 'Differences that reconciliation found', 'occasion', 'kind', 'policy'),
    );
    this.intakeRefusals = new Counter(this.named('events_refused_total', 'Events the log will never hold', 'reason'));
    this.ticks = new Counter(this.named('ticks_total', 'Ticks received', 'venue'));
    this.lags = new Counter(
      this.named('prices_lagged_total', 'Prices that were asked for and that the stream owed', 'venue'),
    );
    this.quotes = new Counter(this.named('quotes_total', 'Quotes published', 'venue'));
    this.leaseLosses = new Counter(this.named('leases_lost_total', 'Leases lost against our will'));
    this.claimSeconds = new Histogram(this.named('claim_seconds', 'How long the ledger took to grant a claim'));
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

  drifted(occasion: string, kind: Drift['kind'], policy: string): void {
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

  pricesLagged(venue: Venue, count: number): void {
    this.lags.inc({ venue }, count);
  }

  leaseLost(): void {
    this.leaseLosses.inc();
  }

  claimed(ms: number): void {
    this.claimSeconds.observe(ms / 1000);
  }

  /** A figure that is read when it is asked for. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      ...this.named(name, help),
      collect() {
        this.set(read());
      },
    });
  }

  /** The same for each of several states. */
  gaugeByState<State extends string>(
    name: string,
    help: string,
    states: readonly State[],
    read: (state: State) => number,
  ): void {
    new Gauge({
      ...this.named(name, help, 'state'),
      collect() {
        for (const state of states) this.set({ state }, read(state));
      },
    });
  }

  private named<Label extends string>(name: string, help: string, ...labelNames: Label[]) {
    return { name: `${this.protocol}_${name}`, help, labelNames, registers: [this.registry] };
  }
}
