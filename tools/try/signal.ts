import type { Endpoints } from '../start/endpoints.ts';

/** The body that ProQuant delivers when a strategy buys: ten ounces of gold, a tenth of a lot. */
export function signalOf({ proquant }: Endpoints, nowMs: number): string {
  const event = {
    timestamp: nowMs,
    type: 'SIGNAL_OPEN',
    integration: {
      ...{ name: 'ada@example.com', description: 'demo', imageUrl: 'https://example.com/logo.png' },
      webhook: { url: proquant.url, headers: {} },
    },
    data: {
      ...{ direction: 'BUY', ticker: 'XAUUSD', quantity: 10 },
      strategy: { id: `demo-${nowMs}`, name: 'Gold demo' },
      proquantPositionId: `demo-${nowMs}`,
    },
  };
  return JSON.stringify({ v1: { deprecation: null, event } });
}
