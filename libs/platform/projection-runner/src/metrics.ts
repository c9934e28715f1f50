import { Counter, Gauge, type Registry } from 'prom-client';

/** What runners tell whoever watches. */
export interface RunnerMetrics {
  /** Before anything is taken: `behindMs` says for how long the runner has been behind the log. */
  watch(behindMs: () => number): void;
  /** Events of the log taken, the position after them, and how old the last one was. */
  taken(events: number, position: number, ageMs: number): void;
  /** Events that the feed left out and the log brought. */
  healed(events: number): void;
  /** States saved in the background; a failed attempt is repeated with the next round. */
  saved(states: number, bytes: number): void;
  saveFailed(): void;
}

export const noMetrics: RunnerMetrics = {
  watch: () => undefined,
  taken: () => undefined,
  healed: () => undefined,
  saved: () => undefined,
  saveFailed: () => undefined,
};

/** Prometheus metrics of one runner; `runner` tells several of one process apart. */
export function prometheusMetrics(registry: Registry, runner: string): RunnerMetrics {
  const options = (name: string, help: string) => ({ name, help, labelNames: ['runner'], registers: [registry] });
  const counter = (name: string, help: string) =>
    known<Counter>(registry, name, () => new Counter(options(name, help))).labels(runner);
  const gauge = (name: string, help: string) =>
    known<Gauge>(registry, name, () => new Gauge(options(name, help))).labels(runner);

  const events = counter('projection_events_total', 'Events of the log folded');
  const position = gauge('projection_position', 'Last position folded');
  const age = gauge('projection_event_age_seconds', 'Age of the last event when it was folded');
  const healed = counter('projection_healed_events_total', 'Events the feed left out and the log brought');
  const states = counter('projection_saved_states_total', 'Account states saved');
  const bytes = counter('projection_saved_bytes_total', 'Bytes of account states saved');
  const failures = counter('projection_save_failures_total', 'Attempts to save states that failed');

  return {
    watch: (behindMs) => lagOf(registry).set(runner, behindMs),
    taken(count, at, ageMs) {
      events.inc(count);
      position.set(at);
      age.set(ageMs / 1000);
    },
    healed: (count) => healed.inc(count),
    saved(count, size) {
      states.inc(count);
      bytes.inc(size);
    },
    saveFailed: () => failures.inc(),
  };
}

type Lags = Map<string, () => number>;

const lags = new WeakMap<Registry, Lags>();

/** One gauge for all runners of a process, which is read when it is asked for. */
function lagOf(registry: Registry): Lags {
  const runners: Lags = lags.get(registry) ?? new Map();
  if (lags.has(registry)) return runners;
  lags.set(registry, runners);
  new Gauge({
    name: 'projection_lag_seconds',
    help: 'How long the runner has been behind the head of the log without a break',
    labelNames: ['runner'],
    registers: [registry],
    collect() {
      for (const [runner, behindMs] of runners) this.set({ runner }, behindMs() / 1_000);
    },
  });
  return runners;
}

function known<Metric>(registry: Registry, name: string, make: () => Metric): Metric {
  return (registry.getSingleMetric(name) as Metric | undefined) ?? make();
}
