import { z } from 'zod';

// What the simulator's control port says, so far as its page shows it. Times are the simulator's, in milliseconds.

const SimulatedPrice = z.object({
  symbol: z.string(),
  bid: z.string(),
  ask: z.string(),
  digits: z.int(),
  /** A held price moves only when it is set. */
  held: z.boolean(),
});

/** A fault in force, and how often it struck. */
const FaultInForce = z.object({ id: z.int(), fault: z.looseObject({ kind: z.string() }), struck: z.int() });

const SimulatedConnection = z.object({
  id: z.int(),
  kind: z.enum(['main', 'stream']),
  address: z.string(),
  userId: z.string().nullable(),
  openedAt: z.number(),
  lastCommandAt: z.number().nullable(),
  strikes: z.int(),
});

/** A trade that a client asked for, and what the broker did with it. */
const SimulatedTrade = z.object({
  sequence: z.int(),
  time: z.number(),
  userId: z.string(),
  connection: z.int(),
  customTag: z.string().nullable(),
  request: z
    .object({ cmd: z.number(), type: z.number(), symbol: z.string(), volume: z.string(), price: z.string() })
    .nullable(),
  order: z.int().nullable(),
  error: z.string().nullable(),
  executed: z.boolean(),
  requestStatus: z.number().nullable(),
  message: z.string().nullable(),
  positions: z.array(z.int()),
});

/** Something that passed on a connection; `in` came from the client, `afterMs` is since its last command. */
export const SimulatedMessage = z.object({
  number: z.int(),
  at: z.number(),
  connection: z.int(),
  socket: z.enum(['main', 'stream']),
  userId: z.string().nullable(),
  direction: z.enum(['in', 'out']),
  afterMs: z.number().nullable(),
  text: z.string(),
});

export const SimulatorStanding = z.object({
  prices: z.array(SimulatedPrice),
  faults: z.array(FaultInForce),
  connections: z.array(SimulatedConnection),
  /** The last that were asked for, the newest first. */
  trades: z.array(SimulatedTrade),
});
