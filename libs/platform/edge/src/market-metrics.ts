import type { MarketView } from '@core/bus/market-view';
import { PriceState } from '@core/contracts/market/quote';
import { Gauge, type Registry } from 'prom-client';

/** How the last prices stand that an edge shows. */
export function gaugePrices(registry: Registry, market: MarketView): void {
  new Gauge({
    ...{ name: 'market_prices', help: 'Last prices that are shown, by how they stand', labelNames: ['state'] },
    registers: [registry],
    collect() {
      for (const state of PriceState.options) this.set({ state }, market.count(state));
    },
  });
}
