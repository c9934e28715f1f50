import type { CommandBody } from '@core/contracts/command';
import { EVERY_EDGE } from '@core/contracts/primitives';
import type { AccountState } from '@core/projections/account';

type Trading = AccountState['trading'];

/** The brakes, of an account or of everyone, in the order in which they are offered. */
export const TRADING_SWITCHES = [
  'halt',
  'kill',
  'kill-and-close',
  'resume',
  'close-only',
  'close-only-off',
  'shadow',
  'shadow-off',
] as const;
export type TradingSwitch = (typeof TRADING_SWITCHES)[number];

/** What the ledger is asked for; `edge` is whose requests a shadow is of, null of all. */
export function switchCommand(
  chosen: TradingSwitch,
  decision: { readonly operator: string; readonly note: string },
  edge: CommandBody<'SetShadow'>['data']['edge'] = null,
): CommandBody {
  switch (chosen) {
    case 'halt':
      return { type: 'HaltTrading', data: decision };
    case 'kill':
      return { type: 'HaltTrading', data: { ...decision, clearing: 'orders' } };
    case 'kill-and-close':
      return { type: 'HaltTrading', data: { ...decision, clearing: 'orders-and-positions' } };
    case 'resume':
      return { type: 'ResumeTrading', data: decision };
    case 'close-only':
    case 'close-only-off':
      return { type: 'SetCloseOnly', data: { ...decision, closeOnly: chosen === 'close-only' } };
    case 'shadow':
    case 'shadow-off':
      return { type: 'SetShadow', data: { ...decision, edge, shadow: chosen === 'shadow' } };
  }
}

/** A brake that holds for an account, and whose decision it was. */
export interface TradingBrake {
  readonly what: string;
  readonly decision: NonNullable<Trading['closeOnly']>;
}

/** What holds for an account: its own brakes, and those of everyone. */
export const brakesOf = (own: Trading, everyone: Trading): readonly TradingBrake[] => [
  ...brake('halted', own.halted),
  ...brake('halted for everyone', everyone.halted),
  ...brake('close-only', own.closeOnly),
  ...inShadow('', own.shadow),
  ...brake('close-only for everyone', everyone.closeOnly),
  ...inShadow(' for everyone', everyone.shadow),
];

function brake(what: string, decision: Trading['closeOnly']): readonly TradingBrake[] {
  if (decision === null) return [];
  const { operator, note, since } = decision;
  return [{ what, decision: { operator, note, since } }];
}

const inShadow = (whose: string, decisions: Trading['shadow']): readonly TradingBrake[] =>
  Object.entries(decisions).flatMap(([edge, decision]) =>
    brake(`in shadow${edge === EVERY_EDGE ? '' : ` by ${edge}`}${whose}`, decision),
  );
