import type { FaultKindName } from '../schedule/fault-kinds.ts';
import { jump } from './clock-faults.ts';
import { checkpointStorm, endBackends, fillDisk, lockTable } from './database-faults.ts';
import type { ChaosFault } from './fault.ts';
import { duplicate, poison, slowReader } from './message-faults.ts';
import { crashPostgres, freeze, kill, killNats, wipeNats } from './process-faults.ts';
import { cut, halfOpen, loseAnswer, silence } from './way-faults.ts';

/** How each kind of fault is done. */
export const FAULTS: Readonly<Record<FaultKindName, ChaosFault>> = {
  ...{ kill, freeze, cut, silence, duplicates: duplicate, poison, clock: jump },
  ...{ 'nats-kill': killNats, 'nats-wipe': wipeNats, 'postgres-backends': endBackends },
  ...{ 'postgres-crash': crashPostgres, 'half-open': halfOpen, 'lost-answer': loseAnswer },
  ...{ 'slow-reader': slowReader, 'table-lock': lockTable, checkpoints: checkpointStorm, 'disk-full': fillDisk },
};
