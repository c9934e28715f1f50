import { eventTypes, type EventType } from '@core/contracts/event';
import { BadInput } from './bad-input.ts';

const eventTypeNames: readonly EventType[] = eventTypes.map(({ shape }) => shape.type.value);

export function eventTypeNamed(name: string): EventType {
  const type = eventTypeNames.find((each) => each === name);
  if (!type) throw new BadInput(`there is no event ${name}: say one of ${eventTypeNames.join(', ')}`);
  return type;
}
