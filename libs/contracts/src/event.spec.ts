import { eventTypes, parseEvent } from './event.ts';
import { anEvent, exampleTypes } from './examples.fixture.ts';

describe('events', () => {
  it('have an example each, and no example without a type', () => {
    expect(exampleTypes.toSorted()).toEqual(eventTypes.map((each) => each.shape.type.value).toSorted());
  });

  it.each(exampleTypes)('%s reads back what it wrote', (type) => {
    const event = anEvent(type);
    expect(parseEvent(JSON.parse(JSON.stringify(event)))).toEqual({ ok: true, value: event });
  });

  it.each(exampleTypes)('%s refuses a field nobody documented', (type) => {
    const event = anEvent(type);
    expect(parseEvent({ ...event, data: { ...event.data, surprise: 1 } }).ok).toBe(false);
  });

  it('refuses a float, a second spelling and a negative price', () => {
    const event = anEvent('OrderFilled');
    for (const price of [1.1, '1.10', '-1.1', '0', 'NaN', '1e3']) {
      expect(parseEvent({ ...event, data: { ...event.data, price } }).ok).toBe(false);
    }
  });

  it('says which type it does not know', () => {
    expect(parseEvent({ type: 'OrderEaten' })).toEqual({ ok: false, error: 'unknown event type OrderEaten' });
    expect(parseEvent('nonsense').ok).toBe(false);
  });
});
