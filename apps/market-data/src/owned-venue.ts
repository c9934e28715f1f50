import { dayBegins, tradingDayOf } from '@core/bars/trading-day';
import type { VenueTerms } from '@core/market-bars/bar-store';
import { OwnedBars } from '@core/market-bars/owned-bars';
import { newId } from '@core/service/clock';
import { setTimeout as pause } from 'node:timers/promises';
import type { BarSettings } from './config.ts';
import { KnownBars } from './known-bars.ts';
import { VenueOwner, type VenueOwnerParts } from './venue-owner.ts';

export type OwnedVenueParts = Omit<VenueOwnerParts, 'store' | 'owner' | 'known'> & { readonly databaseUrl: string };

/** Owns a venue's bars as often as nobody else does, until it is stopped. */
export class OwnedVenue {
  /** Why neither this process nor, as far as it knows, another owns the venue; null where one does. */
  trouble: string | null = 'not tried yet';
  private readonly stopping = new AbortController();
  private owner: VenueOwner | null = null;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly parts: OwnedVenueParts) {}

  start(): void {
    this.running = this.run();
  }

  missed(): void {
    this.owner?.missed();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.owner?.stop();
    await this.running;
  }

  private async run(): Promise<void> {
    const { venue, bars, log } = this.parts;
    while (!this.stopping.signal.aborted) {
      try {
        await this.ownOnce();
      } catch (error) {
        this.trouble = error instanceof Error ? error.message : String(error);
        log.warn({ venue, err: error, msg: 'the bars of the venue are not owned' });
      }
      await this.rest(bars.retryMs);
    }
  }

  private async ownOnce(): Promise<void> {
    const { venue, bars, databaseUrl, metrics, log } = this.parts;
    const store = await OwnedBars.open({ url: databaseUrl, venue, timeoutMs: bars.storeTimeoutMs });
    try {
      while (!(await store.hold())) {
        this.trouble = null;
        const before = performance.now();
        await this.rest(bars.retryMs);
        if (this.stopping.signal.aborted) return;
        // Who overslept itself is on a busy machine, and judges nobody.
        if (performance.now() - before < bars.retryMs + OVERSLEPT_MS)
          await store.endSilentOwner(bars.draftMs + bars.ownerSilentMs);
      }
      const terms = await settledTerms(store, bars, this.parts.nowMs());
      const known = new KnownBars(await store.known(), terms.floorMs);
      this.owner = new VenueOwner({ ...this.parts, store, known, owner: newId() });
      this.trouble = null;
      metrics.owns(venue, true);
      log.log({ venue, msg: 'owns the bars' });
      if (!this.stopping.signal.aborted) await this.owner.run();
    } finally {
      this.owner = null;
      metrics.owns(venue, false);
      await store.close();
    }
  }

  private async rest(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined); // stopped: the loop ends
  }
}

/** What was decided for the venue when its bars were first kept, unless the settings say another first day. */
async function settledTerms(
  store: OwnedBars,
  { from, days, dayZone }: BarSettings,
  nowMs: number,
): Promise<VenueTerms> {
  const before = await store.terms();
  const first = from === undefined ? tradingDayOf(nowMs, dayZone) - days * DAY_MS : Date.parse(from);
  const floorMs = from === undefined && before ? before.floorMs : dayBegins(first, dayZone);
  const terms = { floorMs, dayZone };
  await store.putTerms(terms);
  return terms;
}

const DAY_MS = 86_400_000;
const OVERSLEPT_MS = 500;
