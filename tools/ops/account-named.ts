import type { AccountId } from '@core/contracts/primitives';
import { accountMeant } from '@core/operations/account-meant';
import type { OperatedSystem } from './system.ts';

/** The account that an operator means; throws where there is none, or several. */
export const accountNamed = async (system: OperatedSystem, text: string): Promise<AccountId> =>
  accountMeant(await system.registry(), text);
