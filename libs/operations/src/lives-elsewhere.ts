import { elsewhere } from '@core/registry/cell-registry';
import type { Registry } from '@core/registry/registry';

/** A login, an account’s id or its login at a broker, for whoever asks the wrong cell about it: which one to ask, or null. */
export async function livesElsewhere(registry: Pick<Registry, 'cells'>, text: string): Promise<string | null> {
  const trader = await registry.cells.traderAnywhere(text);
  const home = trader && (await registry.cells.homeOf(trader.id));
  return home === null || home === registry.cells.cell || home === '' ? null : elsewhere(text, home);
}
