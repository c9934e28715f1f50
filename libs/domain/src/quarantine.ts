import type { EventBody } from '@core/contracts/event';
import type { Uuid } from '@core/contracts/primitives';
import { refusal } from '@core/contracts/refusal';
import { unreachable } from '@core/kernel/unreachable';
import { nothing, record, refuse, type Decide, type Decision, type HandedIn } from './decision.ts';

/** Messages that were set aside, by id: those that wait for an operator, and those that one has put away. */
export type QuarantineCases = Record<string, 'waiting' | 'settled'>;

type Known = { readonly quarantine: QuarantineCases };

/** Put away for good, once. */
export const skipMessage: Decide<'SkipMessage', Known> = ({ quarantine }, { data }) => {
  const standing = quarantine[data.messageId];
  if (standing === undefined) return refuse('unknown-message');
  return standing === 'settled' ? nothing : record({ type: 'MessageSkipped', data });
};

/** Recorded after all, as it reads now. */
export const releaseMessage: Decide<'ReleaseMessage', Known> = ({ quarantine }, { commandid, data }, at) =>
  handedInAgain(quarantine[data.messageId], at.handedIn(commandid), () => ({ type: 'MessageReleased', data }));

/** Another is recorded in its place; it is kept. */
export const replaceMessage: Decide<'ReplaceMessage', Known> = ({ quarantine }, { commandid, data }, at) => {
  const { body: _body, ...decision } = data;
  return handedInAgain(quarantine[data.messageId], at.handedIn(commandid), (eventIds) => ({
    type: 'MessageReplaced',
    data: { ...decision, eventIds: [...eventIds] },
  }));
};

function handedInAgain(
  standing: QuarantineCases[string] | undefined,
  handedIn: HandedIn | null,
  settle: (eventIds: readonly Uuid[]) => EventBody,
): Decision {
  if (standing === undefined || handedIn === null) return refuse('unknown-message');
  if (standing === 'settled') return nothing;
  return handedIn.ok ? record(settle(handedIn.eventIds)) : refuse(refusal('message-unreadable', handedIn.why));
}

type QuarantineEvent = EventBody<'MessageQuarantined' | 'MessageReleased' | 'MessageReplaced' | 'MessageSkipped'>;

export function evolveQuarantine(quarantine: QuarantineCases, { type, data }: QuarantineEvent): void {
  switch (type) {
    case 'MessageQuarantined':
      quarantine[data.messageId] = 'waiting';
      return;
    case 'MessageReleased':
    case 'MessageReplaced':
    case 'MessageSkipped':
      quarantine[data.messageId] = 'settled';
      return;
    default:
      unreachable(type);
  }
}
