import { LOGINS } from '@core/service/logins';

/** Who can be killed: the broker is not ours. */
const SERVICES = LOGINS.filter((login) => login !== 'operator');

interface FaultKind {
  /** What it may be done to. */
  readonly targets: readonly string[];
  /** How long it lasts at least and at most. */
  readonly forMs: readonly [min: number, max: number];
}

const CHANNELS = SERVICES.flatMap((service) => [`${service} and Postgres`, `${service} and NATS`]);
const WAYS = [...CHANNELS, 'xapi-connector and broker'];
const AT_ONCE: FaultKind['forMs'] = [0, 0];

/** Everything that is done to a running system. */
export const FAULT_KINDS = {
  kill: { targets: SERVICES, forMs: AT_ONCE },
  freeze: { targets: SERVICES, forMs: [200, 5_000] },
  'nats-kill': { targets: ['NATS'], forMs: AT_ONCE },
  'nats-wipe': { targets: ['NATS and its folder'], forMs: AT_ONCE },
  'postgres-backends': { targets: ['every connection of Postgres'], forMs: AT_ONCE },
  'postgres-crash': { targets: ['Postgres'], forMs: AT_ONCE },
  cut: { targets: WAYS, forMs: [200, 3_000] },
  silence: { targets: WAYS, forMs: [200, 5_000] },
  'half-open': { targets: WAYS, forMs: [200, 3_000] },
  'lost-answer': { targets: ['ledger and Postgres'], forMs: AT_ONCE },
  duplicates: { targets: ['intake'], forMs: [200, 1_000] },
  poison: { targets: ['intake', 'command', 'feed'], forMs: AT_ONCE },
  'slow-reader': { targets: ['a WebSocket'], forMs: [2_000, 5_000] },
  'table-lock': { targets: ['core.event', 'core.log_head'], forMs: [5_000, 5_000] },
  checkpoints: { targets: ['Postgres'], forMs: [2_000, 4_000] },
  'disk-full': { targets: ['Postgres'], forMs: [1_000, 5_000] },
  clock: { targets: ['ledger, an hour ahead', 'ledger, an hour behind'], forMs: [1_000, 3_000] },
} as const satisfies Readonly<Record<string, FaultKind>>;

export type FaultKindName = keyof typeof FAULT_KINDS;
export const FAULT_NAMES = Object.keys(FAULT_KINDS) as readonly FaultKindName[];
