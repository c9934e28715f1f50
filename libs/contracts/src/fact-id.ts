import { uuidV5 } from '@core/kernel/uuid';
import type { AccountId, OrderId, PositionId, Uuid } from './primitives.ts';

/**
 * The id of an observed fact: seeing or sending the same fact again gives the same id, so the log keeps it once.
 * `ordinal` counts the changes of this kind to this key, so that a value that goes and comes back stays three changes.
 */
export const factId = (account: AccountId, kind: string, brokerKey: string, ordinal: number, content: object): Uuid =>
  uuidV5(account, `fact|${kind}|${brokerKey}|${ordinal}|${JSON.stringify(content)}`);

/** Our id of a position that the broker knows by number; one that stands again after its end is another, by its life. */
export const positionIdOf = (account: AccountId, brokerPosition: string, life = 1): PositionId =>
  uuidV5(account, `position|${inLife(brokerPosition, life)}`);

/** Our id of an order that was not placed through us, or of one that stands again after its end. */
export const foreignOrderIdOf = (account: AccountId, brokerOrder: string, life = 1): OrderId =>
  uuidV5(account, `order|${inLife(brokerOrder, life)}`);

const inLife = (brokerKey: string, life: number): string => (life === 1 ? brokerKey : `${brokerKey}|${life}`);
