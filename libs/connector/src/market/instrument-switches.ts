import type { Instrument, RequestId } from '@core/contracts/primitives';
import type { Fact } from '@core/execution/fact';
import { BoundedMap } from '@core/kernel/bounded-map';
import { open, standing } from '@core/projections/broker-book/requests';
import type { BookRequest, BrokerBook } from '@core/projections/broker-book/state';
import { steadyClock, type Clock } from '../pacing/clock.ts';

/** A broker says that an instrument is off only to whoever wants to trade it: after so long it may be on again. */
const BELIEVED_MS = 600_000;
const ASKED_KEPT = 1_000;

/** Which instruments of a venue are switched off, by what its broker last made of a request in them. */
export class InstrumentSwitches {
  private readonly asked = new BoundedMap<RequestId, Instrument>(ASKED_KEPT);
  private readonly offSince = new Map<Instrument, number>();

  constructor(private readonly clock: Pick<Clock, 'now'> = steadyClock) {}

  /** A request is on its way. */
  asks({ requestId, ask }: Pick<BookRequest, 'requestId' | 'ask'>, book: BrokerBook): void {
    const instrument = instrumentOf(ask, book);
    if (instrument !== undefined) this.asked.set(requestId, instrument);
  }

  told(facts: readonly Fact[]): void {
    for (const { type, data } of facts) {
      if (type !== 'RequestAccepted' && type !== 'RequestRejected') continue;
      const instrument = this.asked.get(data.requestId);
      if (instrument === undefined) continue;
      if (type === 'RequestAccepted') this.offSince.delete(instrument);
      else if (data.reason === 'instrument-disabled') this.offSince.set(instrument, this.clock.now());
    }
  }

  isOff(instrument: Instrument): boolean {
    const sinceMs = this.offSince.get(instrument);
    return sinceMs !== undefined && this.clock.now() - sinceMs < BELIEVED_MS;
  }
}

function instrumentOf(ask: BookRequest['ask'], book: BrokerBook): Instrument | undefined {
  switch (ask.type) {
    case 'OrderRequested':
      return ask.data.instrument;
    case 'CloseRequested':
      return open(book, ask.data.positionId)?.instrument;
    case 'CancellationRequested':
      return standing(book, ask.data.orderId)?.instrument;
    case 'AmendmentRequested': {
      const { terms } = ask.data;
      return (terms.target === 'order' ? standing(book, terms.orderId) : open(book, terms.positionId))?.instrument;
    }
  }
}
