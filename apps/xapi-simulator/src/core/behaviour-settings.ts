import { z } from 'zod';

const ms = z.int().min(0).max(86_400_000);
const count = z.int().min(0).max(1_000_000);
const delay = (usual: number) => ms.default(usual);

/**
 * How the simulated broker behaves where documents leave room or real ones were seen to differ (wire-behaviour §11).
 * Each can be changed while clients are connected. Durations in milliseconds of the simulator's clock.
 */
export const BehaviourSettings = z.strictObject({
  pacing: z
    .strictObject({
      enforce: z.boolean().default(true),
      minMs: delay(200),
      /** This many commands in a row that come too fast, and the connection is dropped without a word. */
      strikes: z.int().min(1).max(1_000).default(6),
    })
    .prefault({}),
  /** Times of commands with a fraction of a millisecond, which clients in use send: cut off, or refused with EX000. */
  fractionalTimes: z.enum(['cut', 'refuse']).default('cut'),
  maxCommandBytes: z.int().min(16).max(1_048_576).default(1024),
  /** A connection that says nothing for so long after it was made is dropped; 0 never. */
  firstDataMs: z.strictObject({ main: delay(1_000), stream: delay(0) }).prefault({}),
  maxConnectionsPerAddress: z.int().min(1).max(100_000).default(50),
  /** Without a command for so long a session ends with BE200. */
  sessionIdleMs: delay(900_000),
  keepAliveMs: z.int().min(10).max(600_000).default(3_000),
  login: z
    .strictObject({
      /** For so long a password that was wrong once is refused unseen with EX007. */
      lockoutMs: delay(600_000),
      /** Users answered with EX010. */
      blacklist: z.array(z.string().max(64)).max(1_000).default([]),
    })
    .prefault({}),

  /** From a tradeTransaction's arrival to its execution, and from there to each kind of frame; `reply` from arrival. */
  execDelayMs: z
    .strictObject({ reply: delay(5), execute: delay(10), status: delay(10), trade: delay(5), balance: delay(15) })
    .prefault({}),
  /** Added to every streamed frame. */
  streamDelayMs: delay(0),
  /** Streamed frames come each up to so much later, by chance: neighbours change places. */
  reorderWindowMs: delay(0),
  /** How often each trade and tradeStatus frame is sent. */
  duplicate: z.int().min(1).max(100).default(1),
  duplicateTicks: z.int().min(1).max(100).default(1),

  /** Whether a tradeStatus of 1 (pending) comes first. */
  announcePending: z.boolean().default(true),
  /** Whether a market order shows as a record of type 1 with cmd 0 or 1 before its position. */
  transientType1: z.boolean().default(true),
  partialClose: z.enum(['same-position', 'new-position']).default('same-position'),
  /** Market orders above so many hundredths of a lot are filled as several positions; 0 never. */
  splitFillsAbove: count.default(0),
  /** Market orders and stops fill by up to so many points worse, by chance. */
  slippagePoints: count.default(0),
  /** Stop loss and take profit of a new position follow in records of their own. */
  slTpLate: z.boolean().default(false),
  /** Whether setting both levels of a position streams one record for each. */
  modifyTwice: z.boolean().default(false),
  invalidToken: z.enum(['frame', 'silent']).default('frame'),
  commissionAt: z.enum(['open', 'close']).default('open'),
  /** Where a refused order is told: at once, or as a tradeStatus of 4. Money is always checked at execution. */
  rejectVia: z.enum(['reply', 'status']).default('reply'),
  /** The type of a deposit's record. */
  cashRecordType: z.union([z.literal(0), z.literal(2)]).default(2),
  /** How a CLOSE's customComment lands on the closing record. */
  closeComment: z.enum(['keep', 'replace']).default('keep'),
  /** Whether balance comes at once on subscribing. */
  balanceOnSubscribe: z.boolean().default(true),
  /** How often balance and profits come while positions are open. */
  floatingMs: z.int().min(50).max(60_000).default(1_000),
  /** Wrong orders of frames that clients must survive. */
  sequence: z
    .strictObject({
      /** A position's closing record before the one that deletes it. */
      closeBeforeDeleted: z.boolean().default(false),
      /** A triggered position before the record that deletes its pending order. */
      positionBeforePendingDeleted: z.boolean().default(false),
      /** A last Modified of a position after its closing record. */
      lateModifiedAfterClose: z.boolean().default(false),
      /** A Modified before Deleted at a take profit, as at a stop loss. */
      modifiedBeforeTakeProfit: z.boolean().default(false),
    })
    .prefault({}),

  /** Added to every time that the server tells or reckons with. */
  clockSkewMs: z.int().min(-86_400_000).max(86_400_000).default(0),
  market: z
    .strictObject({
      ticksPerSecond: z.int().min(0).max(1_000).default(5),
      /** Factor on every instrument's restlessness; 0 keeps prices still while they tick. */
      restlessness: z.number().min(0).max(1_000).default(1),
      /** No instrument ever closes. */
      alwaysOpen: z.boolean().default(true),
      /** Instruments that cannot be traded now (BE018). */
      disabled: z.array(z.string().max(64)).max(10_000).default([]),
    })
    .prefault({}),
  stopOutPercent: z.int().min(0).max(100).default(50),
  /** More trade requests of an account within a second are refused (BE014, then BE016); 0 takes all. */
  maxTradeRequestsPerSecond: count.default(0),
  /** Positions and pending orders of an account; who has so many can open no more (BE017). */
  maxStandingTrades: z.int().min(1).max(1_000_000).default(5_000),
  /** Invented instruments in getAllSymbols: 22 000 of them make an answer of 20 MB. */
  fillerSymbols: z.int().min(0).max(50_000).default(0),

  /** How bytes go out. */
  wire: z
    .strictObject({
      /** Between messages on raw sockets. */
      separator: z.enum(['\n\n', '\n', '\r\n', ' ', '', ' \r\n\r\n\t']).default('\n\n'),
      /** Raw sockets are written in pieces of so many bytes; 0 writes whole messages. */
      fragmentBytes: z.int().min(0).max(65_536).default(0),
      /** `typed` as documented; `integers` drops the point where it can, `floats` adds one everywhere, `padded` adds zeros. */
      numbers: z.enum(['typed', 'integers', 'floats', 'padded']).default('typed'),
      /** A field that no document knows in every record and reply. */
      unknownFields: z.boolean().default(false),
      /** Whether WebSocket pings are answered. */
      pong: z.boolean().default(true),
      /** A connection that does not read is dropped when so many bytes wait for it. */
      maxBufferedBytes: z.int().min(1_024).max(1_073_741_824).default(33_554_432),
      /** Likewise when so many wait for all clients together, and a mebibyte of them for it. */
      maxBufferedBytesInAll: z.int().min(1_024).max(1_073_741_824).default(536_870_912),
    })
    .prefault({}),
});
export type BehaviourSettings = z.output<typeof BehaviourSettings>;
export type BehaviourChanges = z.input<typeof BehaviourSettings>;

export const defaultBehaviour = (): BehaviourSettings => BehaviourSettings.parse({});

/** The behaviour after a change; fields that are not named keep their value. Throws zod's error on a field that does not exist or fit. */
export function withChanges(behaviour: BehaviourSettings, changes: BehaviourChanges): BehaviourSettings {
  return BehaviourSettings.parse(merge(behaviour, changes));
}

function merge(base: unknown, changes: unknown): unknown {
  if (!isGroup(base) || !isGroup(changes)) return changes;
  const merged: Record<string, unknown> = { ...base };
  for (const [name, change] of Object.entries(changes)) merged[name] = merge(merged[name], change);
  return merged;
}

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
