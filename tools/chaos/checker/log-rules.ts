import type { AccountId, Uuid } from '@core/contracts/primitives';
import type { RunRecord } from './run-record.ts';
import type { Violation } from './violation.ts';

/** Positions are 1 to the head, in order. */
export function gapFree({ log }: RunRecord): Violation[] {
  return log.flatMap(({ position }, index) => {
    const expected = (log[index - 1]?.position ?? 0) + 1;
    if (position === expected) return [];
    return [{ rule: 'gap-free', position, what: `the log goes on here, and ${expected} should follow` } as const];
  });
}

/** Every id once. */
export function once({ log }: RunRecord): Violation[] {
  const places = new Map<Uuid, number>();
  return log.flatMap(({ id, position }) => {
    const before = places.get(id);
    places.set(id, before ?? position);
    if (before === undefined) return [];
    return [{ rule: 'once', position, what: `event ${id} stands at ${before} already` } as const];
  });
}

/** The events of an account are numbered from 1 in the order of their positions. */
export function versions({ log }: RunRecord): Violation[] {
  const heads = new Map<AccountId, number>();
  return log.flatMap(({ subject, version, position }) => {
    const expected = (heads.get(subject) ?? 0) + 1;
    heads.set(subject, version);
    if (version === expected) return [];
    const what = `it is version ${version} of ${subject}, and ${expected} should follow`;
    return [{ rule: 'versions', position, what } as const];
  });
}

/** The digests say that the log is what was committed. */
export function chain({ chain: verified }: RunRecord): Violation[] {
  return verified.ok ? [] : [{ rule: 'chain', position: verified.position, what: verified.why }];
}
