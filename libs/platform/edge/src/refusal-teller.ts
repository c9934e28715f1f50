import { CommandClient, LedgerUnavailable } from '@core/bus/command-client';
import type { CommandBody } from '@core/contracts/command';
import type { AccountId } from '@core/contracts/primitives';
import { BoundedMap } from '@core/kernel/bounded-map';
import { TokenBuckets } from '@core/kernel/token-bucket';
import { inBackground } from '@core/service/in-background';
import { newId } from '@core/service/clock';
import { Injectable } from '@nestjs/common';

/** How many are told of one account by this process; the ledger has bounds of its own. */
const A_MINUTE = 20;
const ACCOUNTS_MAX = 10_000;
const TELL_TIMEOUT_MS = 10_000;
const TEXT_MAX = 512;

/** What an edge refused before it asked the ledger; `text` has the numbers it was judged by. */
export type EdgeRefusal = Omit<CommandBody<'RecordRefusal'>['data'], 'omitted'>;

/**
 * Tells the log what an edge refuses by itself, so that somebody who asks why finds it. Nobody waits for it, and where
 * the ledger does not answer it is in the edge's own log only. The account must be one that whoever asked may trade on.
 */
@Injectable()
export class RefusalTeller {
  private readonly buckets = new TokenBuckets(A_MINUTE / 60, A_MINUTE);
  private readonly omitted = new BoundedMap<AccountId, number>(ACCOUNTS_MAX);

  constructor(private readonly commands: CommandClient) {}

  tell(account: AccountId, { text, ...refused }: EdgeRefusal): void {
    const omitted = this.omitted.get(account) ?? 0;
    if (!this.buckets.take(account, performance.now())) {
      this.omitted.set(account, omitted + 1);
      return;
    }
    this.omitted.delete(account);
    const data = { ...refused, text: text.slice(0, TEXT_MAX), omitted };
    inBackground('telling of a refusal', this.told(account, data));
  }

  private async told(account: AccountId, data: CommandBody<'RecordRefusal'>['data']): Promise<void> {
    const asking = { id: newId(), correlation: data.requestId, timeoutMs: TELL_TIMEOUT_MS };
    try {
      await this.commands.ask(account, { type: 'RecordRefusal', data }, asking);
    } catch (error) {
      if (!(error instanceof LedgerUnavailable)) throw error;
    }
  }
}

/** What was asked for, as it was said: of a form, the fields that have something in them. */
export const askedFor = (form: unknown): string =>
  Object.entries(typeof form === 'object' && form !== null ? form : {})
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value) && value !== '')
    .map(([field, value]) => `${field} ${String(value)}`)
    .join(', ');
