import { z } from 'zod';

/** Edges that a replay may be looked at through. */
export const REPLAY_EDGES = ['tv-gateway', 'ws-session', 'console'] as const;

/** How a replay stands, as `ops replay --follow` says in a line of JSON each time. */
export const ReplayState = z.strictObject({
  /** What came before is being put there; batches come; nobody lets them come; all have come, and edges are looked at. */
  phase: z.enum(['filling', 'playing', 'paused', 'played']),
  /** Positions: after which it is played, up to which, and as far as it has come. */
  from: z.int(),
  to: z.int(),
  position: z.int(),
  /** When the ledger recorded what came last, RFC 3339; null before the first of this run. */
  recorded: z.string().nullable(),
  /** Played in this run. */
  events: z.int(),
  /** By edge, where it is looked at. */
  urls: z.record(z.string(), z.string()),
  /** Whose prices are told to these edges: the bid with which each minute ended, and an ask that is the same. */
  venues: z.array(z.string()),
});
export type ReplayState = z.output<typeof ReplayState>;
export type ReplayPhase = ReplayState['phase'];

/** What is pressed at a replay: pause or go on, let one batch through, end it. */
export const REPLAY_KEYS = { pause: 'p', step: 's', end: 'q' } as const;
