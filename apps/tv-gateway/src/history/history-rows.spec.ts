import type { Event } from '@core/contracts/event';
import { RequestKind } from '@core/contracts/events/request';
import { anEvent, exampleTypes, recorded } from '@core/contracts/examples.fixture';
import { tradingSession } from '@core/views/tradingview/session';
import fc from 'fast-check';
import { mayAddRows, rowsOf } from './history-rows.ts';

describe('rows of the history', () => {
  const anyEvent = fc
    .tuple(fc.constantFrom(...exampleTypes), fc.constantFrom(...RequestKind.options), fc.boolean())
    .map(([type, kind, flag]): Event => {
      const event: Event = anEvent(type);
      const { data } = event;
      const about = 'requestId' in data && 'kind' in data ? { kind } : {};
      const asked =
        'requestId' in about || kind === 'order' ? {} : { requestId: anEvent('CloseRequested').data.requestId };
      const told = 'executed' in data ? { executed: flag } : {};
      const bare = 'stopLoss' in data && flag ? { stopLoss: null } : {};
      const changed = { ...data, ...bare, ...told, ...('kind' in about ? { ...about, ...asked } : {}) };
      return { ...event, data: changed } as Event;
    });

  it('come only from events that are expected to add some', () => {
    let added = 0;
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
        const book = tradingSession.initial();
        const opened = anEvent('PositionOpened');
        for (const event of recorded([opened, ...events])) {
          tradingSession.evolve(book, event);
          const { orders, executions } = rowsOf(event, book);
          if (orders.length + executions.length === 0) continue;
          added += 1;
          expect([event.type, mayAddRows(event)]).toEqual([event.type, true]);
        }
      }),
      { numRuns: 500 },
    );
    expect(added).toBeGreaterThan(500);
  });
});
