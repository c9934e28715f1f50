import type { Trader } from '@core/registry/entities';
import type { Registry } from '@core/registry/registry';
import { AskedWrongly } from './asked-wrongly.ts';
import { livesElsewhere } from './lives-elsewhere.ts';

/** The trader of a login. Throws `AskedWrongly`. */
export async function traderMeant(registry: Pick<Registry, 'traders' | 'cells'>, login: string): Promise<Trader> {
  const trader = (await registry.traders()).find((each) => each.login === login);
  if (!trader) throw new AskedWrongly((await livesElsewhere(registry, login)) ?? `there is no trader ${login}`);
  return trader;
}
