import type { RecordedEvent } from '@core/contracts/event';
import { SYSTEM_ACCOUNT, type Instrument, type Uuid, type Venue } from '@core/contracts/primitives';
import { EventLog } from '@core/event-log/event-log';
import type { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { absenceInWords, deliveryNamed, namedOrDelivered } from '@core/operations/absent-delivery';
import { causesOf, type ChainLink } from '@core/operations/chain';
import { lifeLine, type Stage } from '@core/operations/life-line';
import { logLine, type LogLine } from '@core/operations/log-line';
import { allNamed, chainsOf, type Named } from '@core/operations/lookup';
import { verdictOf } from '@core/operations/verdict';
import { whatNext } from '@core/operations/what-next';
import { stateAt } from '@core/projection-runner/state-at';
import { accountOverview } from '@core/projections/overview';
import type { DeliveryRecord } from '@core/signal-inbox/delivery-log';
import { seenBy } from '@core/operations/seen-by';
import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { WatchSettings } from './config.ts';
import { READ_ONLY } from './console-database.ts';
import { watched } from './watched-services.ts';

const FOUND_MAX = 20;

/** An event, how long after its cause it was recorded, and what it led to. */
export interface CauseBranch {
  readonly line: LogLine;
  /** Null of one without a cause among the others. */
  readonly afterMs: number | null;
  readonly led: readonly CauseBranch[];
}

/** A price at which something happened. */
export interface PriceMark {
  readonly kind: 'open' | 'close' | 'stop-loss' | 'take-profit';
  readonly at: string;
  readonly price: string;
}

/** What a text may mean. */
export interface FoundThing extends Omit<Named, 'kind'> {
  readonly kind: Named['kind'] | 'delivery';
}

/** Something the log speaks of, with everything that led to it and came of it. */
export interface ThingAnswer extends FoundThing {
  readonly stages: readonly Stage[];
  readonly causes: readonly CauseBranch[];
  /** Why it is as it is, in a sentence; null where nothing has decided that yet. */
  readonly verdict: string | null;
  readonly next: string | null;
  /** What it was traded in, where that can be drawn. */
  readonly market: { readonly venue: Venue; readonly instrument: Instrument } | null;
  readonly marks: readonly PriceMark[];
  readonly events: readonly RecordedEvent[];
}

/** Finds what people name, and tells all of it. */
@Injectable()
export class Things {
  constructor(
    @Inject(READ_ONLY) private readonly pool: Pool,
    private readonly log: EventLog,
    private readonly watch: WatchSettings,
  ) {}

  async find(text: string): Promise<readonly FoundThing[]> {
    const things = await allNamed(this.pool, (this.log as PostgresEventLog).detached, text);
    const delivery = things.length === 0 ? await deliveryNamed(this.pool, text) : null;
    return delivery === null ? things.slice(0, FOUND_MAX) : [deliveredAs(delivery)];
  }

  async tell(id: string): Promise<ThingAnswer> {
    const thing = await namedOrDelivered(this.pool, (this.log as PostgresEventLog).detached, id);
    if ('delivery' in thing) return untraded(thing.delivery);
    const chains = await chainsOf(this.pool, this.log as PostgresEventLog, thing);
    const events = chains.flat().toSorted((one, two) => one.position - two.position);
    const [overview, seen] = await Promise.all([
      stateAt(this.log, accountOverview, thing.account),
      seenBy(
        watched(this.watch.services),
        events.map(({ position }) => position),
      ),
    ]);
    const venue = overview.account.registration?.venue;
    const instrument = instrumentOf(events);
    return {
      ...thing,
      stages: lifeLine(events, seen),
      causes: chains.flatMap((chain) => causesOf(chain)).map((link) => branchOf(link, null)),
      verdict: verdictOf(thing.id, events),
      next: whatNext(overview, [thing.id, ...idsIn(events)]),
      market: venue === undefined || instrument === null ? null : { venue, instrument },
      marks: events.flatMap(marksOf),
      events,
    };
  }
}

const deliveredAs = ({ id, accountId }: DeliveryRecord): FoundThing => ({
  kind: 'delivery',
  id,
  account: accountId ?? SYSTEM_ACCOUNT,
});

/** What ProQuant delivered and the log knows nothing of. */
const untraded = (delivery: DeliveryRecord): ThingAnswer => ({
  ...deliveredAs(delivery),
  verdict: absenceInWords(delivery),
  ...{ stages: [], causes: [], next: null, market: null, marks: [], events: [] },
});

const branchOf = ({ event, led }: ChainLink, cause: RecordedEvent | null): CauseBranch => ({
  line: logLine(event),
  afterMs: cause && Date.parse(event.recordedtime) - Date.parse(cause.recordedtime),
  led: led.map((link) => branchOf(link, event)),
});

function instrumentOf(events: readonly RecordedEvent[]): Instrument | null {
  for (const { data } of events)
    if ('instrument' in data && typeof data.instrument === 'string') return data.instrument;
  return null;
}

/** Everything of an account that events name: orders, positions, requests. */
const idsIn = (events: readonly RecordedEvent[]): readonly Uuid[] =>
  events.flatMap(({ data }) =>
    [
      'requestId' in data ? data.requestId : null,
      'orderId' in data ? data.orderId : null,
      'positionId' in data ? data.positionId : null,
    ].filter((id) => typeof id === 'string'),
  );

function marksOf(event: RecordedEvent): readonly PriceMark[] {
  const at = event.time;
  switch (event.type) {
    case 'PositionOpened': {
      const { price, stopLoss, takeProfit } = event.data;
      return [
        { kind: 'open', at, price },
        ...(stopLoss === null ? [] : [{ kind: 'stop-loss' as const, at, price: stopLoss }]),
        ...(takeProfit === null ? [] : [{ kind: 'take-profit' as const, at, price: takeProfit }]),
      ];
    }
    case 'PositionReduced':
    case 'PositionClosed':
      return [{ kind: 'close', at, price: event.data.price }];
    default:
      return [];
  }
}
