import { present } from '@core/kernel/present';

/** One line of the benchmark: ours beside the raw limit of the same run. */
export interface Row {
  /** Stable name, for comparing runs. */
  readonly id: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** The raw figure measured beside it, in the same unit; null where there is nothing to compare with. */
  readonly limit: number | null;
  /** Ours to the limit, higher is better whatever the unit. */
  readonly ratio: number | null;
  /** What the ratio must not fall below; null until it is promised. */
  readonly floor: number | null;
  /** The floor in the row's own unit: what ours must reach, or must not exceed. */
  readonly bound: number | null;
}

type Measured = Omit<Row, 'ratio' | 'bound'>;

/** More is better: events a second. */
export const throughput = (row: Measured): Row => ({
  ...row,
  ratio: row.limit === null ? null : row.value / row.limit,
  bound: row.limit === null || row.floor === null ? null : row.limit * row.floor,
});

/** Less is better: milliseconds. */
export const latency = (row: Measured): Row => ({
  ...row,
  ratio: row.limit === null ? null : row.limit / row.value,
  bound: row.limit === null || row.floor === null ? null : row.limit / row.floor,
});

export const median = (values: readonly number[]): number => percentile(values, 50);

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? NaN;
}

/** What was measured one after the other, in turns: ours and the limit. */
export interface MeasuredPair {
  readonly value: number;
  readonly limit: number;
}

/** The pair whose ratio is the middle one: on a machine that others use, figures of different seconds do not compare. */
export function middlePair(pairs: readonly MeasuredPair[]): MeasuredPair {
  const sorted = pairs.toSorted((one, other) => one.value / one.limit - other.value / other.limit);
  return present(sorted[Math.floor(sorted.length / 2)], 'something was measured');
}

/** A row without a floor has none to miss. */
export const holdsFloor = ({ ratio, floor }: Row): boolean => floor === null || (ratio !== null && ratio >= floor);

/** A figure as a person reads it. */
export const readable = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);
