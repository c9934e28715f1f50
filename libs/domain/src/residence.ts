import type { CommandBody, CommandType } from '@core/contracts/command';
import type { EventBody } from '@core/contracts/event';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import { refusal } from '@core/contracts/refusal';
import { unreachable } from '@core/kernel/unreachable';
import { nothing, record, refuse, type Circumstances, type Decide } from './decision.ts';
import type { Requests } from './request.ts';
import type { Strategies } from './strategy.ts';

/** Whether an account is at home in this log, on its way out of it, or gone; and by which move, be it over. */
export interface Residence {
  phase: 'home' | 'leaving' | 'away';
  moveId: Uuid | null;
  /** The cell that it leaves, and the one that it goes to. */
  from: string;
  to: string;
}

/** The system account's only: whose past is expected here, by which move. */
export type Arrivals = Record<AccountId, Uuid>;

export const atHome = (): Residence => ({ phase: 'home', moveId: null, from: '', to: '' });

/** What brings to its end what was asked before, and the move itself. */
const LEAVING: ReadonlySet<CommandType> = new Set<CommandType>([
  ...(['DispatchRequest', 'CheckDispatch', 'ContinueSignal', 'SettleSignal', 'ResolveRequest'] as const),
  ...(['RecordRefusal', 'BeginMove', 'DepartAccount', 'TakeBackMove'] as const),
]);
const AWAY: ReadonlySet<CommandType> = new Set<CommandType>(['DepartAccount', 'TakeBackMove']);
const EXPECTED: ReadonlySet<CommandType> = new Set<CommandType>(['ImportEvents', 'ArriveAccount']);

/** Whether anything else may be recorded of an account: of one that is not here nothing is, be it our own no. */
export const isRecordedHere = ({ phase }: Residence, expectedBy: Uuid | null): boolean =>
  phase !== 'away' && expectedBy === null;

/** Whether a command may be decided on while its account moves. */
export function mayBeAsked(command: CommandBody, { phase }: Residence, expectedBy: Uuid | null): boolean {
  if (expectedBy !== null) return EXPECTED.has(command.type);
  if (phase === 'home') return true;
  return phase === 'leaving' ? LEAVING.has(command.type) || isBrake(command) : AWAY.has(command.type);
}

/** What makes an account safer goes with it: it is an event of the account, as its orders are. */
const isBrake = ({ type, data }: CommandBody): boolean =>
  type === 'HaltTrading' || (type === 'SetCloseOnly' && data.closeOnly);

/** Whether all that was asked of the account has come to its end: nothing of it is under way, here or at its broker. */
export const isAtRest = (requests: Requests, { byKey }: Strategies): boolean =>
  Object.keys(requests.open).length === 0 &&
  Object.values(byKey).every(({ signals }) =>
    signals.every(({ halfDone, isUnknown }) => halfDone !== null || isUnknown),
  );

type Known = { readonly residence: Residence };
type Moving = Pick<Circumstances, 'expectedBy'>;

export const beginMove: Decide<'BeginMove', Known> = ({ residence: { phase, moveId } }, { data }) => {
  if (phase === 'home')
    return moveId === data.moveId ? refuse('unknown-move') : record({ type: 'AccountMoveBegun', data });
  return moveId === data.moveId ? nothing : refuse('account-moving');
};

export const departAccount: Decide<
  'DepartAccount',
  Known & { readonly requests: Requests; readonly strategies: Strategies }
> = ({ residence: { phase, moveId, to }, requests, strategies }, { data }) => {
  if (phase === 'home' || moveId !== data.moveId) return refuse('unknown-move');
  if (phase === 'away') return nothing;
  return isAtRest(requests, strategies)
    ? record({ type: 'AccountDeparted', data: { moveId, to } })
    : refuse('request-in-flight');
};

export const takeBackMove: Decide<'TakeBackMove', Known> = ({ residence: { phase, moveId } }, { data }) => {
  if (moveId !== data.moveId) return refuse('unknown-move');
  return phase === 'home' ? nothing : record({ type: 'AccountMoveTakenBack', data });
};

/** Under the system account; a later move takes the place of one that came to nothing. Already so: nothing. */
export const expectArrival: Decide<'ExpectArrival', { readonly arrivals: Arrivals }> = ({ arrivals }, { data }) =>
  (arrivals[data.accountId] === data.moveId) === data.expected ? nothing : record({ type: 'ArrivalExpected', data });

/** What is recorded are the events themselves. */
export const importEvents: Decide<'ImportEvents', unknown> = (_state, { commandid, subject, data }, at) => {
  if (at.expectedBy !== data.moveId) return refuse('unknown-move');
  const why = at.whyUnfit(commandid, subject);
  return why === null ? nothing : refuse(refusal('import-unfit', why));
};

export const arriveAccount: Decide<'ArriveAccount', Known> = (
  { residence: { phase, moveId, from } },
  { data },
  { expectedBy }: Moving,
) => {
  if (phase === 'home' && moveId === data.moveId) return nothing;
  if (phase !== 'away' || moveId !== data.moveId || expectedBy !== moveId) return refuse('unknown-move');
  return record({ type: 'AccountArrived', data: { moveId, from } });
};

export function evolveResidence(
  residence: Residence,
  event: EventBody<'AccountMoveBegun' | 'AccountDeparted' | 'AccountArrived' | 'AccountMoveTakenBack'>,
): void {
  switch (event.type) {
    case 'AccountMoveBegun': {
      const { moveId, from, to } = event.data;
      Object.assign(residence, { phase: 'leaving', moveId, from, to } satisfies Residence);
      return;
    }
    case 'AccountDeparted':
      residence.phase = 'away';
      return;
    case 'AccountArrived':
    case 'AccountMoveTakenBack':
      residence.phase = 'home';
      return;
    default:
      unreachable(event);
  }
}

export function evolveArrivals(arrivals: Arrivals, { data }: EventBody<'ArrivalExpected'>): void {
  if (data.expected) arrivals[data.accountId] = data.moveId;
  else delete arrivals[data.accountId];
}
