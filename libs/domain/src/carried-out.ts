import type { CommandBody } from '@core/contracts/command';
import type { RecordedEvent } from '@core/contracts/event';
import type { RequestId } from '@core/contracts/primitives';
import { strategyOfKey } from '@core/contracts/strategy-key';
import type { OpenSignal, Strategies } from './strategy.ts';

/**
 * What a fact ends: the signal whose last request it is what became of, and that wants nothing else of the broker, by
 * strategies as they stand with it. Null also where it takes more than one fact to say so: who follows the signal says.
 */
export function carriedOutBy({ byKey }: Strategies, event: RecordedEvent): CommandBody<'SettleSignal'> | null {
  const done = requestOf(event);
  if (done === null) return null;
  for (const [key, { signals }] of Object.entries(byKey)) {
    const signal = signals.find(({ requestIds }) => requestIds.at(-1) === done);
    if (signal)
      return wantsNoMore(signal, event.type)
        ? {
            type: 'SettleSignal',
            data: { signalId: signal.signalId, ...strategyOfKey(key), outcome: { result: 'executed' } },
          }
        : null;
  }
  return null;
}

function requestOf({ type, data }: RecordedEvent): RequestId | null {
  if (type === 'PositionOpened') return data.orderId;
  return type === 'PositionClosed' ? data.requestId : null;
}

const wantsNoMore = ({ kind, requestIds }: OpenSignal, fact: RecordedEvent['type']): boolean =>
  kind === 'close' ? requestIds.length === 1 : fact === 'PositionOpened';
