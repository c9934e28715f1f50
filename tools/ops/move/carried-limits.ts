import type { CommandBody } from '@core/contracts/command';
import { LimitKind } from '@core/contracts/limit';
import type { TraderId } from '@core/contracts/primitives';
import type { SetLimits } from '@core/domain/decision';

/** What has to be asked of the other ledger, so that a trader is limited there as here. */
export const carryLimits = (
  here: Pick<SetLimits, 'ofTraders'>,
  there: Pick<SetLimits, 'ofTraders'>,
  traderId: TraderId,
  decision: { readonly operator: string; readonly note: string },
): CommandBody<'SetLimit'>[] =>
  LimitKind.options.flatMap((limit) => {
    const [wanted, standing] = [here, there].map(({ ofTraders }) => ofTraders[traderId]?.[limit] ?? null);
    return wanted === standing || wanted === undefined
      ? []
      : [{ type: 'SetLimit' as const, data: { ...decision, traderId, limit, allowed: wanted } }];
  });
