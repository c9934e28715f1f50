import type { CommandBody } from '@core/contracts/command';
import type { Uuid } from '@core/contracts/primitives';
import type { OperatorActs } from '@core/registry/operator-act';

/**
 * Tells the ledger everything that operators did and the log does not have, once each however often it is told. `tell`
 * resolves to where the log has it. Resolves to where it has the last; null where there was nothing to tell.
 */
export async function tellActs(
  acts: OperatorActs,
  tell: (wish: CommandBody<'RecordAct'>, id: Uuid) => Promise<number>,
): Promise<number | null> {
  let position: number | null = null;
  for (const act of await acts.untold()) {
    position = await tell({ type: 'RecordAct', data: act }, act.actId);
    await acts.told(act.actId);
  }
  return position;
}
