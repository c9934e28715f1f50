import { fuzz } from '@core/testing/fuzz';
import { decodeDelivery } from './event.ts';
import { exampleDelivery } from './example.ts';

const good = JSON.stringify(exampleDelivery());
const decode = (input: Uint8Array) => decodeDelivery(Buffer.from(input).toString());

it('a delivery is an event, or told to be none', () =>
  fuzz({
    name: 'proquant delivery',
    examples: [
      good,
      JSON.stringify(exampleDelivery({ type: 'STRATEGY_ENABLED', data: { id: 's1', name: 'Gold' } })),
      JSON.stringify(exampleDelivery({ type: 'INTEGRATION_APPROVED', data: null })),
    ],
    take: (input) => {
      const delivery = decode(input);
      if (delivery.ok) JSON.stringify(delivery.value);
      else expect(['malformed', 'version-missing']).toContain(delivery.error.why);
    },
    others: () => expect(decode(Buffer.from(good))).toMatchObject({ ok: true }),
  }));
