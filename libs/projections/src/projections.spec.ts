// What holds for every fold, whatever it answers.
import type { RecordedEvent } from '@core/contracts/event';
import { anEvent, exampleTypes, recorded } from '@core/contracts/examples.fixture';
import { fold, type Projection } from '@core/kernel/projection';
import fc from 'fast-check';
import { accountState } from './account.ts';
import { brokerBook } from './broker-book/fold.ts';
import { anyHistory } from './histories.fixture.ts';
import { accountOrders } from './orders.ts';
import { accountPositions } from './positions.ts';
import { openRequests } from './requests.ts';
import { accountStrategies } from './strategies.ts';

const all: readonly Projection<unknown, RecordedEvent>[] = [
  accountState,
  accountOrders,
  accountPositions,
  openRequests,
  accountStrategies,
  brokerBook,
];

/** What a fold must not do to the events that others fold too: in strict mode a write to them throws. */
function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

describe.each(all.map((projection) => ({ name: projection.name, projection })))('$name', ({ projection }) => {
  it('folds any legal history, and goes on from its own JSON as if nothing had been', () => {
    fc.assert(
      fc.property(anyHistory(), fc.nat({ max: 100 }), (history, cut) => {
        const events = frozen(recorded(history.map((event) => ({ ...event, subject: history[0]?.subject ?? '' }))));
        const whole = fold(projection, events);
        const saved: unknown = JSON.parse(JSON.stringify(fold(projection, events.slice(0, cut))));
        expect(fold(projection, events.slice(cut), saved)).toEqual(whole);
        expect(JSON.parse(JSON.stringify(whole))).toEqual(whole);
      }),
    );
  });

  const writtenByTheLedgerOnly = /Dispatched$/;
  it.each(exampleTypes.filter((type) => !writtenByTheLedgerOnly.test(type)))('takes a lone %s', (type) => {
    const events = frozen(recorded([anEvent(type)]));
    expect(() => fold(projection, events)).not.toThrow();
  });

  it('has initial states that do not know each other', () => {
    const before = JSON.stringify(projection.initial());
    fold(
      projection,
      recorded(exampleTypes.filter((type) => !writtenByTheLedgerOnly.test(type)).map((t) => anEvent(t))),
    );
    expect(JSON.stringify(projection.initial())).toBe(before);
  });
});

describe('projections', () => {
  it('have names of their own', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });
});
