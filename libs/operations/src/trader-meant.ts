import type { Trader } from '@core/registry/entities';
import type { Registry } from '@core/registry/registry';
import { AskedWrongly } from './asked-wrongly.ts';

/** The trader of a login. Throws `AskedWrongly`. */
export async function traderMeant(registry: Pick<Registry, 'traders'>, login: string): Promise<Trader> {
  const trader = (await registry.traders()).find((each) => each.login === login);
  if (!trader) throw new AskedWrongly(`there is no trader ${login}`);
  return trader;
}
