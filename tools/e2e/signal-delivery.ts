import type { Endpoints } from '../start/endpoints.ts';

/** A signal to open, of a strategy that nobody has heard of before; its id names position and strategy. */
export const openingSignal = (id: string, sentMs: number): object => ({
  ...{ timestamp: sentMs, type: 'SIGNAL_OPEN' },
  integration: {
    ...{ name: 'load', description: 'load', imageUrl: 'https://x.test/a.png' },
    webhook: { url: 'https://x.test', headers: { 'x-token': 'x' } },
  },
  data: {
    ...{ direction: 'BUY', ticker: 'XAUUSD', quantity: 1, proquantPositionId: id },
    strategy: { id, name: 'Load' },
  },
});

/** Delivers it as ProQuant does; whether it was taken. */
export async function deliverSignal({ url, header, token }: Endpoints['proquant'], event: object): Promise<boolean> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { [header]: token, 'content-type': 'application/json' },
    body: JSON.stringify({ v1: { deprecation: null, event } }),
  });
  await answer.arrayBuffer();
  return answer.status === 200;
}
