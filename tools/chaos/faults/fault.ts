import type { AppProcess } from '@core/machine/app-process';
import type { NatsConnection } from 'nats';
import type { RunningSystem } from '../../start/running-system.ts';
import type { FrameReader } from '../run/frame-reader.ts';
import type { ToldDone } from '../run/told-done.ts';
import type { FaultClock } from './fault-clock.ts';
import type { IntakeTap } from './intake-tap.ts';
import type { ProxiedWays } from './proxied-ways.ts';

/** What faults are done to. */
export interface Victims {
  readonly folder: string;
  readonly system: RunningSystem;
  /** Every process of a service, also those that stand by. */
  readonly apps: readonly AppProcess[];
  readonly ways: ProxiedWays;
  /** NATS as its owner, past every proxy. */
  readonly nats: NatsConnection;
  readonly intake: IntakeTap;
  readonly slow: FrameReader;
  readonly accounts: readonly string[];
  readonly told: ToldDone;
  readonly clock: FaultClock | null;
  readonly seed: number;
}

/** Begins the fault; what it answers ends it. */
export type ChaosFault = (victims: Victims, target: string) => Promise<() => Promise<void> | void>;

export const isOver = (): void => undefined;
