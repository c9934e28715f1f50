import { CommandClient, LedgerUnavailable } from '@core/bus/command-client';
import type { AccountId } from '@core/contracts/primitives';
import { BoundedMap } from '@core/kernel/bounded-map';
import { TokenBucket, TokenBuckets } from '@core/kernel/token-bucket';
import { newId, now } from '@core/service/clock';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { UntoldRefusals, type UntoldRefusal } from './untold-refusals.ts';

/** How many are told of one account by this process, and of all; the ledger has the same bounds for everybody. */
const ACCOUNT_A_MINUTE = 20;
const ALL_A_MINUTE = 240;
const ACCOUNTS_MAX = 10_000;
/** Before they are kept: so many while the database is away. */
const FRESH_MAX = 1_000;
const AT_ONCE = 100;
const TELL_TIMEOUT_MS = 2_000;
const PAUSE_MS = 500;
const TEXT_MAX = 512;

/** What an edge refused before it asked the ledger; `text` has the numbers it was judged by. */
export type EdgeRefusal = Omit<UntoldRefusal['data'], 'omitted'>;

/**
 * Tells the log what an edge refuses by itself, so that somebody who asks why finds it. Nobody waits for it: it is kept
 * in the edge's own database, and told from there, one after the other, until the ledger has answered. What comes when
 * as many wait as may is left out, and counted in the next one of its account. The account must be one that whoever
 * asked may trade on.
 */
@Injectable()
export class RefusalTeller implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(RefusalTeller.name);
  private readonly buckets = new TokenBuckets(ACCOUNT_A_MINUTE / 60, ACCOUNT_A_MINUTE);
  private readonly pace = new TokenBucket(ALL_A_MINUTE / 60, ALL_A_MINUTE, performance.now());
  private readonly omitted = new BoundedMap<AccountId, number>(ACCOUNTS_MAX);
  private readonly ending = new AbortController();
  private fresh: UntoldRefusal[] = [];
  private keeping: Promise<void> = Promise.resolve();
  private telling: Promise<void> | null = null;
  private isFull = false;

  constructor(
    private readonly commands: CommandClient,
    private readonly untold: UntoldRefusals,
  ) {}

  /** What was kept by whoever ran before is told first. */
  onApplicationBootstrap(): void {
    this.goOn();
  }

  /** What was not told yet is told after the next start. */
  async beforeApplicationShutdown(): Promise<void> {
    this.ending.abort();
    await this.keepFresh().catch((error: unknown) => this.failed(error));
    await this.telling;
  }

  tell(account: AccountId, { text, ...refused }: EdgeRefusal): void {
    if (this.fresh.length >= FRESH_MAX || !this.buckets.take(account, performance.now())) return this.omit(account, 1);
    const data = { ...refused, text: text.slice(0, TEXT_MAX), omitted: this.omitted.get(account) ?? 0 };
    this.omitted.delete(account);
    this.fresh.push({ id: newId(), account, at: now(), data });
    this.goOn();
  }

  private goOn(): void {
    // Whoever tells waits for the ledger, and what comes meanwhile is kept all the same; a failure is met there.
    this.keepFresh().catch(() => undefined);
    this.telling ??= this.tellAll();
  }

  private async tellAll(): Promise<void> {
    let isLeft = true;
    while ((isLeft || this.fresh.length > 0) && !this.ending.signal.aborted) isLeft = await this.tellSome();
    this.telling = null;
  }

  /** Whether more may wait. */
  private async tellSome(): Promise<boolean> {
    try {
      await this.keepFresh();
      const refusals = await this.untold.oldest(AT_ONCE);
      for (const refusal of refusals) if (!this.ending.signal.aborted) await this.tellOne(refusal);
      return refusals.length > 0;
    } catch (error) {
      this.failed(error);
      await this.rest();
      return true;
    }
  }

  private async tellOne({ id, account, at, data }: UntoldRefusal): Promise<void> {
    while (!this.pace.take(performance.now())) {
      await this.rest();
      if (this.ending.signal.aborted) return;
    }
    const asking = { id, at, correlation: data.requestId, timeoutMs: TELL_TIMEOUT_MS };
    await this.commands.ask(account, { type: 'RecordRefusal', data }, asking);
    await this.untold.forget(id);
  }

  /** One keeps at a time, in order; what is not kept by a failure stays for the next. */
  private keepFresh(): Promise<void> {
    const keep = async (): Promise<void> => {
      for (let next = this.fresh[0]; next !== undefined; next = this.fresh[0]) {
        const isKept = await this.untold.keep(next);
        this.fresh.shift();
        if (!isKept) this.omit(next.account, 1 + next.data.omitted);
        this.full(!isKept);
      }
    };
    return (this.keeping = this.keeping.then(keep, keep));
  }

  private omit(account: AccountId, count: number): void {
    this.omitted.set(account, (this.omitted.get(account) ?? 0) + count);
  }

  private full(isFull: boolean): void {
    if (isFull && !this.isFull) this.logger.warn('as many refusals wait for the ledger as may: more are only counted');
    this.isFull = isFull;
  }

  private failed(error: unknown): void {
    if (!(error instanceof LedgerUnavailable)) this.logger.error({ err: error, msg: 'refusals wait to be told' });
  }

  private rest(): Promise<void> {
    return pause(PAUSE_MS, undefined, { signal: this.ending.signal }).catch(() => undefined);
  }
}

/** What was asked for, as it was said: of a form, the fields that have something in them. */
export const askedFor = (form: unknown): string =>
  Object.entries(typeof form === 'object' && form !== null ? form : {})
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value) && value !== '')
    .map(([field, value]) => `${field} ${String(value)}`)
    .join(', ');
