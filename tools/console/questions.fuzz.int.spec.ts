import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { readFlatJson } from '@core/kernel/foreign-json';
import { newId } from '@core/service/clock';
import { fuzz } from '@core/testing/fuzz';
import { ConsoleHarness } from './console-harness.fixture.ts';

/** Each address that reads or decides, with every field it takes. */
const FIELDS = {
  ...{ at: '3', from: '1', to: '4', before: '9', after: '1', limit: '5', types: 'OrderFilled', noise: 'on' },
  ...{ account: SYSTEM_ACCOUNT, instrument: 'EURUSD', producer: 'spec', text: 'x', since: '2026-01-05T10:00:00Z' },
  ...{ until: '2027-01-05T10:00:00Z', format: 'csv', venue: 'demo', period: 'M1' },
  ...{ fold: 'account', version: '1', against: '1' },
};
const ADDRESSES = [
  ...['accounts', `accounts/${SYSTEM_ACCOUNT}`, `accounts/${SYSTEM_ACCOUNT}/history`, 'log', 'log/types', 'log/3'],
  ...[`accounts/${SYSTEM_ACCOUNT}/changes`, 'log/export', 'market/snapshot', 'market/instrument', 'market/candles'],
  ...[
    'simulator/standing',
    'simulator/traffic',
    'projections',
    'projections/step',
    'projections/ws-session/ws-session/difference',
  ],
  ...['find', 'things/abcd', 'workbench', 'commands/resolve', 'commands/trading', 'commands/quarantine', 'overview'],
];
const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? '1'));

it('whoever is logged in and means harm hears what was wrong, and neither Postgres nor anything of ours fails of it', async () => {
  const harness = await ConsoleHarness.open();
  const { cookie } = await harness.visitor();
  const decision = { account: SYSTEM_ACCOUNT, switch: 'resume', note: 'spec', requestId: newId(), kind: 'order' };
  const ask = async (input: Uint8Array): Promise<void> => {
    const text = Buffer.from(input).toString();
    const { address, fields } = Object(readFlatJson(text) ?? { address: text }) as Record<string, unknown>;
    const path = encodeURI(textOf(address).toWellFormed()).slice(0, 2_000);
    const named = Object.entries(Object(fields)).map(([name, value]): [string, string] => [name, textOf(value)]);
    const query = new URLSearchParams(named).toString().slice(0, 6_000);
    const posted = path.startsWith('commands');
    const response = await harness.ask(`/api/${path}${posted ? '' : `?${query}`}`, {
      headers: { cookie, 'content-type': 'application/json' },
      ...(posted && { method: 'POST', body: JSON.stringify(fields) ?? '' }),
    });
    const said = await response.text();
    // What nobody speaks for is told as that: behind this console is no market, and a ledger that may not answer.
    const isAway = response.status === 504 || (response.status === 503 && !said.includes('Postgres'));
    if (response.status >= 500 && !isAway) throw new Error(`${response.status} ${said}`);
  };
  try {
    await fuzz({
      name: 'questions to the console',
      share: 0.2,
      examples: ADDRESSES.map((address) =>
        JSON.stringify({
          address,
          fields: address.startsWith('commands') ? { ...decision, executed: true, evidence: 'x' } : FIELDS,
        }),
      ),
      take: ask,
      others: async () => expect(await harness.read('/api/session', { cookie })).toMatchObject({ name: 'grace' }),
    });
  } finally {
    await harness.close();
  }
});
