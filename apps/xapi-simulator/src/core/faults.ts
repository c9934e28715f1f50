import { z } from 'zod';

const user = z.string().max(64).optional();
/** How often the fault strikes before it is spent; absent means until it is lifted. */
const times = z.int().min(1).max(1_000_000).optional();
const socket = z.enum(['main', 'stream']);
const ms = z.int().min(0).max(86_400_000);
const command = z.string().min(1).max(64);

/**
 * What can be made to go wrong (wire-behaviour §10), beyond what its settings do. Without `user` a fault strikes everyone.
 */
export const Fault = z.discriminatedUnion('kind', [
  /** The connection stays open and nothing passes in either direction: a peer that vanished without a FIN. */
  z.strictObject({ kind: z.literal('freeze'), socket, user }),
  /** One stream is silent while the rest goes on. */
  z.strictObject({
    kind: z.literal('mute'),
    stream: z.enum(['balance', 'candle', 'keepAlive', 'news', 'profit', 'tickPrices', 'trade', 'tradeStatus']),
    user,
  }),
  /** The connection ends at a command: before it is looked at, once it took effect, or right behind its reply. */
  z.strictObject({ kind: z.literal('drop-on'), command, when: z.enum(['before', 'executed', 'replied']), user, times }),
  /** The reply never comes; `executed` says whether the command took effect. */
  z.strictObject({ kind: z.literal('lose-reply'), command, executed: z.boolean(), user, times }),
  /** The reply, made at once, comes so much later; later commands are answered meanwhile unless it blocks them. */
  z.strictObject({ kind: z.literal('delay-reply'), command, ms, blocking: z.boolean().default(false), user, times }),
  /** The command is answered with this error, known or invented, whether or not it took effect. */
  z.strictObject({
    kind: z.literal('reply-error'),
    command,
    code: z.string().min(1).max(16),
    /** Absent: the document's words for the code; null: no errorDescr at all. */
    description: z.string().max(200).nullable().optional(),
    executed: z.boolean().default(false),
    user,
    times,
  }),
  /** The order is taken and then refused. */
  z.strictObject({
    kind: z.literal('reject'),
    requestStatus: z.union([z.literal(0), z.literal(4)]).default(4),
    message: z.string().max(200).nullable().default(null),
    user,
    times,
  }),
  /** The order executes, but its status stays 1 for so long, on the stream and when asked. */
  z.strictObject({ kind: z.literal('stuck-status'), ms, user, times }),
  /** A pending order triggers and no position comes of it. */
  z.strictObject({ kind: z.literal('fail-trigger'), user, times }),
  /** Every login is sent elsewhere. */
  z.strictObject({
    kind: z.literal('redirect'),
    address: z.string().min(1).max(255),
    mainPort: z.int().min(1).max(65_535),
    streamingPort: z.int().min(1).max(65_535),
    user,
    times,
  }),
  /** The next message on the socket breaks off in its middle, then the connection ends. */
  z.strictObject({ kind: z.literal('truncate'), socket, user, times }),
  /** WebSocket upgrades are answered with an HTTP error page. */
  z.strictObject({ kind: z.literal('refuse-upgrade'), status: z.int().min(400).max(599), times }),
  /** New connections are closed at once, left hanging without a byte, or not taken at all; existing ones stay. */
  z.strictObject({ kind: z.literal('maintenance'), mode: z.enum(['close', 'hang', 'refuse']) }),
]);
export type Fault = z.output<typeof Fault>;
export type FaultKind = Fault['kind'];
export type FaultOf<Kind extends FaultKind> = Extract<Fault, { kind: Kind }>;

export interface SetFault {
  readonly id: number;
  readonly fault: Fault;
  /** How often it struck. */
  struck: number;
}

/** The faults in force, oldest first. A fault with `times` is spent, and gone, when it has struck that often. */
export class FaultBook {
  private readonly faults = new Map<number, SetFault>();
  private lastId = 0;

  set(fault: Fault): SetFault {
    const set = { id: ++this.lastId, fault, struck: 0 };
    this.faults.set(set.id, set);
    return set;
  }

  /** Whether there was one to lift. */
  lift(id: number): boolean {
    return this.faults.delete(id);
  }

  liftAll(): void {
    this.faults.clear();
  }

  list(): readonly SetFault[] {
    return [...this.faults.values()];
  }

  /** The fault that strikes here, counted as having struck; null when none does. */
  strike<Kind extends FaultKind>(
    kind: Kind,
    user: string | null,
    matches: (fault: FaultOf<Kind>) => boolean = () => true,
  ): FaultOf<Kind> | null {
    if (this.faults.size === 0) return null;
    for (const set of this.faults.values()) {
      const { fault } = set;
      if (!isOfKind(fault, kind)) continue;
      if ('user' in fault && fault.user !== undefined && fault.user !== user) continue;
      if (!matches(fault)) continue;
      set.struck++;
      if ('times' in fault && fault.times !== undefined && set.struck >= fault.times) this.faults.delete(set.id);
      return fault;
    }
    return null;
  }
}

const isOfKind = <Kind extends FaultKind>(fault: Fault, kind: Kind): fault is FaultOf<Kind> => fault.kind === kind;
