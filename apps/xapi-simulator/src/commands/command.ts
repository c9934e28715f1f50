import { err, ok, type Result } from '@core/kernel/result';
import type { CommandName } from '@core/xapi/wire/commands';
import { recordEncoderOf } from '@core/xapi/wire/encode';
import { encodeReply } from '@core/xapi/wire/encode-frames';
import type { XapiErrorCode } from '@core/xapi/wire/error-codes';
import type { Written } from '@core/xapi/wire/wire-types';
import type { z } from 'zod';
import type { SimulatedAccount } from '../core/account.ts';
import type { SimulatedBroker } from '../core/simulated-broker.ts';
import type { CandleSeries } from '../core/candle-series.ts';
import type { Journal } from '../core/journal.ts';
import type { BehaviourSettings } from '../core/behaviour-settings.ts';
import type { Market } from '../core/market.ts';
import type { News } from '../core/news.ts';

/** What commands can look at. */
export interface CommandContext {
  readonly seed: string;
  readonly broker: SimulatedBroker;
  readonly market: Market;
  readonly candles: CandleSeries;
  readonly news: News;
  readonly journal: Journal;
  readonly behaviour: () => BehaviourSettings;
}

/** Who asks. */
export interface Caller {
  readonly account: SimulatedAccount;
  /** Number of the connection that the command came on. */
  readonly connection: number;
  readonly customTag: unknown;
}

/** Carries a command out: the reply's JSON text, or the code of why there is none. */
export type Run = (context: CommandContext, caller: Caller, given: unknown) => Result<string, XapiErrorCode>;

/** Commands that need a login and return something. */
export type AnsweredCommand = Exclude<CommandName, 'login' | 'logout' | 'ping'>;

/**
 * A command with its answer: arguments are read and the answer is written by the command's own schemas. Missing
 * arguments are refused with BE106, wrong ones with EX000, unless `refuse` has another word for them.
 */
export function answering<Takes extends z.ZodType, Returns extends z.ZodType>(
  { takes, returns }: { readonly takes: Takes; readonly returns: Returns },
  answer: (
    context: CommandContext,
    caller: Caller,
    given: z.output<Takes>,
  ) => Result<Written<z.output<Returns>>, XapiErrorCode>,
  refuse: (context: CommandContext, caller: Caller, given: unknown, error: z.ZodError) => XapiErrorCode = (
    _desk,
    _caller,
    given,
    error,
  ) => (isMissing(error, given) ? 'BE106' : 'EX000'),
): Run {
  const encode = recordEncoderOf(returns);
  return (context, caller, given) => {
    const cuts = context.behaviour().fractionalTimes === 'cut';
    const parsed = takes.safeParse(cuts ? withWholeTimes(given ?? {}) : (given ?? {}));
    if (!parsed.success) return err(refuse(context, caller, given, parsed.error));
    const answered = answer(context, caller, parsed.data);
    return answered.ok ? ok(encodeReply(encode(answered.value), caller.customTag)) : answered;
  };
}

const TIMES: ReadonlySet<string> = new Set(['start', 'end', 'timestamp', 'expiration']);

/** Arguments, and what they group, with their times in whole milliseconds. */
function withWholeTimes(given: object): object {
  const whole = ([name, value]: [string, unknown]): [string, unknown] => [
    name,
    typeof value === 'number' && TIMES.has(name) ? Math.trunc(value) : isGroup(value) ? withWholeTimes(value) : value,
  ];
  return Array.isArray(given) ? given : Object.fromEntries(Object.entries(given).map(whole));
}

const isGroup = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether something is not there at all, rather than there and wrong. */
const isMissing = (error: z.ZodError, given: unknown): boolean =>
  error.issues.some(({ path }) => at(given, path) === undefined);

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
