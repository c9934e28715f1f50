import { z } from 'zod';
import { AccountInput, actions, type ActionName } from '../control/actions.ts';
import { Fault } from '../core/faults.ts';
import { BehaviourSettings } from '../core/behaviour-settings.ts';

/** `250ms`, `3s`, `10m`, `2h`, or plain milliseconds. */
const Duration = z.union([z.int().min(0), z.string().regex(/^\d{1,9}(?:ms|s|m|h)$/)]).transform((given): number => {
  if (typeof given === 'number') return given;
  const [, amount = '0', unit = 'ms'] = /^(\d+)(\D+)$/.exec(given) ?? [];
  return Number(amount) * { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[unit as 'ms' | 's' | 'm' | 'h'];
});

const client = z.string().min(1).max(32);
const fields = z.record(z.string(), z.unknown());
const stream = z.string().min(1).max(32);

/** A step is an object with one field, its kind. */
export const ScriptStep = z.union([
  /** Connects both sockets and logs in. */
  z.strictObject({ login: z.strictObject({ client, userId: z.string(), password: z.string() }) }),
  /** A command of the main connection. With `expect`, fields that its answer must have. */
  z.strictObject({
    ask: z.strictObject({
      client,
      command: z.string(),
      arguments: fields.optional(),
      customTag: z.string().optional(),
      expect: fields.optional(),
    }),
  }),
  /** A command of the streaming connection, under the client's own session. */
  z.strictObject({ subscribe: z.strictObject({ client, command: z.string() }).catchall(z.unknown()) }),
  /** Bytes as they are, whole commands or pieces. */
  z.strictObject({
    write: z.strictObject({ client, socket: z.enum(['main', 'stream']).default('main'), text: z.string() }),
  }),
  z.strictObject({ wait: Duration }),
  /** What the control API can do, by the same names and fields. */
  z.strictObject({ act: z.partialRecord(z.enum(Object.keys(actions) as [ActionName, ...ActionName[]]), fields) }),
  z.strictObject({ knobs: fields }),
  z.strictObject({ fault: Fault }),
  z.strictObject({ liftFaults: z.literal(true) }),
  /** Gives the newest position or pending order of an account a name; `$name` in later steps is its number. */
  z.strictObject({
    remember: z.strictObject({
      as: z.string().regex(/^\w+$/),
      userId: z.string(),
      newest: z.enum(['position', 'order']),
    }),
  }),
  z.strictObject({ hangUp: z.strictObject({ client, socket: z.enum(['main', 'stream']) }) }),
  /** The script fails unless such a frame came to the client since the last `expect`, in this order. */
  z.strictObject({ expect: z.strictObject({ client, frame: stream, where: fields.default({}) }) }),
  z.strictObject({ expectClosed: z.strictObject({ client, socket: z.enum(['main', 'stream']) }) }),
]);
export type ScriptStep = z.output<typeof ScriptStep>;

/** A scenario on the simulated clock: the same script gives the same output, to the letter. */
export const Script = z.strictObject({
  title: z.string().max(200).default(''),
  seed: z.string().min(1).max(64).default('script'),
  start: z.iso.datetime().default('2024-03-05T10:00:00Z'),
  accounts: z.array(AccountInput).min(1).max(10_000),
  knobs: BehaviourSettings.prefault({}),
  /** Frames of the stream that are printed; main replies always are. */
  show: z.array(stream).default(['trade', 'tradeStatus', 'balance', 'keepAlive']),
  steps: z.array(ScriptStep).max(100_000),
});
export type Script = z.output<typeof Script>;
